export { BoardModule } from "./board.module.js";
export { OverdueModule } from "./overdue.module.js";
