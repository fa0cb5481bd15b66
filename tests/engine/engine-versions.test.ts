/** One enrolment, moved by hand to a second version of its pathway and of its site's calendar (fold.md F1). */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  compile,
  refold,
  warningsOf,
  type EventDeclaration,
  type Pathway,
  type PathwayDocument,
} from "../../src/core/index.js";
import { assembleEngine, type EngineParts } from "../../src/engine/assemble.js";
import { follow } from "../../src/engine/deciding/effects.js";
import { Ledger } from "../../src/engine/deciding/ledger.js";
import type { EnrolmentSnapshot } from "../../src/engine/model/answer.js";
import type { Keyed } from "../../src/engine/model/commands.js";
import { foldRecordsOf } from "../../src/engine/model/loaded.js";
import { verifyChains } from "../../src/engine/storage/verify-chains.js";
import { at, done, standing, World } from "./engine-world.js";
import { goOn } from "./storage-samples.js";

const DAY = 86_400_000;
const ENROLLED = at("2026-03-02T10:00:00Z");
/** Twenty days later at the same time of the day: summer time has begun there, and not yet in London. */
const REVIEW_IN_NEW_YORK = ENROLLED + 20 * DAY - 3_600_000;

/** What the versions do not have in common: titles, the field that is free text, a duration, a flag, a transition. */
function version(number: 1 | 2, personal: "said" | "heard", after: string): Pathway {
  const text = (field: string) => ({ type: "string", ...(field === personal && { "x-personal": true }) });
  const noted: EventDeclaration = {
    title: `Noted ${number}`,
    reporters: ["clinician"],
    schema: { type: "object", properties: { said: text("said"), heard: text("heard") }, additionalProperties: false },
  };
  const document: PathwayDocument = {
    ...{ id: "versions", version: `${number}.0.0`, title: `Versions ${number}`, tracks: { care: `Care ${number}` } },
    parameters: { pauseReviewAfter: { value: "P14D", unit: "duration", source: null, evidence: "siteDecision" } },
    timers: { review: { after } },
    events: { "visit.noted": noted, "visit.closed": { ...noted, title: `Closed ${number}` } },
    flags: [{ name: `flag${number}`, severity: "warning", when: "events('visit.noted').size() > 0", text: "Noted" }],
    machine: {
      type: "parallel",
      states: {
        care: {
          initial: "waiting",
          on: { "visit.noted": {} },
          states: {
            waiting: { meta: { quiet: true }, after: { review: "due" } },
            due: {
              meta: { task: { title: `Assess ${number}`, role: "clinician", due: `P${number}D` } },
              on: { "visit.closed": "waiting" },
            },
          },
        },
      },
    },
  };
  return compile(document);
}

const ONE = version(1, "said", "P10D");
const TWO = version(2, "heard", "P20D");

let world: World;
/** Has known the enrolment since before it was moved. */
let keeping: EngineParts;
/** Keeps nothing. */
let forgetful: EngineParts;
let id: string;
let moved: { before: number; at: number };
const answered: { what: string; command: Keyed; answer: unknown }[] = [];

/** A value: what was told, whenever it is drawn. */
const told = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

async function carryOut(what: string, command: Keyed): Promise<number> {
  const answer = await keeping.engine.execute(command);
  answered.push({ what, command, answer: told(answer) });
  return answer.kind === "reported" ? answer.event.seq : 0;
}

/** What a migration will do: the pin, and whatever the whole fold under the new versions differs by. */
async function move(): Promise<void> {
  const now = world.clock.now();
  await goOn(world.database.app, id, (loaded) => {
    const { row, seq, tasks, timers, firings } = loaded.enrolment!;
    const { id: of, version: to, hash } = TWO;
    const pathway = { id: of, version: to, hash };
    const ledger = new Ledger(
      { row: { ...row, pathway, calendarVersion: 2 }, isNew: false, seq, tasks, timers, firings },
      TWO,
      now,
      "event",
    );
    const detail = { pathway, calendar: { site: "main", version: 2 } };
    ledger.append({ kind: "pin", type: "enrolment.pinned", by: "lead", role: "lead", detail });
    const step = refold(TWO, newYork, foldRecordsOf(loaded.enrolment!), now, ledger.known(), 1);
    follow(ledger, TWO, step.effects, null);
    return { ...ledger.write(step, warningsOf(TWO, newYork, step)), idempotency: null, position: null };
  });
}

