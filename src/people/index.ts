export { Caller } from "./caller.decorator.js";
export { DEMONSTRATION_USERS } from "./demonstration.js";
export { KnownPeople } from "./known-people.js";
export { PeopleModule } from "./people.module.js";
export { opens, type Permission, permittedAt, ROLES_FOR } from "./permissions.js";
export { actorAt, type Person, rolesAt, sitesWhere } from "./person.js";
export { SESSION_COOKIE, Sessions } from "./sessions.js";
