export { MAIN_SITE, type Site } from "./site.js";
export { Sites } from "./sites.js";
export { SitesModule } from "./sites.module.js";
