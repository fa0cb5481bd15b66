import { beforeAll, describe, expect, it } from "@jest/globals";
import type { JsonObject, Pathway } from "../../src/core/index.js";
import type { Correct } from "../../src/engine/model/commands.js";
import type { Firing, Kept } from "../../src/engine/model/loaded.js";
import type { TaskRow, TimerRow } from "../../src/engine/model/rows.js";
import { MemoryWorld } from "../engine/memory-world.js";
import { firstPathway, instant, response, START } from "./first-pathway.js";

const calendar = { timeZone: "UTC", workingDays: [1, 2, 3, 4, 5], holidays: [] };
let pathway: Pathway;

beforeAll(() => {
  pathway = firstPathway();
});

/** One enrolment, recorded by the engine in memory. */
class Course {
  private constructor(
    private readonly world: MemoryWorld,
    private readonly id: string,
  ) {}

  static async begin(at: string): Promise<Course> {
    const world = new MemoryWorld(pathway, instant(at), { calendar });
    return new Course(world, await world.enrol());
  }

  /** Recorded when it happened unless told otherwise; gives the number of its record. */
  async report(type: string, at: string, data: JsonObject = {}, recordedAt = at): Promise<number> {
    this.world.now = instant(recordedAt);
    const answer = await this.world.one(
      this.world.reportCommand(this.id, { type, occurredAt: instant(at), data, confirm: true }),
    );
    if (answer.kind !== "reported") throw new Error(JSON.stringify(answer));
    return answer.event.seq;
  }

  async correct(seq: number, recordedAt: string, fields: Partial<Correct>): Promise<void> {
    this.world.now = instant(recordedAt);
    const answer = await this.world.one(this.world.correctCommand(this.id, seq, fields));
    if (answer.kind !== "corrected") throw new Error(JSON.stringify(answer));
  }

  async wait(until: string): Promise<void> {
    this.world.now = instant(until);
    await this.world.wake(this.id);
  }

  get stored(): Kept["row"]["stored"] {
    return this.world.store.kept(this.id).row.stored;
  }

  tasks(key: string): TaskRow[] {
    return this.world.store.kept(this.id).tasks.filter((row) => row.key === key);
  }

  timer(state: string, name: string): TimerRow | undefined {
    return this.world.store.kept(this.id).timers.find((row) => row.state === state && row.name === name);
  }

  firings(name: string): Firing[] {
    return this.world.store.kept(this.id).firings.filter((firing) => firing.name === name);
  }
}

/** Enrolled on 5 January, radiotherapy from 7 January: the review opens on Thursday 7 May at nine. */
async function reviewed(): Promise<{ course: Course; started: number }> {
  const course = await Course.begin("2026-01-05T09:00:00Z");
  const started = await course.report("radiotherapy.started", "2026-01-07T10:00:00Z", START);
  await course.wait("2026-05-07T09:00:00Z");
  return { course, started };
}

const REVIEW = "treatment.responseReview";
const AWAY = { reason: "Away" };

