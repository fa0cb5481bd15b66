export { PathwayPin, TaskAnswer } from "./task.schemas.js";
export { taskAnswer, type TaskContext } from "./task-view.js";