let newYork: Parameters<typeof refold>[1];

beforeAll(async () => {
  world = await World.make("2026-03-02T10:00:00Z");
  await world.database.owner.query(
    `INSERT INTO site_calendar (site_id, version, time_zone, working_days, holidays, recorded_at, recorded_by)
     VALUES ('main', 2, 'America/New_York', '{1,2,3,4,5}', '{}', pathkeeper_now(), 'admin')`,
  );
  const calendars = {
    ...{ newest: async () => ({ ...(await world.ground.calendars.version("main", 1))!, version: 1 }) },
    version: (site: string, number: number) => world.ground.calendars.version(site, number),
  };
  const pathways = {
    newest: async () => ({ version: "2.0.0" }),
    pathway: async (_: string, number: string) => ({ "1.0.0": ONE, "2.0.0": TWO })[number],
  };
  const ground = { ...world.ground, pathways, calendars };
  keeping = assembleEngine(ground);
  forgetful = assembleEngine({ ...ground, historyCacheBytes: 0 });

  const enrol = world.enrolCommand({ pathway: "versions", version: "1.0.0" });
  const enrolled = done("enrolled", await keeping.engine.execute(enrol));
  ({ id } = enrolled.snapshot);
  answered.push({ what: "an enrolment", command: enrol, answer: told(enrolled) });
  await world.clock.advance(DAY);
  const words = { said: "It hurts", heard: "code one" };
  const noted = await carryOut("a report", world.reportCommand(id, "visit.noted", words, { note: "By telephone" }));
  await carryOut(
    "a report on a bare date",
    world.reportCommand(id, "visit.noted", { said: "Again" }, { occurredAt: "2026-03-03" }),
  );
  await carryOut("a refusal at its place", world.reportCommand(id, "visit.closed"));
  await carryOut("a refusal of its data", world.reportCommand(id, "visit.noted", { unheard: "of" }));
  await world.clock.set(ENROLLED + 12 * DAY);
  await carryOut(
    "a correction",
    world.correctCommand(id, noted, { data: { said: "It hurts less", heard: "code two" } }),
  );
  const { tasks, seq } = await snapshot(keeping);
  const operate = { kind: "operateTask", actor: { person: "clinician", roles: ["clinician" as const] } } as const;
  await carryOut("a claim", {
    ...operate,
    ...{
      idempotency: world.enrolCommand().idempotency,
      enrolmentId: id,
      taskId: tasks[0]!.id,
      operation: { name: "claim" },
    },
  });
  expect(tasks.map(({ title }) => title)).toEqual(["Assess 1"]);

  await world.clock.set(ENROLLED + 13 * DAY);
  moved = { before: seq + 1, at: world.clock.now() };
  const { calendar } = await keeping.rulebook.fetch({ ...pinned(), calendarVersion: 2 });
  newYork = calendar;
  await move();

  await world.clock.set(ENROLLED + 14 * DAY);
  await carryOut(
    "a report under the second version",
    world.reportCommand(id, "visit.noted", { said: "code three", heard: "It itches" }),
  );
  await carryOut(
    "a correction under the second version",
    world.correctCommand(id, noted, { data: { said: "code four", heard: "It hurt" } }),
  );
});
afterAll(() => world.drop());

const pinned = () => ({
  ...{ enrolmentId: id, seq: 1, siteId: "main", calendarVersion: 1 },
  pathway: { id: ONE.id, version: ONE.version, hash: ONE.hash },
});

const snapshot = async (parts: EngineParts, moment = {}): Promise<EnrolmentSnapshot> =>
  (await parts.views.snapshot(world.sql, id, moment))!;

