import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import { actorAt, opens, type Permission, type Person } from "../people/index.js";
import type { Actor } from "../engine/index.js";
import { ProblemError } from "../http/index.js";

/** Roles are held per site: whoever asks about an enrolment is judged at its site, before anything else is done. */
@Injectable()
export class EnrolmentSites {
  constructor(private readonly dataSource: DataSource) {}

  /** The person as an actor at the enrolment's site; 404 for an id that nobody has, 403 without a fitting role. */
  async actorFor(person: Person, enrolmentId: string, permission: Permission): Promise<Actor> {
    return (await this.placeOf(person, enrolmentId, permission)).actor;
  }

  /** The same with the site. */
  async placeOf(person: Person, enrolmentId: string, permission: Permission): Promise<{ actor: Actor; site: string }> {
    const rows = await this.dataSource.query<{ site_id: string }[]>(`select site_id from enrolment where id = $1`, [
      enrolmentId,
    ]);
    if (!rows[0]) throw new ProblemError({ name: "not-found", detail: "There is no such enrolment." });
    const site = rows[0].site_id;
    return { actor: this.actorAt(person, site, permission), site };
  }

  actorAt(person: Person, site: string, permission: Permission): Actor {
    const actor = actorAt(person, site);
    if (opens(actor.roles, permission)) return actor;
    throw new ProblemError({ name: "forbidden", detail: "None of your roles at this site permits this." });
  }
}
