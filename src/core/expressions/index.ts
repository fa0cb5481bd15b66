export { compileExpressions, ExpressionError, type Expressions } from "./compile.js";
export { FactLog, View, type FactLogOptions, type ViewEvent } from "./fact-log.js";
