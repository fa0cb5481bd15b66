import { Injectable } from "@nestjs/common";
import { type Person, ROLES_FOR, sitesWhere } from "../people/index.js";
import type { Statement } from "../platform/statement.js";
import { Reads } from "../reads/index.js";

/** A patient as others are told: nothing personal, and where to read on. */
export interface Named {
  id: string;
  /** Those of the person that the asker may read, the newest first. */
  enrolments: string[];
}

const ENROLMENTS: Statement = {
  name: "pathkeeper-enrolments-of-patients",
  text: `
    select p.id, json_agg(e.id order by e.enrolled_at desc, e.id) as enrolments
    from patient p join enrolment e on e.person_id = p.person_id
    where p.id = any ($1::uuid[]) and ($2::text[] is null or e.site_id = any ($2))
    group by p.id order by p.id`,
};

const READABLE: Statement = {
  name: "pathkeeper-readable-enrolments",
  text: `
    select id from enrolment
    where id = any ($1::uuid[]) and ($2::text[] is null or site_id = any ($2)) order by enrolled_at desc, id`,
};

/** Says whose something is, to those who may read it. */
@Injectable()
export class Whose {
  constructor(private readonly reads: Reads) {}

  /** Without patients of whom the person may read nothing. */
  enrolments(person: Person, patientIds: readonly string[]): Promise<Named[]> {
    const sites = sitesWhere(person, ROLES_FOR.readPatients);
    return this.reads.answer(
      person,
      "patient",
      (sql) => sql.rows<Named>(ENROLMENTS, [patientIds, sites]),
      (named) => named.flatMap(({ enrolments }) => enrolments),
    );
  }

  /** Those of the enrolments that the person may read. */
  async readable(person: Person, enrolmentIds: readonly string[]): Promise<string[]> {
    const sites = sitesWhere(person, ROLES_FOR.readPatients);
    return this.reads.answer(
      person,
      "patient",
      async (sql) => (await sql.rows<{ id: string }>(READABLE, [enrolmentIds, sites])).map(({ id }) => id),
      (ids) => ids,
    );
  }
}

export function placesOf(patients: readonly Named[]): string {
  const places = patients.map(({ id, enrolments }) => `patient ${id} (enrolment ${enrolments.join(", ")})`);
  return `See ${places.join(" and ")}.`;
}
