export { doubledKeys, readJson } from "./json.js";
export { textFaults } from "./text-faults.js";
export { readUtf8 } from "./utf8.js";
