import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect } from "@jest/globals";
import {
  compile,
  effectiveEvents,
  fold,
  parseDocument,
  standingOf,
  warningsOf,
  type EnrolledProjection,
  type JsonObject,
  type Pathway,
  type PathwayDocument,
  type Role,
  type When,
} from "../../src/core/index.js";
import type { Answer, EnrolmentSnapshot } from "../../src/engine/model/answer.js";
import type {
  Actor,
  Command,
  Correct,
  Enrol,
  PatientInput,
  Report,
  Reported,
} from "../../src/engine/model/commands.js";
import type { Committed } from "../../src/engine/model/committed.js";
import { assembleEngine, type EngineGround } from "../../src/engine/assemble.js";
import type { Engine } from "../../src/engine/engine.js";
import type { Rulebook } from "../../src/engine/rulebook.js";
import { problemOfRefusal } from "../../src/http/refusals.js";
import { Reads } from "../../src/reads/index.js";
import { Sites } from "../../src/sites/index.js";
import type { EnrolmentViews } from "../../src/engine/enrolment-views.js";
import { foldRecordsOf, type LoadedEnrolment } from "../../src/engine/model/loaded.js";
import { sqlOf, type Sql } from "../../src/platform/statement.js";
import type { Loader } from "../../src/engine/storage/load.js";
import { PatientVault } from "../../src/engine/storage/patient-vault.js";
import { verifyChains } from "../../src/engine/storage/verify-chains.js";
import { Sealing } from "../../src/platform/sealing.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { TestClock } from "../support/test-clock.js";

export const FIRST_DOCUMENT = "pathways/neoplastic-lumbosacral-plexopathy/1.0.0.yaml";
export const VAULT_KEY = Buffer.alloc(32, 7);
export const LSP = "neoplastic-lumbosacral-plexopathy";
let compiled: Pathway | undefined;

const PEOPLE: Record<string, Role[]> = {
  coordinator: ["coordinator"],
  clinician: ["clinician"],
  clinician2: ["clinician"],
  lead: ["lead"],
  system: ["system"],
};

export const who = (person: string): Actor => ({ person, roles: PEOPLE[person] ?? [] });
export const at = (iso: string): number => Date.parse(iso);

const readDocument = (): PathwayDocument => parseDocument(readFileSync(FIRST_DOCUMENT, "utf8")).document!;

function changed(change: (document: PathwayDocument) => void): Pathway {
  const other = structuredClone(readDocument());
  change(other);
  return compile(other);
}

type Of<Kind extends Answer["kind"]> = Extract<Answer, { kind: Kind }>;

/** The engine on a database of its own, with the first pathway and a clock that stands still. */
export class World {
  readonly committed: Committed[] = [];
  private constructor(
    readonly database: TestDatabase,
    readonly clock: TestClock,
    /** For another engine on the same database, as another process has one. */
    readonly ground: EngineGround,
    readonly engine: Engine,
    readonly views: EnrolmentViews,
    readonly rulebook: Rulebook,
    /** Goes on from what the engine keeps in memory. */
    readonly keeping: Loader,
    /** Reads everything afresh. */
    readonly loader: Loader,
    readonly pathway: Pathway,
  ) {}

  /** `change`: the first pathway with something else in its document. */
  static async make(start: string, change?: (document: PathwayDocument) => void): Promise<World> {
    const pathway = change ? changed(change) : (compiled ??= compile(readDocument()));
    const database = await createTestDatabase();
    const clock = await TestClock.install(database.owner, start);
    await database.owner.query(
      `INSERT INTO site (id, name, on_call, created_at) VALUES ('main', 'Main', '{}', pathkeeper_now())`,
    );
    await database.owner.query(
      `INSERT INTO site_calendar (site_id, version, time_zone, working_days, holidays, recorded_at, recorded_by)
       VALUES ('main', 1, 'Europe/London', '{1,2,3,4,5}', '{}', pathkeeper_now(), 'admin')`,
    );
    const vault = new PatientVault(new Sealing(VAULT_KEY));
    const pathways = {
      newest: async (id: string) => (id === LSP ? { version: "1.0.0" } : undefined),
      pathway: async (id: string, version: string) => (id === LSP && version === "1.0.0" ? pathway : undefined),
    };
    const calendars = new Sites(new Reads(database.app));
    const ground = { dataSource: database.app, vault, pathways, calendars, clock, historyCacheBytes: 2 ** 20 };
    const { engine, views, rulebook, loader: keeping } = assembleEngine(ground);
    const { loader } = assembleEngine({ ...ground, historyCacheBytes: 0 });
    const world = new World(database, clock, ground, engine, views, rulebook, keeping, loader, pathway);
    engine.listen((committed) => void world.committed.push(...committed));
    return world;
  }

  get sql(): Sql {
    return sqlOf(this.database.app.manager);
  }

  drop(): Promise<void> {
    return this.database.drop();
  }

  one(command: Command): Promise<Answer> {
    return this.engine.execute(command);
  }

  enrolCommand(more: Partial<Enrol> = {}): Enrol {
    return {
      ...{ kind: "enrol", actor: who("coordinator"), idempotency: key(), pathway: LSP, site: "main", events: [] },
      patient: somebody(),
      ...more,
    };
  }

  async enrol(more: Partial<Enrol> = {}): Promise<EnrolmentSnapshot> {
    return done("enrolled", await this.one(this.enrolCommand(more))).snapshot;
  }

