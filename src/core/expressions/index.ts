export { compileExpressions, ExpressionError, type Expressions } from "./compile.js";
export { FactLog, View, type Surroundings } from "./fact-log.js";
