import type { Role } from "../core/index.js";
import type { Actor } from "../engine/index.js";
import { type Access, ProblemError } from "../http/index.js";
import { actorAt, type Person } from "./person.js";

/** Roles that open each kind of access; `system` stands for machines that report events and read. */
export const ROLES_FOR: Record<Exclude<Access, "public" | "anyone">, readonly Role[]> = {
  readPatients: ["coordinator", "clinician", "lead", "system", "auditor"],
  writePatients: ["coordinator", "clinician", "lead", "system"],
  administer: ["admin"],
  audit: ["auditor"],
};

export type Permission = keyof typeof ROLES_FOR;

export function opens(roles: readonly Role[], permission: Permission): boolean {
  return ROLES_FOR[permission].some((role) => roles.includes(role));
}

/** The person as an actor at a site; 403 without a fitting role there. */
export function permittedAt(person: Person, site: string, permission: Permission): Actor {
  const actor = actorAt(person, site);
  if (opens(actor.roles, permission)) return actor;
  const detail = `You hold none of the roles that permit this at the site of this enrolment: ${ROLES_FOR[permission].join(", ")}.`;
  throw new ProblemError({ name: "forbidden", detail });
}
