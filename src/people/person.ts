import type { PlainDate, Role } from "../core/index.js";
import type { Actor } from "../engine/index.js";

/** `site` is "*" for a role held at every site. */
export interface Grant {
  role: Role;
  site: string;
}

/** Somebody or something that may call. */
export interface Person {
  id: string;
  name: string;
  grants: readonly Grant[];
}

/** Both days included, as days of the site concerned. */
export interface Absence {
  from: PlainDate;
  to: PlainDate;
  /** Who does meanwhile what falls to the person. */
  deputy: string;
}

export type Channel = "email" | "webhook";

/** By which channels somebody is told what; none: not at all. */
export interface Told {
  reminders: Channel[];
  escalations: Channel[];
  notifications: Channel[];
}

/** A person with how to reach them. */
export interface StaffMember extends Person {
  /** In lower case. */
  email: string;
  phone: string | null;
  /** A BCP 47 tag. */
  language: string;
  absent: Absence | null;
  told: Told;
  /** Whether the morning's e-mail comes. */
  digest: boolean;
}

export const TOLD_BY_EMAIL: Told = { reminders: ["email"], escalations: ["email"], notifications: ["email"] };

export function rolesAt(person: Pick<Person, "grants">, site: string): Role[] {
  const held = person.grants.filter((grant) => grant.site === "*" || grant.site === site).map((grant) => grant.role);
  return [...new Set(held)];
}

export function rolesAnywhere(person: Person): Role[] {
  return [...new Set(person.grants.map((grant) => grant.role))];
}

/** The sites where the person holds one of the roles; null: every site. */
export function sitesWhere(person: Person, roles: readonly Role[]): string[] | null {
  const grants = person.grants.filter((grant) => roles.includes(grant.role));
  return grants.some((grant) => grant.site === "*") ? null : [...new Set(grants.map((grant) => grant.site))];
}

/** The person as the engine knows who asks at a site. */
export function actorAt(person: Person, site: string): Actor {
  return { person: person.id, roles: rolesAt(person, site) };
}

export function isAbsentOn(person: Pick<StaffMember, "absent">, day: PlainDate): boolean {
  return person.absent !== null && person.absent.from <= day && day <= person.absent.to;
}
