import { beforeAll, describe, expect, it } from "@jest/globals";
import { makeCalendar, type CorrectionRecord, type Pathway } from "../../src/core/index.js";
import { event, firstPathway, instant, response, START } from "./first-pathway.js";
import { Ledger } from "./ledger.js";

const calendar = makeCalendar({ timeZone: "UTC", workingDays: [1, 2, 3, 4, 5], holidays: [] });
let pathway: Pathway;

beforeAll(() => {
  pathway = firstPathway();
});

function correction(
  seq: number,
  corrects: number,
  recordedAt: string,
  fields: Partial<CorrectionRecord>,
): CorrectionRecord {
  return { kind: "correction", seq, corrects, recordedAt: instant(recordedAt), ...fields };
}

/** Enrolled on 5 January, radiotherapy from 7 January: the review opens on Thursday 7 May at nine. */
function reviewed(): Ledger {
  const ledger = new Ledger(pathway, calendar);
  ledger.record(event(1, "pathway.enrolled", "2026-01-05T09:00:00Z"), instant("2026-01-05T09:00:00Z"));
  ledger.record(event(2, "radiotherapy.started", "2026-01-07T10:00:00Z", START), instant("2026-01-07T10:00:00Z"));
  ledger.wait(instant("2026-05-07T09:00:00Z"));
  return ledger;
}

const task = (ledger: Ledger, key: string): object[] => ledger.tasks.filter((row) => row.key === key);

