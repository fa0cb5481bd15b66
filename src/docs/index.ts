export { DocsModule } from "./docs.module.js";
export { setUpDocs } from "./set-up.js";