describe("a re-fold", () => {
  it("leaves a completed task completed and reopens it when what closed it is struck out", async () => {
    const { course } = await reviewed();
    const [row] = course.tasks(REVIEW);
    expect(row).toMatchObject({ status: "open", openedAt: instant("2026-05-07T09:00:00Z") });
    const assessed = await course.report("response.assessed", "2026-05-08T10:00:00Z", response("improved", "stable"));
    expect(course.tasks(REVIEW)).toEqual([expect.objectContaining({ id: row!.id, status: "closed" })]);
    await course.correct(assessed, "2026-05-09T10:00:00Z", { strikeOut: true });
    expect(course.tasks(REVIEW)).toEqual([row]);
  });

  it("withdraws a task that is no longer derived and arms its timer anew", async () => {
    const { course, started } = await reviewed();
    await course.correct(started, "2026-05-07T12:00:00Z", { occurredAt: instant("2026-02-09T10:00:00Z") });
    expect(course.tasks(REVIEW)).toEqual([expect.objectContaining({ status: "withdrawn" })]);
    expect(course.timer("treatment.awaitingResponse", "responseReview")).toMatchObject({
      status: "pending",
      dueAt: instant("2026-06-09T09:00:00Z"),
    });
    expect(course.firings("responseReview")).toHaveLength(1);
    await course.wait("2026-06-09T09:00:00Z");
    expect(course.firings("responseReview")).toHaveLength(2);
    expect(course.tasks(REVIEW).filter(({ status }) => status === "open")).toHaveLength(1);
  });

  it("arms a timer again where the late event made an earlier arming of it fire", async () => {
    const course = await Course.begin("2026-01-05T09:00:00Z");
    const scored = (at: string): Promise<number> =>
      course.report("pain.scored", at, { index: 1, redFlags: [] }, "2026-03-01T09:00:00Z");
    await course.report("pathway.paused", "2026-03-01T08:00:00Z", AWAY);
    await scored("2026-02-20T09:00:00Z");
    const armed = course.timer("pain.monitoring.waiting", "painCheck");
    expect(armed).toMatchObject({ status: "held", startedAt: instant("2026-02-20T09:00:00Z") });
    // Scored on 6 January, the pain is asked for again on 3 February: a firing that nobody had derived before.
    await scored("2026-01-06T09:00:00Z");
    expect(course.firings("painCheck").map(({ dueAt }) => dueAt)).toContain(instant("2026-02-03T09:00:00Z"));
    const { generation, ...again } = course.timer("pain.monitoring.waiting", "painCheck")!;
    expect({ ...again, generation: armed!.generation }).toEqual(armed);
    expect(generation).toBeGreaterThan(armed!.generation);
  });

  it("arms a timer again, held, that fired before a late pause was reported", async () => {
    const course = await Course.begin("2026-01-05T09:00:00Z");
    await course.wait("2026-02-20T09:00:00Z");
    const row = (): TimerRow | undefined => course.timer("pain.monitoring.waiting", "painCheck");
    expect(row()).toMatchObject({ status: "fired", dueAt: instant("2026-02-02T09:00:00Z") });
    await course.report("pathway.paused", "2026-01-20T09:00:00Z", AWAY, "2026-02-20T09:00:00Z");
    expect(row()).toMatchObject({ status: "held", dueAt: instant("2026-02-02T09:00:00Z") });
  });

  it("keeps an open task's row when its entry moves", async () => {
    const { course, started } = await reviewed();
    const [row] = course.tasks(REVIEW);
    await course.correct(started, "2026-05-07T12:00:00Z", { occurredAt: instant("2026-01-06T10:00:00Z") });
    expect(course.tasks(REVIEW)).toEqual([
      expect.objectContaining({ id: row!.id, status: "open", openedAt: instant("2026-05-06T09:00:00Z") }),
    ]);
  });

  it("reopens an urgent task for a sign that nobody had seen when it was reviewed (F15)", async () => {
    const { course } = await reviewed();
    const sign = { signs: ["saddleNumbness"] };
    await course.report("redFlag.reported", "2026-05-08T03:00:00Z", sign);
    await course.report("redFlag.reviewed", "2026-05-08T05:00:00Z", { outcome: "excluded" });
    expect(course.stored.value).toMatchObject({ safety: "clear" });
    await course.report("redFlag.reported", "2026-05-08T04:00:00Z", sign, "2026-05-08T06:00:00Z");
    expect(course.stored.value).toMatchObject({ safety: "urgent" });
    expect(course.tasks("safety.urgent")).toEqual([expect.objectContaining({ status: "open" })]);
    await course.report("redFlag.reviewed", "2026-05-08T07:00:00Z", { outcome: "excluded" });
    expect(course.stored.value).toMatchObject({ safety: "clear" });
  });

  it("derives everything again when an exit is struck out", async () => {
    const { course } = await reviewed();
    const exited = await course.report("pathway.exited", "2026-05-10T10:00:00Z", { reason: "died" });
    expect(course.stored.tasks).toEqual([]);
    await course.correct(exited, "2026-05-11T10:00:00Z", { strikeOut: true });
    expect(course.stored).toMatchObject({ status: "active" });
    expect(course.tasks(REVIEW)).toEqual([expect.objectContaining({ status: "open" })]);
  });

  it("sets aside what comes after a back-dated exit, and takes it back when the exit moves", async () => {
    const { course } = await reviewed();
    const scored = await course.report("pain.scored", "2026-05-09T10:00:00Z", { index: 2, redFlags: [] });
    const left = { reason: "withdrew" };
    const exited = await course.report("pathway.exited", "2026-05-08T10:00:00Z", left, "2026-05-10T10:00:00Z");
    expect(course.stored.setAside).toEqual([scored]);
    await course.correct(exited, "2026-05-11T10:00:00Z", { occurredAt: instant("2026-05-09T12:00:00Z") });
    expect(course.stored).toMatchObject({ setAside: [], exit: { at: instant("2026-05-09T12:00:00Z") } });
  });
});

describe("a pause", () => {
  it("holds what waits, runs what is urgent, and moves the rest by what it took", async () => {
    const { course } = await reviewed();
    await course.report("redFlag.reported", "2026-05-08T08:00:00Z", { signs: ["newWeakness"] });
    await course.report("pathway.paused", "2026-05-11T09:00:00Z", AWAY);
    const keys = (): string[] => course.stored.tasks.map(({ key }) => key);
    expect(keys()).toContain("pathway.paused");
    await course.report("pathway.resumed", "2026-05-14T21:00:00Z");
    const dueAt = (key: string): number | undefined => course.stored.tasks.find((task) => task.key === key)?.dueAt;
    // The review was due two weeks after 7 May, 09:00; the pause took three days and twelve hours.
    expect(dueAt(REVIEW)).toBe(instant("2026-05-24T21:00:00Z"));
    expect(dueAt("safety.urgent")).toBe(instant("2026-05-08T08:00:00Z"));
    expect(keys()).not.toContain("pathway.paused");
  });
});
