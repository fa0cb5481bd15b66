import { Injectable } from "@nestjs/common";
import type { Performer } from "../engine/index.js";
import { rolesAt } from "./person.js";
import { Sessions } from "./sessions.js";

/** The people whom a request may name. */
@Injectable()
export class KnownPeople {
  constructor(private readonly sessions: Sessions) {}

  /** Somebody as known at a site; without roles where nobody there knows the id. */
  performerAt(id: string, site: string): Performer {
    const person = this.sessions.person(id);
    const roles = person ? rolesAt(person, site) : [];
    return roles.length > 0 ? { person: id, roles } : { person: id };
  }
}
