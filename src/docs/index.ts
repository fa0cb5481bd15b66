export { DocsModule } from "./docs.module.js";
export { setUpDocs } from "./openapi.js";
