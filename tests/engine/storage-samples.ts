import { randomUUID } from "node:crypto";
import type { DataSource, EntityManager } from "typeorm";
import type { JsonObject } from "../../src/core/index.js";
import type {
  AmendPatient,
  Command,
  Enrol,
  Idempotency,
  PatientInput,
  Report,
  Wake,
} from "../../src/engine/model/commands.js";
import type { Decision, Write } from "../../src/engine/model/decision.js";
import type { Loaded } from "../../src/engine/model/loaded.js";
import type { TaskRow, TimerRow } from "../../src/engine/model/rows.js";
import type { EventOnRecord, HistoryRecord, NewRecord, PinOnRecord } from "../../src/engine/model/records.js";
import { HistoryCache } from "../../src/engine/storage/history-cache.js";
import { Loader } from "../../src/engine/storage/load.js";
import { PatientVault } from "../../src/engine/storage/patient-vault.js";
import { schemaOf } from "../../src/engine/storage/schema.js";
import { Writer } from "../../src/engine/storage/write.js";
import { Sealing } from "../../src/platform/sealing.js";
import { sqlOf } from "../../src/platform/statement.js";

export const T0 = Date.UTC(2026, 2, 2, 8, 30, 0, 123);
export const DAY = 86_400_000;

/** Stands in every personal text here, so that a test can look for it. */
export const MARKER = "Zebrafink";

export const vault = new PatientVault(new Sealing(Buffer.alloc(32, 7)));
const schemaFor = ({ dataSource }: EntityManager) => schemaOf(dataSource);
const loaderFor = (manager: EntityManager) => new Loader(schemaFor(manager), vault, new HistoryCache(0));

/** Keeps nothing from one call to the next. */
export const loader = {
  load: async (manager: EntityManager, commands: readonly Command[]): Promise<Loaded[]> =>
    (await loaderFor(manager).load(sqlOf(manager), commands, { wait: true })).map((loaded) => loaded!),
  read: (manager: EntityManager, ids: readonly string[]) => loaderFor(manager).read(sqlOf(manager), ids),
};
export const writer = {
  write: (manager: EntityManager, items: readonly { loaded: Loaded; decision: Decision }[]) =>
    new Writer(schemaFor(manager), vault).write(sqlOf(manager), items),
};

export const actor = { person: "clinician", roles: ["clinician" as const] };

export function patient(value: string, more: Partial<PatientInput> = {}): PatientInput {
  return {
    identifiers: [{ system: "mrn", value }],
    familyName: `${MARKER}-Müller`,
    givenName: "Ánna",
    birthDate: "1960-05-03",
    ...more,
  };
}

export function idempotency(key: string): Idempotency {
  return { route: "POST /api/enrolments", key, request: `${key} ${MARKER}` };
}

export function enrol(input: PatientInput, key: string = randomUUID()): Enrol {
  return {
    kind: "enrol",
    actor,
    idempotency: idempotency(key),
    pathway: "p",
    site: "main",
    events: [],
    patient: input,
  };
}

export function wake(enrolmentId: string): Wake {
  return { kind: "wake", enrolmentId, by: "sweep" };
}

export function report(enrolmentId: string, more: Partial<Report> = {}): Report {
  return { kind: "report", actor, enrolmentId, event: { type: "e", data: {} }, ...more };
}

export function amend(enrolmentId: string, changes: Partial<PatientInput>): AmendPatient {
  return { kind: "amendPatient", actor, enrolmentId, changes };
}

export function record(seq: number, more: Partial<EventOnRecord> & { personal?: JsonObject | null } = {}): NewRecord {
  const { personal = PERSONAL, ...changes } = more;
  return {
    ...{ seq, kind: "event", type: "radiotherapy.started", occurredAt: T0, by: "clinician", role: "clinician" },
    ...{ recordedAt: T0 + seq, performer: null, source: null, stateBefore: { a: "b" }, stateAfter: "c" },
    data: { dose: { value: 40.5, unit: "Gy" }, tiny: 1e-7, huge: 1e21, verbatim: true, "ä\u2028": [null, -0, "x"] },
    because: { kind: "event", seq, type: "radiotherapy.started" },
    detail: { takenBy: ["treatment"] },
    cut: personal && Object.keys(personal),
    personal,
    ...changes,
  };
}

const PERSONAL = { "/data/verbatim": `${MARKER} hurts`, "/note": `${MARKER} \u0000 noted` };

const COMMON = { by: "clinician", role: "clinician", stateBefore: null, stateAfter: null, because: null };

/** A record of another kind. */
export function other<Kind extends Exclude<HistoryRecord, { kind: "event" }>>(
  seq: number,
  given: Omit<Kind, keyof typeof COMMON | "seq" | "recordedAt" | "cut"> & { by?: null; role?: null },
  personal: JsonObject | null = null,
): NewRecord {
  const cut = personal && Object.keys(personal);
  return { ...COMMON, ...given, seq, recordedAt: T0 + seq, cut, personal } as unknown as NewRecord;
}

