import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Temporal } from "temporal-polyfill";
import {
  type EnrolledProjection,
  makeCalendar,
  makeRule,
  type StateConfig,
  type StateValue,
} from "../../src/core/index.js";
import { enrolmentsOf } from "../../src/demo/enrolments.js";
import { readDemonstration } from "../../src/demo/told.js";
import type { Enrol } from "../../src/engine/model/commands.js";
import { decideEnrol } from "../../src/engine/deciding/enrol.js";
import type { Loaded } from "../../src/engine/model/loaded.js";
import { DEMONSTRATION_PEOPLE } from "../../src/people/demonstration.js";
import { rolesAt } from "../../src/people/person.js";
import { firstPathway } from "../core/first-pathway.js";

const FILE = new URL("../../demo/neoplastic-lumbosacral-plexopathy.yaml", import.meta.url);
const DAY = 24 * 60 * 60 * 1000;

const text = readFileSync(FILE, "utf8");
const demonstration = readDemonstration(text, "demo");
const pathway = firstPathway(demonstration.version);
const rolesOf = (id: string) => {
  const person = DEMONSTRATION_PEOPLE.find((one) => one.id === id);
  return person && rolesAt(person, "main");
};
const performerOf = (person: string) => ({ person, roles: rolesOf(person) });
const actor = { person: "coordinator", roles: rolesOf("coordinator")! };

/** The engine's own decision about each of them, without a database. */
function enrolAll(now: number, timeZone: string): { command: Enrol; projection: EnrolledProjection }[] {
  const calendar = makeCalendar({ timeZone, workingDays: [1, 2, 3, 4, 5], holidays: [] });
  return enrolmentsOf(demonstration, { actor, site: "main", calendar, now, performerOf }).map((command) => {
    const loaded: Loaded = {
      ...{ idempotency: null, enrolment: null, replayed: null, matches: [], alike: [], sourceSeenAt: null },
    };
    const ids = { enrolment: "enrolment", patient: "patient" };
    const choice = { pathway, calendar: { version: 1, calendar } };
    const rulesOf = () => ({ pathway, calendar });
    const farBack = makeRule(Temporal.Duration.from("-P1Y"), undefined, false);
    const { answer } = decideEnrol(command, { loaded, choice, rulesOf, now, farBack, ids });
    if (answer.kind !== "enrolled") throw new Error(`${command.idempotency!.key}: ${JSON.stringify(answer)}`);
    return { command, projection: answer.snapshot.projection as EnrolledProjection };
  });
}

const leavesOf = (states: Record<string, StateConfig>, above = ""): string[] =>
  Object.entries(states).flatMap(([key, { states: below }]) =>
    below ? leavesOf(below, `${above}${key}.`) : [`${above}${key}`],
  );
const activeIn = (value: StateValue, above = ""): string[] =>
  typeof value === "string"
    ? [above + value]
    : Object.entries(value).flatMap(([key, below]) => activeIn(below, `${above}${key}.`));

const MOMENTS: [string, string, string][] = [
  ["on a working day", "2026-06-16T10:00:00Z", "Europe/Berlin"],
  ["just before the timers of a Monday", "2026-06-15T06:59:00Z", "Europe/Berlin"],
  ["on a Saturday", "2026-06-20T21:30:00Z", "America/New_York"],
  ["on a Sunday", "2026-06-21T00:10:00Z", "Asia/Kolkata"],
  ["at the end of a month", "2026-07-31T12:00:00Z", "UTC"],
  ["at the end of a year", "2026-12-31T23:59:59Z", "UTC"],
  ["on a leap day", "2028-02-29T15:00:00Z", "Europe/London"],
  ["after a short February", "2027-03-01T08:00:00Z", "Australia/Lord_Howe"],
  ["in the night that loses an hour", "2027-03-28T01:00:00Z", "Europe/Berlin"],
  ["in the night that gains an hour", "2026-11-01T06:30:00Z", "America/New_York"],
];

describe.each(MOMENTS)("the people of the demonstration, loaded %s", (_, at, timeZone) => {
  const now = Date.parse(at);
  const all = enrolAll(now, timeZone);
  const tasks = all.flatMap(({ projection }) => projection.tasks);

  it("have histories of which nothing is set aside", () => {
    for (const { command, projection } of all) {
      expect(projection.setAside).toEqual([]);
      const inOrder = command.events.map(({ occurredAt }) => occurredAt as number);
      expect(inOrder).toEqual([...inOrder].sort((one, other) => one - other));
    }
  });

  it("stand, between them, in every state of the pathway", () => {
    const active = new Set(all.flatMap(({ projection }) => activeIn(projection.state)));
    expect([...active].sort()).toEqual(leavesOf(pathway.document.machine.states!).sort());
  });

  it("are active, paused and gone for every reason", () => {
    const statuses = new Set(all.map(({ projection }) => projection.status));
    expect([...statuses].sort()).toEqual(["active", "exited", "paused"]);
    const gone = new Set(all.flatMap(({ projection }) => projection.exitReason ?? []));
    const { reason } = pathway.event("pathway.exited")!.schema!["properties"] as { reason: { enum: string[] } };
    expect([...gone].sort()).toEqual([...reason.enum].sort());
  });

  it("have work for today, for the week, and overdue", () => {
    expect(tasks.filter(({ urgency, dueAt }) => urgency === "urgent" && dueAt < now)).not.toEqual([]);
    expect(tasks.filter(({ dueAt }) => dueAt > now && dueAt < now + 7 * DAY).length).toBeGreaterThan(10);
    const overdue = tasks.filter(({ dueAt, held }) => !held && dueAt <= now).length;
    expect(overdue).toBeGreaterThan(5);
    expect(overdue).toBeLessThan(tasks.length / 2);
  });
});

it("The people of the demonstration are about sixty, and no two share an identifier", () => {
  const { patients } = demonstration;
  expect(patients.length).toBeGreaterThanOrEqual(50);
  expect(patients.length).toBeLessThanOrEqual(70);
  expect(new Set(patients.map(({ id }) => id)).size).toBe(patients.length);
  const names = patients.map(({ person }) => `${person.givenName} ${person.familyName}`);
  expect(new Set(names).size).toBe(patients.length);
});

it("A file that would be misread is refused, one sentence for each fault", () => {
  const faulty = `
patients:
  - {id: one, enrolled: {ago: a while}, history: [{ago: PT1H, at: "10:00", by: lead, type: contact.made}]}
  - {id: one, enrolled: {ago: P1D, at: noon}, history: [{ago: P1D, type: contact.made}]}`;
  expect(() => readDemonstration(faulty, "demo/x.yaml")).toThrow(
    [
      "demo/x.yaml, patient one: `enrolled` must say how long `ago` it was, as P3W or PT6H does.",
      'demo/x.yaml, patient one: event 1 of the history (contact.made) may have a time of day (`at`, such as "10:30") only where it is whole days ago.',
      "demo/x.yaml, patient one: its `id` must be a text that no other one has.",
      'demo/x.yaml, patient one: `enrolled` may have a time of day (`at`, such as "10:30") only where it is whole days ago.',
      "demo/x.yaml, patient one: event 1 of the history (contact.made) must say who reports it (`by`).",
    ].join("\n"),
  );
});
