import { afterAll, beforeAll, beforeEach, expect, it } from "@jest/globals";
import { assessment, at, key, keysOf, problemOf, START, standing, who, World } from "./engine-world.js";
import type { OperateTask } from "../../src/engine/model/commands.js";

let world: World;
let id: string;
beforeAll(async () => void (world = await World.make("2026-03-02T10:00:00Z")));
afterAll(() => world.drop());
beforeEach(async () => {
  await world.clock.set("2026-03-02T10:00:00Z");
  world.committed.length = 0;
  ({ id } = await world.enrol());
});

const rowOf = async (name: string) => {
  const rows = await world.database.app.query(`SELECT * FROM timer WHERE enrolment_id = $1 AND name = $2`, [id, name]);
  return rows[0];
};

it("a timer has a bell from the moment it is armed, and none once it is left", async () => {
  await world.report(id, "radiotherapy.started", START);
  const row = await rowOf("responseReview");
  const name = "neoplastic-lumbosacral-plexopathy/responseReview";
  const timer = { timerId: row.id, generation: 1, name, dueAt: at("2026-07-02T08:00:00Z") };
  const told = () => world.committed.filter(({ enrolmentId }) => enrolmentId === id).flatMap(({ timers }) => timers);
  expect(told()).toContainEqual({ kind: "armed", ...timer });
  await world.report(id, "response.assessed", assessment("improved"));
  expect(told()).toContainEqual({ kind: "disarmed", ...timer });
});

it("a bell fires what is due, once; a bell of another generation does nothing", async () => {
  await world.report(id, "radiotherapy.started", START);
  const { id: timerId } = await rowOf("responseReview");
  const ring = (generation: number) =>
    world.one({ kind: "wake", enrolmentId: id, by: "job", timer: { id: timerId, generation } });
  await world.clock.set("2026-07-02T08:00:03Z");
  expect(await ring(2)).toEqual({ kind: "woken", fired: 0 });
  expect(await ring(1)).toMatchObject({ kind: "woken" });
  expect(await ring(1)).toEqual({ kind: "woken", fired: 0 });
  const [fired] = (await world.history(id)).filter(({ detail }) => detail?.["name"] === "responseReview");
  expect(fired).toMatchObject({
    occurredAt: at("2026-07-02T08:00:00Z"),
    detail: { firedBy: "job", latenessMs: 3000, dueAt: at("2026-07-02T08:00:00Z") },
    stateBefore: { treatment: "awaitingResponse" },
    stateAfter: { treatment: "responseReview" },
  });
  expect(keysOf(await world.view(id))).toContain("treatment.responseReview");
  await world.expectConsistent(id);
});

it("lateness counts from the recording that armed the timer, where that came after its due instant", async () => {
  await world.clock.set("2026-09-01T10:00:00Z");
  await world.report(id, "radiotherapy.started", START, { occurredAt: at("2026-03-03T10:00:00Z") });
  const [fired] = (await world.history(id)).filter(({ detail }) => detail?.["name"] === "responseReview");
  expect(fired!.detail).toMatchObject({ firedBy: "event", latenessMs: 0 });
});

it("before an event, all timers due by then have fired, at their own instants", async () => {
  await world.report(id, "radiotherapy.started", START);
  await world.clock.set("2026-07-05T10:00:00Z");
  const { snapshot } = await world.report(
    id,
    "response.assessed",
    assessment("undetermined", { objective: "undetermined" }),
  );
  expect(standing(snapshot).state).toMatchObject({ treatment: "reviewPostponed" });
  const types = (await world.history(id)).map(({ type }) => type);
  expect(types.lastIndexOf("timer.fired")).toBeLessThan(types.indexOf("response.assessed"));
  await world.expectConsistent(id);
});

it("an exit dated back before a timer that is due lets it fire no more", async () => {
  await world.report(id, "radiotherapy.started", START);
  await world.clock.set("2026-07-05T10:00:00Z");
  await world.report(id, "pathway.exited", { reason: "died" }, { occurredAt: "2026-06-30" });
  const history = await world.history(id);
  expect(history.filter(({ detail }) => detail?.["name"] === "responseReview")).toEqual([]);
  expect(history.map(({ type }) => type)).not.toContain("task.withdrawn");
  await world.expectConsistent(id);
});

