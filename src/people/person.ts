import type { Role } from "../core/index.js";
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

export function rolesAt(person: Person, site: string): Role[] {
  return person.grants.filter((grant) => grant.site === "*" || grant.site === site).map((grant) => grant.role);
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
