import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  advance,
  canonicalJson,
  compile,
  effectiveEvents,
  factsOf,
  makeCalendar,
  makeLog,
  refold,
  type Fact,
  type FoldRecord,
  type Standing,
} from "../../src/core/index.js";
import { FactLog, type View } from "../../src/core/expressions/index.js";
import { enrolled, eventsOf, histories, START } from "./generated-histories.js";
import { pathwayDocuments } from "./generated-pathways.js";
import { runs } from "./seed.js";

const TYPES = ["a.reported", "b.reported", "c.reported"];
const HOUR = 3_600_000;

/** A log and the plain list that it stands for. */
interface Pair {
  log: FactLog;
  plain: Fact[];
}

const operations = fc.array(
  fc.record({
    on: fc.nat(),
    what: fc.constantFrom("append" as const, "append" as const, "append" as const, "same" as const, "before" as const),
    type: fc.constantFrom(...TYPES),
    later: fc.integer({ min: 0, max: 1 }),
    nth: fc.nat(),
  }),
  { maxLength: 40 },
);

function isBefore(one: Fact, event: Fact, first: Fact): boolean {
  if (event.seq === first.seq) return false;
  return one === first || one.at < event.at || (one.at === event.at && one.seq < event.seq);
}

/** What the log tells, and what a plain list says of the same. */
function told(log: FactLog): unknown {
  const view: View = log.view(true, { dayOf: String, entryOf: (state) => Number(state) });
  const seqs = (events: readonly { data: object }[]): unknown[] => events.map(({ data }) => data);
  return {
    size: log.size,
    facts: log.facts(),
    newest: log.newest(),
    current: view.event?.data ?? null,
    lists: ["*", ...TYPES].map((type) => [
      seqs(log.events(type)),
      log.latest(type),
      [0, 1, 2, 5].map((place) => [seqs(log.from(type, place)), seqs(view.since(type, String(place)))]),
    ]),
  };
}

function said(plain: Fact[]): unknown {
  const datas = (facts: Fact[]): unknown[] => facts.map(({ data }) => data);
  const of = (type: string, place = 0): Fact[] =>
    plain.filter((fact, index) => index >= place && (type === "*" || fact.type === type));
  return {
    size: plain.length,
    facts: plain,
    newest: [...new Set(plain.map(({ type }) => type))].map((type) => of(type).at(-1)),
    current: plain.at(-1)?.data ?? null,
    lists: ["*", ...TYPES].map((type) => [
      datas(of(type)),
      of(type).at(-1),
      [0, 1, 2, 5].map((place) => [datas(of(type, place)), datas(of(type, place))]),
    ]),
  };
}

describe("A log of facts", () => {
  it("stays what it was, whatever is appended to it, to those before it and to those after it", () => {
    fc.assert(
      fc.property(operations, (steps) => {
        const pairs: Pair[] = [{ log: FactLog.empty((_, data) => data), plain: [] }];
        let seq = 0;
        for (const { on, what, type, later, nth } of steps) {
          const { log, plain } = pairs[on % pairs.length]!;
          const fact: Fact = {
            ...{ seq: ++seq, dataSeq: seq, type, by: null, data: { seq } },
            at: (plain.at(-1)?.at ?? 0) + later,
          };
          if (what === "append") pairs.push({ log: log.append(fact), plain: [...plain, fact] });
          if (what === "same") {
            // The next fact of a longer log that begins with the same, as a second try of one event appends it.
            const longer = pairs.find(
              (one) => one.plain.length > plain.length && plain.every((f, i) => f === one.plain[i]),
            );
            if (longer) {
              const next = longer.plain[plain.length]!;
              pairs.push({ log: log.append(next), plain: [...plain, next] });
            }
          }
          if (what === "before") {
            const event = nth % 2 === 0 ? fact : (plain[nth % Math.max(1, plain.length)] ?? fact);
            pairs.push({
              log: log.before(event),
              plain: plain.filter((one) => isBefore(one, event, plain[0]!)),
            });
          }
        }
        for (const { log, plain } of pairs) expect(told(log)).toEqual(said(plain));
      }),
      runs(300),
    );
  });

  it("sees each fact once, however many steps are made from it", () => {
    let masked = 0;
    const fact = (seq: number): Fact => ({ seq, dataSeq: seq, type: "a.reported", at: seq, by: null, data: {} });
    let log = FactLog.empty((_, data) => (masked++, data));
    for (let seq = 0; seq < 500; seq++) log = log.append(fact(seq));
    log.before(fact(250)).append(fact(250.5));
    expect(masked).toBe(501);
  });
});

describe("A step from a log that was kept", () => {
  const calendar = makeCalendar({ timeZone: "Europe/London", workingDays: [1, 2, 3, 4, 5], holidays: ["2026-04-03"] });

  it("is byte for byte the step from one that was built again", () => {
    fc.assert(
      fc.property(pathwayDocuments, histories, (document, { happenings, exit }) => {
        const pathway = compile(document);
        const known = { tasks: [], timers: [], firings: [] };
        const records: FoldRecord[] = [enrolled];
        const inOrder = eventsOf(happenings, exit).sort((a, b) => Number(a.occurredAt) - Number(b.occurredAt));
        let kept: Standing = refold(pathway, calendar, records, START, known, 1);
        for (const [index, event] of inOrder.entries()) {
          const record: FoldRecord = { ...event, seq: index + 2 };
          const added = effectiveEvents([enrolled, record], calendar).at(-1)!;
          const now = added.at + HOUR / 2;
          // As an event that is tried first and recorded then.
          const steps = [1, 2].map(() => advance(pathway, calendar, kept, added, now));
          const rebuilt = makeLog(pathway, factsOf(kept.stored, records, calendar));
          steps.push(advance(pathway, calendar, { ...kept, log: rebuilt }, added, now));
          const [first, again, fresh] = steps.map(({ log, ...made }) => canonicalJson({ ...made, facts: log.facts() }));
          expect(first).toBe(fresh);
          expect(again).toBe(fresh);
          if (steps[0]!.outcome.kind === "accepted") records.push(record);
          kept = steps[index % 2]!;
        }
      }),
      runs(100),
    );
  });
});