it("a view shows a due timer as fired before anybody woke it, and the task under the id that it will have", async () => {
  await world.report(id, "radiotherapy.started", START);
  await world.clock.set("2026-07-05T10:00:00Z");
  const early = (await world.view(id)).tasks.find(({ key }) => key === "treatment.responseReview")!;
  const operation = { name: "claim" } as const;
  const claim: OperateTask = {
    kind: "operateTask",
    actor: who("clinician"),
    enrolmentId: id,
    taskId: early.id,
    operation,
  };
  expect(await world.one(claim)).toMatchObject({ kind: "task", taskId: early.id });
  expect((await world.view(id)).tasks).toContainEqual({ ...early, assignee: "clinician" });
});

it("a pause holds timers and tasks, a resumption moves them; a bell of before finds another generation", async () => {
  await world.report(id, "radiotherapy.started", START);
  await world.clock.set("2026-04-02T10:00:00Z");
  const paused = await world.report(id, "pathway.paused", { reason: "Holiday" }, { by: "coordinator" });
  expect(standing(paused.snapshot).status).toBe("paused");
  expect(keysOf(paused.snapshot)).toContain("pathway.paused");
  expect(paused.snapshot.tasks.find(({ key }) => key === "rehabilitation.notReferred")).toMatchObject({ held: true });
  const [task] = await world.database.app.query(
    `SELECT held FROM task WHERE enrolment_id = $1 AND key = 'rehabilitation.notReferred'`,
    [id],
  );
  expect(task.held).toBe(true);
  expect(await rowOf("responseReview")).toMatchObject({ status: "held", generation: 1 });
  await world.expectConsistent(id);
  await world.clock.set("2026-08-01T10:00:00Z");
  expect(await world.wake(id)).toBe(0);
  await world.report(id, "pathway.resumed", {}, { by: "coordinator" });
  const row = await rowOf("responseReview");
  expect(row).toMatchObject({ status: "pending", generation: 2 });
  expect(row.due_at).toBeGreaterThan(at("2026-10-30T00:00:00Z"));
  await world.expectConsistent(id);
});

it("a task is claimed by one at a time, and released by its holder or a lead", async () => {
  const { tasks } = await world.view(id);
  const taskId = tasks.find(({ key }) => key === "treatment.awaitingRadiotherapy")!.id;
  const operate = (person: string, name: "claim" | "release"): Promise<unknown> => {
    const command: OperateTask = {
      kind: "operateTask",
      actor: who(person),
      idempotency: key(),
      enrolmentId: id,
      taskId,
      operation: { name },
    };
    return world.one(command);
  };
  expect(await operate("clinician", "claim")).toMatchObject({ refusal: { name: "forbidden" } });
  expect(await operate("coordinator", "claim")).toMatchObject({ kind: "task", taskId });
  expect(await operate("lead", "claim")).toMatchObject({ refusal: { name: "task-claimed", assignee: "coordinator" } });
  expect(await operate("lead", "release")).toMatchObject({ kind: "task" });
  expect(await operate("lead", "claim")).toMatchObject({ kind: "task" });
  const records = (await world.history(id)).filter(({ by, kind }) => kind === "task" && by !== null);
  expect(records.map(({ type, by, role }) => [type, by, role])).toEqual([
    ["task.claimed", "coordinator", "coordinator"],
    ["task.released", "lead", "lead"],
    ["task.claimed", "lead", "lead"],
  ]);
  await world.report(id, "radiotherapy.started", START);
  expect(await operate("lead", "release")).toMatchObject({ refusal: { name: "task-closed" } });
  await world.expectConsistent(id);
});

it("what is not there is not found", async () => {
  const nobody = "00000000-0000-0000-0000-000000000000";
  expect(problemOf(await world.tryReport(nobody, "pain.scored")).name).toBe("not-found");
  expect(problemOf(await world.one({ kind: "wake", enrolmentId: nobody, by: "job" })).name).toBe("not-found");
  const claim: OperateTask = {
    kind: "operateTask",
    actor: who("lead"),
    enrolmentId: id,
    taskId: nobody,
    operation: { name: "claim" },
  };
  expect(problemOf(await world.one(claim)).name).toBe("not-found");
  expect(await world.views.snapshot(world.sql, nobody)).toBeNull();
});
