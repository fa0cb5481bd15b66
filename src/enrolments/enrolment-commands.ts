import { Injectable } from "@nestjs/common";
import type { Static } from "typebox";
import type { JsonObject } from "../core/index.js";
import {
  type Actor,
  type Answer,
  type Command,
  type EndedClaim,
  Engine,
  type EnrolmentSnapshot,
  type Idempotency,
  type Reported,
} from "../engine/index.js";
import {
  answerOf,
  type AnswerOf,
  formatChanges,
  formatPlace,
  jsonOf,
  JsonText,
  NOBODY_WATCHES,
  ProblemError,
  readWhen,
} from "../http/index.js";
import { type PatientChanges, PatientReader } from "../patients/index.js";
import { KnownPeople, permittedAt, type Person } from "../people/index.js";
import { EnrolmentHeads } from "../reads/index.js";
import { MAIN_SITE } from "../sites/index.js";
import { eventAnswer } from "./answer-view.js";
import { EnrolmentReader } from "./enrolment-reader.js";
import type { EnrolmentAnswer, NewEnrolment } from "./enrolments.schemas.js";
import type { CorrectEvent, CorrectionAnswer, ReportEvent } from "./events.schemas.js";
import { carriesRedFlags } from "./red-flags.js";
import { Refusals } from "./refusals.js";
import type { PastEvent } from "./reported.schemas.js";

type ReportedBody = Omit<PastEvent, "occurredAt"> & { occurredAt?: string };

/** Turns requests into the engine's commands and its answers into what the contract shows. */
@Injectable()
export class EnrolmentCommands {
  constructor(
    private readonly engine: Engine,
    private readonly heads: EnrolmentHeads,
    private readonly reader: EnrolmentReader,
    private readonly refusals: Refusals,
    private readonly people: KnownPeople,
    private readonly patients: PatientReader,
  ) {}

  async enrol(person: Person, body: NewEnrolment, idempotency: Idempotency) {
    const { pathway, version, patient, site = MAIN_SITE, occurredAt, events = [], confirm } = body;
    const actor = mayWrite(person)(site);
    const answer = await this.execute(person, "enrolled", {
      kind: "enrol",
      ...{ actor, idempotency, pathway, version, site, patient, confirm },
      occurredAt: readWhen(occurredAt),
      events: await Promise.all(events.map((event) => this.readReported(event, site))),
    });
    const known = await this.reader.patient(person, "enrolment", answer.snapshot);
    const notices = await this.noticesOf(person, answer);
    return this.reader.answer(answer.snapshot, actor.roles, known, notices.length > 0 ? { notices } : {});
  }

  async report(person: Person, id: string, body: ReportEvent, idempotency: Idempotency | undefined, dryRun: boolean) {
    const [{ siteId, patient }, actor] = await this.heads.toAct(person, "report", id, mayWrite(person));
    const { acceptConsequences, keepAside, reason, ifSeq, ...event } = body;
    const answer = await this.execute(person, "reported", {
      kind: "report",
      ...{ actor, idempotency, enrolmentId: id, acceptConsequences, keepAside, reason, ifSeq, dryRun },
      event: await this.readReported({ ...event, data: event.data ?? {} }, siteId),
    });
    const told = {
      event: eventAnswer(answer.event),
      outcome: answer.outcome,
      takenBy: answer.takenBy,
      setAside: answer.setAside.map(formatPlace),
      ...(answer.changes && { changes: formatChanges(answer.changes) }),
      ...(await this.notices(answer, event, dryRun)),
    };
    const enrolment = await this.reader.answer(answer.snapshot, actor.roles, this.patients.open(patient));
    return jsonOf<typeof told & { enrolment: EnrolmentAnswer }, "enrolment">(told, { enrolment });
  }

