export {
  startEmbeddedPostgres,
  runningEmbeddedUrl,
  type EmbeddedPostgres,
  type EmbeddedOptions,
} from "./embedded-postgres.js";
export { stagingDirectory } from "./places.js";
export { obstacle } from "./ports.js";