  reportCommand(
    enrolmentId: string,
    type: string,
    data: JsonObject = {},
    more: Partial<Omit<Reported, "performer"> & Report> & { by?: string; performer?: string } = {},
  ): Report {
    const { occurredAt, note, performer, source, confirm, by = "clinician", ...rest } = more;
    const named = performer === undefined ? undefined : { person: performer, roles: PEOPLE[performer] };
    const event: Reported = { type, data, occurredAt, note, performer: named, source, confirm };
    return { kind: "report", actor: who(by), idempotency: key(), enrolmentId, event, ...rest };
  }

  tryReport(...given: Parameters<World["reportCommand"]>): Promise<Answer> {
    return this.one(this.reportCommand(...given));
  }

  async report(...given: Parameters<World["reportCommand"]>): Promise<Of<"reported">> {
    return done("reported", await this.tryReport(...given));
  }

  correctCommand(enrolmentId: string, corrects: number, more: Partial<Correct> & { by?: string } = {}): Correct {
    const { by = "clinician", ...rest } = more;
    return { kind: "correct", actor: who(by), idempotency: key(), enrolmentId, corrects, reason: "Mistyped", ...rest };
  }

  tryCorrect(...given: Parameters<World["correctCommand"]>): Promise<Answer> {
    return this.one(this.correctCommand(...given));
  }

  async correct(...given: Parameters<World["correctCommand"]>): Promise<Of<"corrected">> {
    return done("corrected", await this.tryCorrect(...given));
  }

  async wake(enrolmentId: string): Promise<number> {
    return done("woken", await this.one({ kind: "wake", enrolmentId, by: "sweep" })).fired;
  }

  async view(id: string, moment: { asOf?: When; knownAt?: When } = {}): Promise<EnrolmentSnapshot> {
    return (await this.views.snapshot(this.sql, id, moment))!;
  }

  async history(id: string) {
    return (await this.views.history(this.sql, id, { after: 0, limit: 10_000 }))!;
  }

  /** What the rows say is what a whole fold of the records says, and the chain holds. */
  async expectConsistent(id: string): Promise<void> {
    const [loaded] = await this.loader.read(this.sql, [id]);
    const [kept] = await this.keeping.read(this.sql, [id]);
    expect(partsOf(kept!)).toEqual(partsOf(loaded!));
    const { row, seq, tasks, timers } = loaded!;
    const records = foldRecordsOf(loaded!);
    const { calendar } = await this.rulebook.fetch({ ...row, enrolmentId: id, seq });
    const { run, setAside } = fold(this.pathway, calendar, effectiveEvents(records, calendar), row.projectedTo);
    const stored = run.store(setAside.map(({ event }) => event.seq))!;
    expect(row.stored).toEqual(stored);
    expect(row.status).toBe(stored.status);
    expect(row.warnings).toEqual(warningsOf(this.pathway, calendar, standingOf(run, setAside)!));
    expect(row.enrolledAt).toBe(stored.enrolledAt);
    const open = tasks.filter(({ status }) => status === "open").sort((a, b) => (a.key < b.key ? -1 : 1));
    expect(
      open.map(({ key, openedAt, nth, dueAt, reminders, escalations }) => ({
        key,
        openedAt,
        nth,
        dueAt,
        reminders,
        escalations,
      })),
    ).toEqual(stored.tasks.map(({ heldMs: _, ...task }) => task));
    const running = timers.filter(({ status }) => status === "pending" || status === "held");
    expect(running.map(({ state, name, startedAt, dueAt }) => ({ state, name, startedAt, dueAt }))).toEqual(
      stored.timers.map(({ base: _, heldMs: __, ...timer }) => timer),
    );
    expect(await verifyChains(this.database.app, id)).toEqual({ checked: 1, broken: [] });
  }
}

/** Whatever decisions are made from, the order of rows with it. */
function partsOf({ row, seq, lastHash, lastRecordedAt, entries, firings, pins, tasks, timers }: LoadedEnrolment) {
  return { row, seq, lastHash, lastRecordedAt, entries, firings, pins, tasks, timers };
}

export function done<Kind extends Answer["kind"]>(kind: Kind, answer: Answer): Of<Kind> {
  if (answer.kind === "refused" && kind !== "refused") throw new Error(JSON.stringify(answer.refusal));
  expect(answer.kind).toBe(kind);
  return answer as Of<Kind>;
}

/** As the contract tells it. */
export function problemOf(answer: Answer) {
  return problemOfRefusal(done("refused", answer).refusal);
}

export function key(name: string = randomUUID()): { route: string; key: string; request: string } {
  return { route: "POST /test", key: name, request: name };
}

/** The distinctive words stand in every personal field, so that a test can look for them. */
export const MARKER = "Quillfeather";

export function somebody(more: Partial<PatientInput> = {}): PatientInput {
  const identifiers = [{ system: "mrn", value: randomUUID() }];
  return { identifiers, familyName: MARKER, givenName: MARKER, birthDate: "1950-05", ...more };
}

export function standing(snapshot: EnrolmentSnapshot): EnrolledProjection {
  if (snapshot.projection.status === "notEnrolled") throw new Error("Not enrolled.");
  return snapshot.projection;
}

export const keysOf = (snapshot: EnrolmentSnapshot): string[] => snapshot.tasks.map(({ key }) => key);

export const START: JsonObject = {
  course: "first",
  intent: "palliative",
  reirradiation: false,
  volumes: [{ name: "sacrum" }],
};

export function assessment(subjective: string, more: JsonObject = {}): JsonObject {
  return { subjective, objective: "stable", pain: 2, analgesicUse: "same", redFlags: [], ...more };
}
