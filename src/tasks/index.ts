export { PathwayPin, TaskAnswer } from "./task.schemas.js";
export { ReassignmentEntity } from "./reassignment.entity.js";
export { contextOf, taskAnswer } from "./task-view.js";
export { TasksModule } from "./tasks.module.js";
