import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { until } from "../support/until.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, RADIOTHERAPY, report } from "./support/story.js";

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("the metrics tell how the timers fare", () => {
  let server: Server;
  let id: string;
  beforeAll(async () => {
    server = await startServer({ at: "2026-06-15T10:00:00Z" });
    id = (await enrol(server.api)).id;
    const { status } = await report(server.api, id, { type: "radiotherapy.started", data: RADIOTHERAPY });
    expect(status).toBe(201);
  });
  afterAll(() => server.stop());

  /** Each series with its labels, as Prometheus reads it. */
  const scrape = async (): Promise<Map<string, number>> => {
    const { status, type, body } = await server.api.get("/metrics");
    expect([status, type]).toEqual([200, "text/plain"]);
    const samples = String(body).matchAll(/^(pathkeeper_\S+?(?:\{.*\})?) (\S+)$/gm);
    return new Map([...samples].map(([, series, value]) => [series!, Number(value)]));
  };

  it("has every one from the start, at zero where nothing fired", async () => {
    const metrics = await scrape();
    for (const by of ["job", "sweep", "event"]) {
      expect(metrics.get(`pathkeeper_timers_fired_total{woken_by="${by}"}`)).toBe(0);
      expect(metrics.get(`pathkeeper_timer_lateness_seconds_count{woken_by="${by}"}`)).toBe(0);
    }
    expect(metrics.get("pathkeeper_timers_overdue")).toBe(0);
  });

  it("counts the jobs in the queue, by state", async () => {
    const { timers } = (await server.api.get(`/api/enrolments/${id}`, { as: "lead" })).body;
    expect(timers.length).toBeGreaterThan(0);
    const delayed = 'pathkeeper_queue_jobs{queue="timers",state="delayed"}';
    await until(async () => (await scrape()).get(delayed) === timers.length, { what: "the bells of the timers" });
    for (const state of ["waiting", "active", "failed"])
      expect((await scrape()).get(`pathkeeper_queue_jobs{queue="timers",state="${state}"}`)).toBe(0);
  });

  it("counts what is overdue, and once it fired how late it was and what woke it", async () => {
    const { timers } = (await server.api.get(`/api/enrolments/${id}`, { as: "lead" })).body;
    const due = Math.min(...timers.map(({ dueAt }: { dueAt: string }) => Date.parse(dueAt)));
    const count = timers.filter(({ dueAt }: { dueAt: string }) => Date.parse(dueAt) === due).length;
    await server.clock.set(due + HOUR);
    expect((await scrape()).get("pathkeeper_timers_overdue")).toBe(count);

    await report(server.api, id, { type: "contact.made", data: { channel: "phone" } });
    const metrics = await scrape();
    expect(metrics.get("pathkeeper_timers_overdue")).toBe(0);
    expect(metrics.get('pathkeeper_timers_fired_total{woken_by="event"}')).toBe(count);
    const lateness = (rest: string) => metrics.get(`pathkeeper_timer_lateness_seconds_${rest}`);
    expect(lateness('count{woken_by="event"}')).toBe(count);
    expect(lateness('sum{woken_by="event"}')).toBe(count * 3_600);
    expect(lateness('bucket{le="600",woken_by="event"}')).toBe(0);
    expect(lateness('bucket{le="3600",woken_by="event"}')).toBe(count);
  });
});

describe("the metrics tell how much is overdue, by how late it is", () => {
  const LATENESSES = { "<1m": [0, MINUTE], "<1h": [MINUTE, HOUR], "<1d": [HOUR, DAY], more: [DAY, Infinity] } as const;
  let server: Server;
  beforeAll(async () => {
    server = await startServer({ at: "2026-06-15T10:00:00Z" });
  });
  afterAll(() => server.stop());

  const told = async (what: "timers" | "tasks"): Promise<Record<string, number>> => {
    const { body } = await server.api.get("/metrics");
    const name = new RegExp(`^pathkeeper_${what}_overdue_by_lateness\\{(.*)\\} (\\S+)$`, "gm");
    return Object.fromEntries([...String(body).matchAll(name)].map(([, labels, count]) => [labels, Number(count)]));
  };
  const counted = (dues: readonly number[], labels: string): Record<string, number> => {
    const now = server.clock.now();
    return Object.fromEntries(
      Object.entries(LATENESSES).map(([late, [from, to]]) => [
        `${labels}late="${late}"`,
        dues.filter((due) => due < now && now - due >= from && now - due < to).length,
      ]),
    );
  };

  it("of timers, and of tasks with the urgent ones apart", async () => {
    const { id } = await enrol(server.api);
    await report(server.api, id, { type: "redFlag.reported", data: { signs: ["newWeakness"] } });
    const { tasks, timers } = (await server.api.get(`/api/enrolments/${id}`, { as: "lead" })).body as {
      tasks: { dueAt: string; urgency: string }[];
      timers: { dueAt: string }[];
    };
    const dues = (all: { dueAt: string }[]): number[] => all.map(({ dueAt }) => Date.parse(dueAt));
    const urgent = dues(tasks.filter(({ urgency }) => urgency === "urgent"));
    const routine = dues(tasks.filter(({ urgency }) => urgency === "routine"));
    for (const some of [urgent, routine, dues(timers)]) expect(some.length).toBeGreaterThan(0);
    for (const first of [urgent, routine, dues(timers)].map((some) => Math.min(...some))) {
      for (const after of [0, 1, MINUTE - 1, MINUTE, HOUR - 1, HOUR, DAY - 1, DAY]) {
        await server.clock.set(first + after);
        expect(await told("timers")).toEqual(counted(dues(timers), ""));
        expect(await told("tasks")).toEqual({
          ...counted(urgent, 'urgency="urgent",'),
          ...counted(routine, 'urgency="routine",'),
        });
      }
    }
  });
});
