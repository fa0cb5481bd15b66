import { Injectable } from "@nestjs/common";
import type { Performer } from "../engine/index.js";
import { People } from "./people.js";
import { rolesAt } from "./person.js";

/** The people whom a request may name. */
@Injectable()
export class KnownPeople {
  constructor(private readonly people: People) {}

  /** Somebody as known at a site; without roles where nobody there knows the id. */
  async performerAt(id: string, site: string): Promise<Performer> {
    const person = await this.people.find(id);
    const roles = person ? rolesAt(person, site) : [];
    return roles.length > 0 ? { person: id, roles } : { person: id };
  }
}
