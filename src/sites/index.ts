export { type OnCall, onCallAt, type Shift } from "./on-call.js";
export { MAIN_SITE, type Site } from "./site.js";
export { SiteEntity } from "./site.entity.js";
export { SiteCalendarEntity } from "./site-calendar.entity.js";
export { Sites } from "./sites.js";
export { SitesModule } from "./sites.module.js";