  async correct(
    person: Person,
    id: string,
    seq: number,
    body: CorrectEvent,
    idempotency: Idempotency | undefined,
    dryRun: boolean,
  ) {
    const [{ patient }, actor] = await this.heads.toAct(person, "correction", id, mayWrite(person));
    const { occurredAt, data, ...rest } = body;
    const answer = await this.execute(person, "corrected", {
      kind: "correct",
      ...{ actor, idempotency, enrolmentId: id, corrects: seq, dryRun },
      ...rest,
      occurredAt: readWhen(occurredAt),
      data: data as JsonObject | undefined,
    });
    const { text } = await this.reader.answer(answer.snapshot, actor.roles, this.patients.open(patient), {
      changes: formatChanges(answer.changes),
      ...(await this.notices(answer, body, dryRun)),
    });
    return new JsonText<Static<typeof CorrectionAnswer>>(text, answer.isNew ? 201 : 200);
  }

  async amendPatient(person: Person, id: string, body: PatientChanges, idempotency: Idempotency | undefined) {
    const [, actor] = await this.heads.toRead(person, "amendment", id, mayWrite(person));
    const { ifSeq, ...changes } = body;
    const answer = await this.execute(person, "patient", {
      kind: "amendPatient",
      ...{ actor, idempotency, enrolmentId: id, changes, ifSeq },
    });
    const amended = await this.reader.patient(person, "amendment", answer.snapshot);
    return this.reader.answer(answer.snapshot, actor.roles, amended);
  }

  private async execute<Kind extends Answer["kind"]>(
    person: Person,
    kind: Kind,
    command: Command,
  ): Promise<AnswerOf<Kind>> {
    const answer = await this.engine.execute(command);
    if (answer.kind === "refused") throw new ProblemError(await this.refusals.problemOf(answer.refusal, person));
    return answerOf(kind, answer);
  }

  private async noticesOf(person: Person, { differs, alike }: AnswerOf<"enrolled">): Promise<string[]> {
    const others = alike.length > 0 ? await this.refusals.whose.readable(person, alike) : [];
    return [...(differs.length > 0 ? [differing(differs)] : []), ...(others.length > 0 ? [resembling(others)] : [])];
  }

  private async notices(
    { snapshot, claims }: AnswerOf<"reported" | "corrected">,
    event: object,
    dryRun: boolean,
  ): Promise<{ notices?: string[] }> {
    const unwatched = (await this.isUnwatched(snapshot, event)) ? [NOBODY_WATCHES] : [];
    const notices = [...unwatched, ...claims.map((claim) => ended(claim, dryRun))];
    return notices.length > 0 ? { notices } : {};
  }

  /** A red flag of a time before the exit is taken, and yet opens nothing: whoever sends it must hear that. */
  private async isUnwatched(snapshot: EnrolmentSnapshot, event: object): Promise<boolean> {
    if (snapshot.projection.status !== "exited") return false;
    return carriesRedFlags(event, await this.reader.pathwayOf(snapshot));
  }

  private async readReported({ occurredAt, data, performer, ...event }: ReportedBody, site: string): Promise<Reported> {
    return {
      ...event,
      data: data as JsonObject,
      occurredAt: readWhen(occurredAt),
      ...(performer !== undefined && { performer: await this.people.performerAt(performer, site) }),
    };
  }
}

function mayWrite(person: Person): (site: string) => Actor {
  return (site) => permittedAt(person, site, "writePatients");
}

const NAMES: Record<string, string> = {
  ...{ familyName: "family name", givenName: "given name", birthDate: "birth date" },
  ...{ phone: "phone number", email: "e-mail address", language: "language" },
};

function ended({ title, assignee }: EndedClaim, dryRun: boolean): string {
  const end = dryRun ? "this would end it" : `this has ended it, and the worklist of ${assignee} says so`;
  return `The task "${title}" was claimed by ${assignee}: ${end}.`;
}

function differing(fields: readonly string[]): string {
  const named = fields.map((field) => NAMES[field] ?? field).join(", ");
  return `The patient with this identifier is known otherwise (${named}), and what is on record stands: make sure that this is the same person, and correct what is wrong with PATCH /api/enrolments/{id}/patient.`;
}

function resembling(enrolments: readonly string[]): string {
  const named = enrolments.length === 1 ? `enrolment ${enrolments[0]}` : `enrolments ${enrolments.join(", ")}`;
  return `This is probably the same person as in ${named}: names and birth date are the same, under another identifier. If so, say it with POST /api/patients/{id}/same-as.`;
}