export function task(more: Partial<TaskRow> = {}): TaskRow {
  return {
    id: randomUUID(),
    key: "treatment.responseReview",
    openedAt: T0,
    nth: 0,
    title: "Assess the response",
    role: "clinician",
    urgency: "routine",
    dueAt: T0 + DAY,
    reminders: [{ at: T0 + 1 }],
    escalations: [{ at: T0 + 2, to: "lead" }],
    status: "open",
    held: false,
    closedAt: null,
    endedBy: null,
    endedAt: null,
    assignee: null,
    snoozedUntil: null,
    ...more,
  };
}

export function timer(more: Partial<TimerRow> = {}): TimerRow {
  return {
    id: randomUUID(),
    state: "treatment.awaitingResponse",
    name: "responseReview",
    startedAt: T0,
    dueAt: T0 + 120 * DAY,
    status: "pending",
    generation: 1,
    armedAt: T0,
    ...more,
  };
}

/** A first write: a pin, an event with free text, a task, a timer. */
export function firstWrite(command: Enrol, loaded: Loaded, more: Partial<Write> = {}): Decision {
  const id = randomUUID();
  const known = loaded.matches[0]?.patient.id;
  const patientId = known ?? randomUUID();
  const write: Write = {
    isNew: true,
    enrolment: {
      id,
      patientId,
      personId: patientId,
      responsible: null,
      siteId: "main",
      calendarVersion: 1,
      pathway: { id: command.pathway, version: "1.0.0", hash: "00ff" },
      status: "active",
      exitReason: null,
      states: ["treatment", "treatment.awaitingResponse"],
      warnings: [{ name: "exitSuggested", text: "Leave?" }],
      stored: {
        status: "active",
        enrolledAt: T0,
        position: T0,
        value: { treatment: "awaitingResponse" },
        entries: { treatment: { at: T0, nth: 0, fact: 0 } },
        timers: [],
        tasks: [],
        setAside: [],
      },
      enrolledAt: T0,
      projectedTo: T0 + 2,
    },
    records: [other<PinOnRecord>(1, { kind: "pin", type: "enrolment.pinned", detail: pinned(command) }), record(2)],
    tasks: [task()],
    timers: [timer()],
    patient: known ? null : { id: patientId, isNew: true, personId: patientId, personal: command.patient },
    idempotency: {
      person: actor.person,
      route: command.idempotency!.route,
      key: command.idempotency!.key,
      requestHash: loaded.idempotency!.requestHash,
      enrolmentId: id,
      seq: 2,
      recordSeq: 2,
      answeredAt: T0,
      refusal: null,
      told: null,
    },
    position: null,
    ...more,
  };
  return decision(write);
}

function pinned({ pathway }: Enrol): PinOnRecord["detail"] {
  return { pathway: { id: pathway, version: "1.0.0", hash: "00ff" }, calendar: { site: "main", version: 1 } };
}

/** A write that goes on from what was loaded. */
export function nextWrite(loaded: Loaded, more: Partial<Write> = {}): Decision {
  const { row, seq } = loaded.enrolment!;
  return decision({
    isNew: false,
    enrolment: row,
    records: [record(seq + 1)],
    tasks: [],
    timers: [],
    patient: null,
    idempotency: null,
    position: null,
    ...more,
  });
}

function decision(write: Write): Decision {
  return { answer: { kind: "woken", fired: 0 }, write, remember: null, committed: null };
}

/** Enrols through load and write; gives the enrolment's id. */
export async function enrolOne(app: DataSource, input: PatientInput, more: Partial<Write> = {}): Promise<string> {
  return app.transaction(async (manager) => {
    const command = enrol(input);
    const [loaded] = await loader.load(manager, [command]);
    const made = firstWrite(command, loaded!, more);
    await writer.write(manager, [{ loaded: loaded!, decision: made }]);
    return made.write!.enrolment.id;
  });
}

export async function goOn(app: DataSource, id: string, more: (loaded: Loaded) => Partial<Write>): Promise<Decision> {
  return app.transaction(async (manager) => {
    const [loaded] = await loader.load(manager, [wake(id)]);
    const made = nextWrite(loaded!, more(loaded!));
    const { failed } = await writer.write(manager, [{ loaded: loaded!, decision: made }]);
    for (const fault of failed.values()) throw fault;
    return made;
  });
}

/** The site and its first calendar, which every enrolment pins. */
export async function addSite(owner: DataSource): Promise<void> {
  await owner.query(`INSERT INTO site VALUES ('main', 'Main', '{}', pathkeeper_now())`);
  await owner.query(
    `INSERT INTO site_calendar VALUES ('main', 1, 'Europe/Berlin', '{1,2,3,4,5}', '{2026-12-25}', pathkeeper_now(), 'admin')`,
  );
}
