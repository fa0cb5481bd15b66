import type { Pathway, Role } from "../core/index.js";

/** The published versions, ready to run. */
export interface Pathways {
  /** The highest version published under an id. */
  newest(id: string): Promise<{ version: string } | undefined>;
  pathway(id: string, version: string): Promise<Pathway | undefined>;
}
export const PATHWAYS = Symbol("Pathways");

/** Who is known at a site. */
export interface People {
  /** The roles that a person holds there; undefined where nobody knows the person. */
  rolesOf(person: string, site: string): Promise<readonly Role[] | undefined>;
}
export const PEOPLE = Symbol("People");
