import { Injectable } from "@nestjs/common";
import type { Pathway, Role } from "../core/index.js";
import { type EnrolmentSnapshot, EnrolmentViews } from "../engine/index.js";
import { type JsonText, readWhenParameter } from "../http/index.js";
import { PathwayRegistry } from "../pathways/index.js";
import { type PatientAnswer, PatientReader } from "../patients/index.js";
import { permittedAt, type Person } from "../people/index.js";
import { EnrolmentHeads, NoSuchRecord, type Purpose, Reads } from "../reads/index.js";
import { enrolmentAnswer } from "./enrolment-view.js";
import type { AsOf, EnrolmentAnswer } from "./enrolments.schemas.js";
import { WakeUp } from "./wake-up.js";

@Injectable()
export class EnrolmentReader {
  constructor(
    private readonly reads: Reads,
    private readonly heads: EnrolmentHeads,
    private readonly views: EnrolmentViews,
    private readonly registry: PathwayRegistry,
    private readonly patients: PatientReader,
    private readonly wakeUp: WakeUp,
  ) {}

  async read(person: Person, id: string, query: AsOf): Promise<JsonText<EnrolmentAnswer>> {
    const asOf = readWhenParameter(query.asOf, "asOf");
    const knownAt = readWhenParameter(query.knownAt, "knownAt");
    const [head, { roles }] = await this.heads.toRead(person, "enrolment", id, (site) =>
      permittedAt(person, site, "readPatients"),
    );
    await this.wakeUp.ifDue(head);
    const [snapshot, patients] = await this.reads.answer(
      person,
      "enrolment",
      (sql) =>
        Promise.all([this.views.snapshot(sql, head.id, { asOf, knownAt }), this.patients.read(sql, [head.patient.id])]),
      () => [head.id],
    );
    if (!snapshot) throw new NoSuchRecord("enrolment");
    // Of other moments the row does not tell.
    const isNow = asOf === undefined && knownAt === undefined;
    const beside = isNow ? { responsible: head.responsible } : {};
    return this.answer(snapshot, roles, patients.get(head.patient.id)!, beside);
  }

  /** A snapshot as somebody with these roles at its site sees it; and what else the answer has to say. */
  async answer(
    snapshot: EnrolmentSnapshot,
    roles: readonly Role[],
    patient: PatientAnswer,
    beside: object = {},
  ): Promise<JsonText<EnrolmentAnswer>> {
    return enrolmentAnswer(snapshot, await this.pathwayOf(snapshot), patient, roles, beside);
  }

  async pathwayOf({ pathway: { id, version } }: EnrolmentSnapshot): Promise<Pathway> {
    return (await this.registry.pathway(id, version))!;
  }

  /** The patient as the row says now, for an answer to what may have changed it. */
  async patient(person: Person, purpose: Purpose, { id, patientId }: EnrolmentSnapshot): Promise<PatientAnswer> {
    return (await this.patients.read(this.reads.by(person, purpose, [id]), [patientId])).get(patientId)!;
  }
}