describe("a re-fold", () => {
  it("leaves a completed task completed and reopens it when what closed it is struck out", () => {
    const ledger = reviewed();
    const [row] = task(ledger, "treatment.responseReview");
    expect(row).toMatchObject({ status: "open", openedAt: instant("2026-05-07T09:00:00Z") });
    const assessed = event(3, "response.assessed", "2026-05-08T10:00:00Z", response("improved", "stable"));
    ledger.record(assessed, instant("2026-05-08T10:00:00Z"));
    expect(task(ledger, "treatment.responseReview")).toEqual([expect.objectContaining({ status: "closed" })]);
    ledger.record(correction(4, 3, "2026-05-09T10:00:00Z", { strikeOut: true }), instant("2026-05-09T10:00:00Z"));
    expect(task(ledger, "treatment.responseReview")).toEqual([row]);
    expect(row).toMatchObject({ status: "open" });
  });

  it("withdraws a task that is no longer derived and arms its timer anew", () => {
    const ledger = reviewed();
    const corrected = correction(3, 2, "2026-05-07T12:00:00Z", { occurredAt: instant("2026-02-09T10:00:00Z") });
    ledger.record(corrected, instant("2026-05-07T12:00:00Z"));
    expect(task(ledger, "treatment.responseReview")).toEqual([expect.objectContaining({ status: "withdrawn" })]);
    expect(ledger.timers.get("treatment.awaitingResponse responseReview")).toMatchObject({
      status: "pending",
      dueAt: instant("2026-06-09T09:00:00Z"),
    });
    expect(ledger.firings.filter(({ name }) => name === "responseReview")).toHaveLength(1);
    ledger.wait(instant("2026-06-09T09:00:00Z"));
    expect(ledger.firings.filter(({ name }) => name === "responseReview")).toHaveLength(2);
    expect(
      ledger.tasks.filter(({ key, status }) => key === "treatment.responseReview" && status === "open"),
    ).toHaveLength(1);
  });

  it("arms a timer again where the late event made an earlier arming of it fire", () => {
    const ledger = new Ledger(pathway, calendar);
    const scored = (seq: number, at: string): void => {
      ledger.record(event(seq, "pain.scored", at, { index: 1, redFlags: [] }), instant("2026-03-01T09:00:00Z"));
    };
    ledger.record(event(1, "pathway.enrolled", "2026-01-05T09:00:00Z"), instant("2026-01-05T09:00:00Z"));
    ledger.record(
      event(2, "pathway.paused", "2026-03-01T08:00:00Z", { reason: true }),
      instant("2026-03-01T08:00:00Z"),
    );
    scored(3, "2026-02-20T09:00:00Z");
    const armed = ledger.timers.get("pain.monitoring.waiting painCheck");
    expect(armed).toMatchObject({ status: "held", startedAt: instant("2026-02-20T09:00:00Z") });
    // Scored on 6 January, the pain is asked for again on 3 February: a firing that nobody had derived before.
    scored(4, "2026-01-06T09:00:00Z");
    expect(ledger.firings.map(({ dueAt }) => dueAt)).toContain(instant("2026-02-03T09:00:00Z"));
    expect(ledger.timers.get("pain.monitoring.waiting painCheck")).toEqual(armed);
  });

  it("arms a timer again, held, that fired before a late pause was reported", () => {
    const ledger = new Ledger(pathway, calendar);
    const now = instant("2026-02-20T09:00:00Z");
    ledger.record(event(1, "pathway.enrolled", "2026-01-05T09:00:00Z"), now);
    const row = (): unknown => ledger.timers.get("pain.monitoring.waiting painCheck");
    expect(row()).toMatchObject({ status: "fired", dueAt: instant("2026-02-02T09:00:00Z") });
    ledger.record(event(2, "pathway.paused", "2026-01-20T09:00:00Z", { reason: true }), now);
    expect(row()).toMatchObject({ status: "held", dueAt: instant("2026-02-02T09:00:00Z") });
  });

  it("keeps an open task's row when its entry moves", () => {
    const ledger = reviewed();
    const corrected = correction(3, 2, "2026-05-07T12:00:00Z", { occurredAt: instant("2026-01-06T10:00:00Z") });
    ledger.record(corrected, instant("2026-05-07T12:00:00Z"));
    expect(task(ledger, "treatment.responseReview")).toEqual([
      expect.objectContaining({ status: "open", openedAt: instant("2026-05-06T09:00:00Z") }),
    ]);
  });

  it("reopens an urgent task for a sign that nobody had seen when it was reviewed (F15)", () => {
    const ledger = reviewed();
    const sign = { signs: ["saddleNumbness"] };
    ledger.record(event(3, "redFlag.reported", "2026-05-08T03:00:00Z", sign), instant("2026-05-08T03:00:00Z"));
    const reviewedAt = "2026-05-08T05:00:00Z";
    ledger.record(event(4, "redFlag.reviewed", reviewedAt, { outcome: "excluded" }), instant(reviewedAt));
    expect(ledger.stored!.value).toMatchObject({ safety: "clear" });
    ledger.record(
      event(5, "redFlag.reported", "2026-05-08T04:00:00Z", sign, { recordedAt: "2026-05-08T06:00:00Z" }),
      instant("2026-05-08T06:00:00Z"),
    );
    expect(ledger.stored!.value).toMatchObject({ safety: "urgent" });
    expect(task(ledger, "safety.urgent")).toEqual([expect.objectContaining({ status: "open" })]);
    const again = "2026-05-08T07:00:00Z";
    ledger.record(event(6, "redFlag.reviewed", again, { outcome: "excluded" }), instant(again));
    expect(ledger.stored!.value).toMatchObject({ safety: "clear" });
  });

  it("derives everything again when an exit is struck out", () => {
    const ledger = reviewed();
    const at = "2026-05-10T10:00:00Z";
    ledger.record(event(3, "pathway.exited", at, { reason: "died" }), instant(at));
    expect(ledger.stored!.tasks).toEqual([]);
    ledger.record(correction(4, 3, "2026-05-11T10:00:00Z", { strikeOut: true }), instant("2026-05-11T10:00:00Z"));
    expect(ledger.stored).toMatchObject({ status: "active" });
    expect(task(ledger, "treatment.responseReview")).toEqual([expect.objectContaining({ status: "open" })]);
  });

  it("sets aside what comes after a back-dated exit, and takes it back when the exit moves", () => {
    const ledger = reviewed();
    const scored = event(3, "pain.scored", "2026-05-09T10:00:00Z", { index: 2, redFlags: [] });
    ledger.record(scored, instant("2026-05-09T10:00:00Z"));
    const exited = event(
      4,
      "pathway.exited",
      "2026-05-08T10:00:00Z",
      { reason: "withdrew" },
      { recordedAt: "2026-05-10T10:00:00Z" },
    );
    ledger.record(exited, instant("2026-05-10T10:00:00Z"));
    expect(ledger.stored!.setAside).toEqual([3]);
    const moved = correction(5, 4, "2026-05-11T10:00:00Z", { occurredAt: instant("2026-05-09T12:00:00Z") });
    ledger.record(moved, instant("2026-05-11T10:00:00Z"));
    expect(ledger.stored).toMatchObject({ setAside: [], exit: { at: instant("2026-05-09T12:00:00Z") } });
  });
});

describe("a pause", () => {
  it("holds what waits, runs what is urgent, and moves the rest by what it took", () => {
    const ledger = reviewed();
    ledger.record(
      event(3, "redFlag.reported", "2026-05-08T08:00:00Z", { signs: ["newWeakness"] }),
      instant("2026-05-08T08:00:00Z"),
    );
    ledger.record(
      event(4, "pathway.paused", "2026-05-11T09:00:00Z", { reason: true }),
      instant("2026-05-11T09:00:00Z"),
    );
    expect(ledger.stored!.tasks.map(({ key }) => key)).toContain("pathway.paused");
    const resumedAt = "2026-05-14T21:00:00Z";
    ledger.record(event(5, "pathway.resumed", resumedAt), instant(resumedAt));
    // The review was due two weeks after 7 May, 09:00; the pause took three days and twelve hours.
    expect(ledger.stored!.tasks.find(({ key }) => key === "treatment.responseReview")).toMatchObject({
      dueAt: instant("2026-05-24T21:00:00Z"),
    });
    expect(ledger.stored!.tasks.find(({ key }) => key === "safety.urgent")).toMatchObject({
      dueAt: instant("2026-05-08T08:00:00Z"),
    });
    expect(ledger.stored!.tasks.map(({ key }) => key)).not.toContain("pathway.paused");
  });
});
