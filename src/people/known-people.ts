import { Injectable } from "@nestjs/common";
import type { Role } from "../core/index.js";
import type { People } from "../engine/index.js";
import { rolesAt } from "./person.js";
import { Sessions } from "./sessions.js";

/** The engine's view of people: who a performer is, and what the roles there are. */
@Injectable()
export class KnownPeople implements People {
  constructor(private readonly sessions: Sessions) {}

  async rolesOf(id: string, site: string): Promise<readonly Role[] | undefined> {
    const person = this.sessions.person(id);
    const roles = person ? rolesAt(person, site) : [];
    return roles.length ? roles : undefined;
  }
}
