import type { Role } from "../core/index.js";
import type { Person } from "./person.js";

const USERS = {
  coordinator: ["Demonstration coordinator", "coordinator"],
  clinician: ["Demonstration clinician", "clinician"],
  clinician2: ["Second demonstration clinician", "clinician"],
  lead: ["Demonstration lead", "lead"],
  auditor: ["Demonstration auditor", "auditor"],
  admin: ["Demonstration administrator", "admin"],
  system: ["Demonstration machine", "system"],
} as const satisfies Record<string, readonly [string, Role]>;

export const DEMONSTRATION_USERS = Object.keys(USERS) as (keyof typeof USERS)[];

/** The people of the demonstration sign-in: each holds one role, at every site. */
export const DEMONSTRATION_PEOPLE: readonly Person[] = DEMONSTRATION_USERS.map((id) => {
  const [name, role] = USERS[id];
  return { id, name, grants: [{ role, site: "*" }] };
});
