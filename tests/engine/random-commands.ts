/** Commands made from numbers: each act is read against where an enrolment stands, so that it hits something. */
import fc from "fast-check";
import {
  compile,
  parseDate,
  type JsonObject,
  type Pathway,
  type PathwayDocument,
  type PlainDate,
  type Role,
  type When,
} from "../../src/core/index.js";
import type { Command, Keyed, Reported, TaskOperation } from "../../src/engine/model/commands.js";
import { firstPathway } from "../core/first-pathway.js";
import { EVENT_TYPES, pathwayDocuments } from "../core/generated-pathways.js";
import { assessment, START } from "./engine-world.js";
import type { MemoryWorld } from "./memory-world.js";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What may be reported on a pathway. */
export type Vocabulary = readonly [type: string, data: JsonObject][];

const EVERYWHERE: Vocabulary = [
  ["pathway.paused", { reason: "Away" }],
  ["pathway.resumed", {}],
];

const FAULTY: Vocabulary = [
  ["nobody.declares", {}],
  ["pathway.exited", { reason: "no such reason" }],
];

const OF_GENERATED: Vocabulary = [
  ...[0, 3, 5].flatMap((n) => EVENT_TYPES.map((type): Vocabulary[number] => [type, { n }])),
  ...EVERYWHERE,
  ...EVERYWHERE,
  ...FAULTY,
  ["a.reported", { n: "many" }],
];

const pain = (index: number, redFlags: string[] = []): JsonObject => ({ index, redFlags });

/** What fits the first pathway somewhere. */
export const OF_FIRST_PATHWAY: Vocabulary = [
  ["radiotherapy.started", START],
  ["radiotherapy.started", { ...START, course: "next", reirradiation: true }],
  ["response.assessed", assessment("improved")],
  ["response.assessed", assessment("worse")],
  ["response.assessed", assessment("undetermined", { objective: "undetermined" })],
  ["sideEffect.reported", { kind: "causalgia", pain: 5, redFlags: [] }],
  ["sideEffect.reassessed", { control: "uncontrolled", pain: 2, redFlags: [] }],
  ["modality.started", { class: "physical", name: "TENS" }],
  ["escalation.accepted", { rung: "block" }],
  ["pain.scored", pain(8)],
  ["pain.scored", pain(1)],
  ["pain.scored", pain(2, ["saddleNumbness"])],
  ["analgesia.reviewed", { changed: true }],
  ["redFlag.reviewed", { outcome: "excluded" }],
  ["therapy.referred", {}],
  ["contact.failed", { channel: "phone" }],
  ...EVERYWHERE,
];

const OF_FIRST: Vocabulary = [
  ...OF_FIRST_PATHWAY,
  ["response.assessed", assessment("worse", { comment: "It hurts at night" })],
  ...FAULTY,
];

/** A pathway and what is said on it. */
export interface Stage {
  pathway: Pathway;
  vocabulary: Vocabulary;
}

/** A counterexample is told by the document alone. */
function stage(document: PathwayDocument, pathway: Pathway, vocabulary: Vocabulary): Stage {
  return Object.assign({ pathway, vocabulary }, { [fc.toStringMethod]: () => JSON.stringify(document) });
}

export const GENERATED = pathwayDocuments.map((document) => stage(document, compile(document), OF_GENERATED));
export const FIRST = fc.constant(firstPathway()).map((pathway) => {
  return Object.assign(stage(pathway.document, pathway, OF_FIRST), { [fc.toStringMethod]: () => pathway.id });
});

export interface Act {
  kind: "report" | "exit" | "correct" | "wake" | "operate" | "amend" | "repair";
  /** Lets time pass before it. */
  wait: number;
  /** Which of the vocabulary, of the events on record, of the tasks, of the timers. */
  which: number;
  when: "now" | "late" | "same" | "due" | "date" | "ahead" | "early" | "future";
  /** Of the time since the enrolment, in thousandths. */
  far: number;
  change: "time" | "data" | "both" | "strikeOut" | "restore" | "nothing";
  by: "everybody" | "clinician2" | "coordinator" | "auditor";
  consent: boolean;
  keepAside: boolean;
  confirm: boolean;
  ifSeq: "none" | "right" | "stale";
  source: number | null;
  note: boolean;
  dryRun: boolean;
}

const often = <T>(weight: number, value: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.constantFrom(...Array.from({ length: weight }, () => value), ...others);

export const acts: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom(
    ...(["report", "report", "report", "report", "report", "report", "correct", "correct", "correct"] as const),
    ...(["exit", "wake", "wake", "operate", "operate", "amend", "repair"] as const),
  ),
  wait: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 20 * DAY }),
    fc.integer({ min: 0, max: 20 }).map((n) => n * DAY),
  ),
  which: fc.nat(1000),
  when: fc.constantFrom(
    ...([
      "now",
      "now",
      "now",
      "late",
      "late",
      "late",
      "same",
      "due",
      "date",
      "date",
      "ahead",
      "early",
      "future",
    ] as const),
  ),
  far: fc.nat(1000),
  change: fc.constantFrom("time", "data", "both", "strikeOut", "strikeOut", "restore", "restore", "nothing"),
  by: often(6, "everybody", "clinician2", "coordinator", "auditor"),
  consent: fc.boolean(),
  keepAside: fc.boolean(),
  confirm: often(3, true, false),
  ifSeq: often(8, "none", "right", "stale"),
  source: fc.option(fc.nat(3), { freq: 8 }),
  note: fc.boolean(),
  dryRun: often(9, false, true),
});

