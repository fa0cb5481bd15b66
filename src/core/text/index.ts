export { doubledKeys, jsonFaults, readJson } from "./json.js";
export { textFaults } from "./text-faults.js";
export { cleanName, visible } from "./visible.js";
export { readUtf8 } from "./utf8.js";
