import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { runs } from "./seed.js";
import { canonicalJson, compile, makeCalendar, project, type FoldRecord } from "../../src/core/index.js";
import { END, enrolled, eventsOf, histories, HOUR, shuffled, START } from "./generated-histories.js";
import { pathwayDocuments } from "./generated-pathways.js";
import { Ledger } from "./ledger.js";

const calendar = makeCalendar({ timeZone: "Europe/London", workingDays: [1, 2, 3, 4, 5], holidays: ["2026-04-03"] });

describe("for every pathway and history", () => {
  it("recording step by step, in whatever order, is the same as one fold over the whole record", () => {
    fc.assert(
      fc.property(pathwayDocuments, histories, (document, { happenings, exit, corrections, shuffle }) => {
        const pathway = compile(document);
        const ledger = new Ledger(pathway, calendar);
        ledger.record(enrolled, START);
        let seq = 1;
        let now = START;
        for (const event of shuffled(eventsOf(happenings, exit), shuffle)) {
          now = Math.max(now, event.occurredAt as number);
          ledger.record({ ...event, seq: ++seq }, now);
        }
        now = Math.max(now, START + 24 * 121 * HOUR);
        for (const { of, hours, n, strikeOut } of corrections) {
          const target = ledger.records.filter((record) => record.kind === "event" && record.seq > 1);
          const corrected = target[of % Math.max(1, target.length)];
          if (corrected?.kind !== "event") continue;
          ledger.record(
            {
              ...{ kind: "correction", seq: ++seq, corrects: corrected.seq, recordedAt: END },
              ...(hours !== null && { occurredAt: START + hours * HOUR }),
              ...(n !== null && "n" in corrected.data && { data: { n } }),
              ...(strikeOut !== null && { strikeOut }),
            },
            (now += HOUR),
          );
        }
        ledger.wait(END);

        const fresh = new Ledger(pathway, calendar);
        fresh.records.push(...ledger.records.slice(0, -1));
        fresh.record(ledger.records.at(-1)!, END);
        expect(canonicalJson(ledger.stored)).toBe(canonicalJson(fresh.stored));

        const open = ledger.tasks
          .filter(({ status }) => status === "open")
          .map(({ status: _, id: __, ...task }) => task);
        const byKey = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : 1);
        expect(open.sort(byKey)).toEqual(ledger.stored!.tasks);
        const armed = [...ledger.timers.values()]
          .filter(({ status }) => status === "pending" || status === "held")
          .map(({ state, name, dueAt }) => `${state} ${name} ${dueAt}`);
        expect(armed.sort()).toEqual(
          ledger.stored!.timers.map(({ state, name, dueAt }) => `${state} ${name} ${dueAt}`).sort(),
        );
      }),
      runs(100),
    );
  });

  it("the order of recording does not matter where all events are accepted at distinct instants", () => {
    fc.assert(
      fc.property(pathwayDocuments, histories, (document, { happenings, shuffle }) => {
        const pathway = compile(document);
        const distinct = happenings.map((happened, index) => ({ ...happened, hours: happened.hours + index / 16 }));
        const listed = eventsOf(distinct, null);
        const seqed = (events: typeof listed): FoldRecord[] => [
          enrolled,
          ...events.map((event, index) => ({ ...event, seq: index + 2 })),
        ];
        const inOrder = project(pathway, calendar, seqed(listed), END);
        const shuffledOrder = project(pathway, calendar, seqed(shuffled(listed, shuffle)), END);
        if (inOrder.status === "notEnrolled" || shuffledOrder.status === "notEnrolled") throw new Error("not enrolled");
        fc.pre(inOrder.setAside.length === 0);
        const without = ({ latest, trace, ...rest }: typeof inOrder): unknown => ({
          ...rest,
          latest: Object.entries(latest).map(([type, { occurredAt, data }]) => [type, occurredAt, data]),
          trace: trace!.map(({ at, cause, state }) => ({
            at,
            type: cause.kind === "event" ? cause.type : cause.name,
            state,
          })),
        });
        expect(canonicalJson(without(shuffledOrder))).toBe(canonicalJson(without(inOrder)));
      }),
      runs(60),
    );
  });

  it("no arming of a timer fires twice, and each that the record derives has fired", () => {
    fc.assert(
      fc.property(pathwayDocuments, histories, (document, { happenings, shuffle }) => {
        const pathway = compile(document);
        const ledger = new Ledger(pathway, calendar);
        ledger.record(enrolled, START);
        let now = START;
        // No two events, and no event and timer, at one instant: there a state may rightly be entered twice.
        const distinct = happenings.map((happened, index) => ({
          ...happened,
          hours: happened.hours + (index + 1) / 64,
        }));
        shuffled(eventsOf(distinct, null), shuffle).forEach((event, index) => {
          now = Math.max(now, event.occurredAt as number);
          ledger.record({ ...event, seq: index + 2 }, now);
        });
        ledger.wait(END);
        const recorded = ledger.firings.map((firing) => canonicalJson(firing));
        expect(new Set(recorded).size).toBe(recorded.length);
        const projection = project(pathway, calendar, ledger.records, END);
        if (projection.status === "notEnrolled") throw new Error("not enrolled");
        for (const { cause } of projection.trace!) {
          if (cause.kind !== "timer") continue;
          const { state, name, dueAt } = cause;
          expect(ledger.firings).toContainEqual(expect.objectContaining({ state, name, dueAt }));
        }
      }),
      runs(60),
    );
  });

  it("an exit leaves nothing open and nothing armed", () => {
    fc.assert(
      fc.property(pathwayDocuments, histories, (document, { happenings, exit, shuffle }) => {
        const ledger = new Ledger(compile(document), calendar);
        ledger.record(enrolled, START);
        shuffled(eventsOf(happenings, exit ?? 500), shuffle).forEach((event, index) => {
          ledger.record({ ...event, seq: index + 2 }, END);
        });
        const at = START + (exit ?? 500) * HOUR;
        expect(ledger.stored).toMatchObject({
          status: "exited",
          exit: { at, reason: "completed" },
          tasks: [],
          timers: [],
        });
        expect(ledger.tasks.filter(({ status }) => status === "open")).toEqual([]);
        expect([...ledger.timers.values()].filter(({ status }) => status === "pending" || status === "held")).toEqual(
          [],
        );
      }),
      runs(100),
    );
  });
});