const ROLES: Record<Exclude<Act["by"], "everybody">, Role[]> = {
  clinician2: ["clinician"],
  coordinator: ["coordinator"],
  auditor: ["auditor"],
};

/** What the act comes to where the enrolment stands now; every keyed command but a dry run has a key of its own. */
export function commandOf(world: MemoryWorld, enrolmentId: string, vocabulary: Vocabulary, act: Act): Command {
  const { row, seq, entries, tasks, timers } = world.store.readAfresh(enrolmentId);
  const { kind, which, by, consent, dryRun } = act;
  const pick = <T>(items: readonly T[]): T | undefined => items[which % Math.max(1, items.length)];
  const actor = by === "everybody" ? undefined : { person: by, roles: ROLES[by] };
  const common = {
    ...(actor && { actor }),
    ...(dryRun && { dryRun, idempotency: undefined }),
    ...(act.ifSeq !== "none" && { ifSeq: act.ifSeq === "right" ? seq : seq - 1 }),
    acceptConsequences: consent,
  };
  const when = whenOf(world, enrolmentId, act);
  switch (kind) {
    case "report":
    case "exit": {
      const [type, data] = kind === "exit" ? (["pathway.exited", { reason: "completed" }] as const) : pick(vocabulary)!;
      const event: Reported = {
        ...{ type, data, confirm: act.confirm },
        ...(when !== undefined && { occurredAt: when }),
        ...(act.note && { note: "Said on the telephone" }),
        ...(act.source !== null && { source: { system: "his", id: String(act.source) } }),
      };
      const reason = consent || act.keepAside ? { reason: "Heard of it late" } : {};
      return world.reportCommand(enrolmentId, event, { ...common, ...reason, keepAside: act.keepAside });
    }
    case "correct": {
      const events = entries.filter(({ record }) => record.kind === "event");
      const target = pick(events)!.record as { seq: number; type: string };
      const data = vocabulary.filter(([type]) => type === target.type).at(act.far % 3)?.[1] ?? {};
      const { change } = act;
      return world.correctCommand(enrolmentId, target.seq, {
        ...{ ...common, confirm: act.confirm },
        ...((change === "time" || change === "both") && { occurredAt: when ?? world.now }),
        ...((change === "data" || change === "both") && { data }),
        ...((change === "strikeOut" || change === "restore") && { strikeOut: change === "strikeOut" }),
      });
    }
    case "wake": {
      const row = act.keepAside ? pick(timers) : undefined;
      const timer = row && { id: row.id, generation: row.generation - (consent ? 0 : 1) };
      return { kind: "wake", enrolmentId, by: consent ? "job" : "sweep", ...(timer && { timer }) };
    }
    case "operate": {
      const taskId = pick(tasks)?.id ?? "11111111-2222-3333-4444-555555555555";
      const operation = operationOf(world.now, act);
      const { actor: doer = world.enrolCommand().actor } = common;
      return { kind: "operateTask", actor: doer, idempotency: world.key(), enrolmentId, taskId, operation };
    }
    case "amend": {
      const changes = [{ phone: String(which) }, { familyName: "Roe" }, { birthDate: "1951" }][which % 3]!;
      const { actor: doer = world.enrolCommand().actor } = common;
      return { kind: "amendPatient", actor: doer, idempotency: world.key(), enrolmentId, changes };
    }
    case "repair":
      return { kind: "repair", enrolmentId: row.id };
  }
}

function operationOf(now: number, { change, consent, far, note }: Act): TaskOperation {
  const reason = note ? { reason: "Away for a week" } : {};
  switch (change) {
    case "time":
    case "restore":
      return { name: "snooze", until: now + far * HOUR, ...reason };
    case "data":
    case "both": {
      const to = consent
        ? { person: "clinician2", roles: ["clinician" as const] }
        : { person: "lead", roles: ["lead" as const] };
      return { name: "assign", to, ...reason };
    }
    default:
      return { name: consent ? "claim" : "release" };
  }
}

function whenOf(world: MemoryWorld, id: string, { when, far, which }: Act): When | undefined {
  const { now, calendar } = world;
  const { row, entries, timers, firings } = world.store.readAfresh(id);
  const somewhen = row.enrolledAt + Math.floor(((now - row.enrolledAt) * far) / 1000);
  switch (when) {
    case "now":
      return undefined;
    case "late":
      return somewhen;
    case "same": {
      const { record } = entries[which % entries.length]!;
      return record.occurredAt ?? now;
    }
    case "due": {
      const dues = [...timers, ...firings].map(({ dueAt }) => dueAt).filter((dueAt) => dueAt <= now);
      return dues[which % Math.max(1, dues.length)] ?? now;
    }
    case "date":
      return parseDate(calendar.dateOf(somewhen)) as PlainDate;
    case "ahead":
      return now + 3 * MINUTE;
    case "early":
      return row.enrolledAt - (far + 1) * HOUR;
    case "future":
      return now + 2 * HOUR;
  }
}

/** The same key with another body. */
export function otherBody<Of extends Keyed>(command: Of): Of {
  return { ...command, idempotency: { ...command.idempotency!, request: "another body" } };
}
