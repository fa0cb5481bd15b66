import { Injectable } from "@nestjs/common";
import { type Actor, Engine, type AboutPersons, type Idempotency } from "../engine/index.js";
import { answerOf, ProblemError } from "../http/index.js";
import { type NotTheSame, PatientReader, type PersonAnswer, type SameAs } from "../patients/index.js";
import { permittedAt, type Person, ROLES_FOR } from "../people/index.js";
import type { Statement } from "../platform/statement.js";
import { PATHKEEPER, Reads } from "../reads/index.js";
import { Whose } from "./whose.js";

interface Stay {
  patient: string;
  /** An enrolment of the person. */
  id: string;
  site: string;
}

const STAYS: Statement = {
  name: "pathkeeper-stays-of-persons",
  text: `select p.id as patient, e.id, e.site_id as site from patient p join enrolment e on e.person_id = p.person_id
    where p.id = any($1::uuid[]) order by e.site_id, e.id`,
};

const AT_EVERY_SITE = `Who is the same as whom is said by somebody who, at every site where one of them was enrolled, holds one of these roles: ${ROLES_FOR.writePatients.join(", ")}.`;

/** Two records that turn out to be of one person, and the way back. */
@Injectable()
export class Persons {
  constructor(
    private readonly engine: Engine,
    private readonly reads: Reads,
    private readonly patients: PatientReader,
    private readonly whose: Whose,
  ) {}

  async join(person: Person, id: string, { patient, reason }: SameAs, idempotency: Idempotency): Promise<PersonAnswer> {
    const sameAs = patient.toLowerCase();
    const actor = await this.actorFor(person, [id, sameAs]);
    return this.execute(person, { kind: "joinPatients", actor, idempotency, patientId: id, sameAs, reason });
  }

  async part(
    person: Person,
    id: string,
    { reason }: NotTheSame,
    idempotency: Idempotency | undefined,
  ): Promise<PersonAnswer> {
    const actor = await this.actorFor(person, [id]);
    return this.execute(person, { kind: "partPatient", actor, idempotency, patientId: id, reason });
  }

  /** It concerns every site where the persons are known: whoever says it acts at each of them. */
  private async actorFor(person: Person, patients: readonly string[]): Promise<Actor> {
    const stays = await this.reads.by(PATHKEEPER, "head").rows<Stay>(STAYS, [patients]);
    if (!patients.every((id) => stays.some(({ patient }) => patient === id))) {
      throw new ProblemError({ name: "not-found", detail: "There is no such patient." });
    }
    const subjects = [...new Set(stays.map(({ id }) => id))];
    const reading = { reader: person, purpose: "patient" as const, subjects };
    try {
      const [first] = stays.map(({ site }) => permittedAt(person, site, "writePatients"));
      await this.reads.tell({ ...reading, outcome: "granted" });
      return first!;
    } catch (error) {
      await this.reads.tell({ ...reading, outcome: "refused" });
      throw error instanceof ProblemError ? new ProblemError({ name: "forbidden", detail: AT_EVERY_SITE }) : error;
    }
  }

  private async execute(person: Person, command: AboutPersons): Promise<PersonAnswer> {
    const answer = answerOf("persons", await this.engine.execute(command));
    const enrolments = await this.whose.readable(person, answer.enrolments);
    const known = await this.patients.read(this.reads.by(person, "patient", enrolments), [answer.person]);
    const { patients, parted } = answer;
    return { patient: known.get(answer.person)!, patients, enrolments, ...(parted.length > 0 && { parted }) };
  }
}