describe.each(["keeping", "forgetful"] as const)("a process that is %s", (which) => {
  const parts = (): EngineParts => ({ keeping, forgetful })[which];

  it("answers every old key as it was answered then", async () => {
    for (const { what, command, answer } of answered) {
      expect({ what, answer: told(await parts().engine.execute(command)) }).toEqual({ what, answer });
    }
  });

  it("shows the present by the second version, its calendar and its titles", async () => {
    const now = await snapshot(parts());
    expect(now).toMatchObject({ pathway: { version: "2.0.0", hash: TWO.hash }, tasks: [] });
    const { timers, flags } = standing(now);
    expect(timers).toMatchObject([{ name: "review", dueAt: REVIEW_IN_NEW_YORK }]);
    expect(flags.map(({ name }) => name)).toEqual(["flag2"]);
  });

  it("shows an earlier moment by the second version, which rules the whole fold", async () => {
    const then = await snapshot(parts(), { asOf: moved.at - DAY });
    expect(then).toMatchObject({ pathway: { version: "2.0.0" }, tasks: [] });
    expect(standing(then).state).toEqual({ care: "waiting" });
    // Recorded under the first version, and dated by the second one's calendar.
    const early = await snapshot(parts(), { asOf: at("2026-03-03T06:00:00Z") });
    expect(early.pathway.version).toBe("2.0.0");
    expect(standing(early).latest["visit.noted"]!.data).toEqual({ said: "Again" });
  });

  it("shows what was known before by the version that ruled then", async () => {
    const then = await snapshot(parts(), { asOf: moved.at - 1, knownAt: moved.at - 1 });
    expect(then).toMatchObject({ pathway: { version: "1.0.0", hash: ONE.hash }, seq: moved.before });
    expect(then.tasks).toMatchObject([{ title: "Assess 1", assignee: "clinician", dueAt: ENROLLED + 11 * DAY }]);
    const { flags, latest, state } = standing(then);
    expect(state).toEqual({ care: "due" });
    expect(flags.map(({ name }) => name)).toEqual(["flag1"]);
    expect(latest["visit.noted"]!.data).toEqual({ said: "It hurts less", heard: "code two" });
    const now = await snapshot(parts(), { knownAt: moved.at - 1 });
    expect(now).toMatchObject({ pathway: { version: "1.0.0" }, seq: moved.before });
  });

  it("finds each text where it was cut out, whatever the present version marks", async () => {
    const history = (await parts().views.history(world.sql, id, { after: 0, limit: 100 }))!;
    const typed = history.filter(({ kind, seq }) => (kind === "event" && seq > 1) || kind === "correction");
    expect(typed.map(({ data }) => data)).toEqual([
      { said: "It hurts", heard: "code one" },
      { said: "Again" },
      { said: "It hurts less", heard: "code two" },
      { said: "code three", heard: "It itches" },
      { said: "code four", heard: "It hurt" },
    ]);
    expect(typed[0]).toMatchObject({ note: "By telephone", effective: "counts" });
    expect(standing(await snapshot(parts())).latest["visit.noted"]!.data).toEqual({
      ...{ said: "code three", heard: "It itches" },
    });
    const stored = await world.database.app.query(
      `SELECT data, cut FROM record WHERE enrolment_id = $1 AND kind IN ('event', 'correction') AND seq > 1 ORDER BY seq`,
      [id],
    );
    expect(stored.map(({ cut }: { cut: string[] }) => cut)).toEqual([
      ["/data/said", "/note"],
      ["/data/said"],
      ["/data/said", "/reason"],
      ["/data/heard"],
      ["/data/heard", "/reason"],
    ]);
  });

  it("finds the rows as the second version says, and the chain whole", async () => {
    expect(await parts().engine.execute({ kind: "repair", enrolmentId: id })).toEqual({
      kind: "repaired",
      differences: [],
    });
    expect(await verifyChains(world.database.app, id)).toEqual({ checked: 1, broken: [] });
  });
});

it("goes on by the second version: its timer fires when that says", async () => {
  await world.clock.set(ENROLLED + 21 * DAY);
  expect(await keeping.engine.execute({ kind: "wake", enrolmentId: id, by: "sweep" })).toMatchObject({ fired: 1 });
  for (const parts of [keeping, forgetful]) {
    expect((await snapshot(parts)).tasks).toMatchObject([{ title: "Assess 2", dueAt: REVIEW_IN_NEW_YORK + 2 * DAY }]);
  }
  for (const { what, command, answer } of answered) {
    expect({ what, answer: told(await forgetful.engine.execute(command)) }).toEqual({ what, answer });
  }
});
