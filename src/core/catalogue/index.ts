export { parseCatalogue, type Catalogue, type ParsedCatalogue, type Plots, type Template } from "./catalogue.js";
export { checkCatalogue, missingIn } from "./check.js";
export { fillTemplate, MESSAGE_FIELDS, type MessageValues, type WordedMessage } from "./templates.js";
export { wordedBy, type Worded, type Words } from "./worded.js";
