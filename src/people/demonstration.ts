import type { Role } from "../core/index.js";
import { type StaffMember, TOLD_BY_EMAIL } from "./person.js";

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

/** The people who are there where the demonstration sign-in is: each holds one role, at every site. */
export const DEMONSTRATION_PEOPLE: readonly StaffMember[] = DEMONSTRATION_USERS.map((id) => {
  const [name, role] = USERS[id];
  return {
    ...{ id, name, grants: [{ role, site: "*" }] },
    ...{ email: `${id}@example.org`, phone: null, language: "en", absent: null, told: TOLD_BY_EMAIL },
    digest: role !== "system",
  };
});
