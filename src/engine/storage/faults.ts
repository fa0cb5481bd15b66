export { isLostRace } from "../../platform/database-faults.js";
