export { AnnouncementsModule } from "./announcements.module.js";
export { StreamModule } from "./stream.module.js";
export { Announcer } from "./announcer.js";
