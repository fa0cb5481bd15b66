import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import { sqlOf } from "../platform/statement.js";
import type { Pathway, Role } from "../core/index.js";
import { type EnrolmentSnapshot, EnrolmentViews } from "../engine/index.js";
import { ProblemError, readWhenParameter } from "../http/index.js";
import { PathwayRegistry } from "../pathways/index.js";
import type { Person } from "../people/index.js";
import { EnrolmentSites } from "./enrolment-sites.js";
import { enrolmentAnswer } from "./enrolment-view.js";
import type { AsOf, EnrolmentAnswer } from "./enrolments.schemas.js";
import { type PatientAnswer, PatientReader } from "../patients/index.js";
import { WakeUp } from "./wake-up.js";

@Injectable()
export class EnrolmentReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly views: EnrolmentViews,
    private readonly sites: EnrolmentSites,
    private readonly registry: PathwayRegistry,
    private readonly patients: PatientReader,
    private readonly wakeUp: WakeUp,
  ) {}

  async read(person: Person, id: string, query: AsOf): Promise<EnrolmentAnswer> {
    const asOf = readWhenParameter(query.asOf, "asOf");
    const knownAt = readWhenParameter(query.knownAt, "knownAt");
    const { roles } = await this.sites.actorFor(person, id, "readPatients");
    await this.wakeUp.ifDue(id);
    const snapshot = await this.views.snapshot(sqlOf(this.dataSource.manager), id, { asOf, knownAt });
    if (!snapshot) throw new ProblemError({ name: "not-found", detail: "There is no such enrolment." });
    return this.answer(snapshot, roles);
  }

  /** A snapshot as somebody with these roles at its site sees it. */
  async answer(snapshot: EnrolmentSnapshot, roles: readonly Role[]): Promise<EnrolmentAnswer> {
    const [pathway, patient] = await Promise.all([this.pathway(snapshot), this.patient(snapshot.patientId)]);
    return enrolmentAnswer(snapshot, pathway, patient, roles);
  }

  async patient(id: string): Promise<PatientAnswer> {
    return (await this.patients.read([id])).get(id)!;
  }

  private async pathway({ pathway: { id, version } }: EnrolmentSnapshot): Promise<Pathway> {
    return (await this.registry.pathway(id, version))!;
  }
}
