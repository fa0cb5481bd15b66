export { CatalogueRegistry, type PublishedCatalogue } from "./catalogue-registry.js";
export { PathwayCatalogueEntity } from "./pathway-catalogue.entity.js";
export { PathwayRegistry, type Published } from "./pathway-registry.js";
export { PathwayVersionEntity } from "./pathway-version.entity.js";
export { PathwaysModule } from "./pathways.module.js";
export { PATHWAYS_FOLDER } from "./pathways-start.js";
