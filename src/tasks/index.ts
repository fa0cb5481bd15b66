export { PathwayPin, TaskAnswer } from "./task.schemas.js";
export { taskAnswer, type TaskContext } from "./task-view.js";
export { TasksModule } from "./tasks.module.js";
