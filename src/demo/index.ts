export { describeLoaded, type Loaded, loadDemonstration, refuseDemonstration } from "./load.js";
