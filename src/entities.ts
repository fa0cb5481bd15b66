import { ENGINE_ENTITIES } from "./engine/index.js";
import { PathwayVersionEntity } from "./pathways/index.js";
import { PersonEntity, SessionEntity } from "./people/index.js";
import { InstallationEntity } from "./platform/installation.entity.js";
import { SiteCalendarEntity, SiteEntity } from "./sites/index.js";

/** All tables: each room owns its own. Tables, columns and indexes come from here and from nowhere else. */
export const ENTITIES = [
  ...[InstallationEntity, SiteEntity, SiteCalendarEntity, PathwayVersionEntity, PersonEntity, SessionEntity],
  ...ENGINE_ENTITIES,
];
