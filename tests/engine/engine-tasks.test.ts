import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { OperateTask, TaskOperation } from "../../src/engine/model/commands.js";
import { assessment, at, key, problemOf, START, who, World } from "./engine-world.js";

const NOW = "2026-08-12T10:00:00Z";
const DAY = 24 * 3_600_000;

let world: World;
let id: string;
let taskId: string;
let dueAt: number;
beforeAll(async () => void (world = await World.make(NOW)));
afterAll(() => world.drop());
beforeEach(async () => {
  await world.clock.set(NOW);
  ({ id } = await world.enrol({ occurredAt: at("2026-03-01T09:00:00Z") }));
  await world.report(id, "radiotherapy.started", START, { occurredAt: at("2026-04-10T10:00:00Z") });
  ({ id: taskId, dueAt } = (await review())!);
  expect(dueAt).toBeGreaterThan(at(NOW) + DAY);
});

const review = async () => (await world.view(id)).tasks.find((task) => task.key === "treatment.responseReview");
const operations = async () => (await world.history(id)).filter(({ by, kind }) => kind === "task" && by !== null);
const command = (person: string, operation: TaskOperation): OperateTask => {
  return { kind: "operateTask", actor: who(person), idempotency: key(), enrolmentId: id, taskId, operation };
};
const operate = (person: string, operation: TaskOperation) => world.one(command(person, operation));
const assign = (person: string, from?: string): TaskOperation => {
  return { name: "assign", to: { person, roles: who(person).roles }, ...(from !== undefined && { from }) };
};

describe("a task that is assigned", () => {
  it("is somebody else's from then on, and the history says who did it and why", async () => {
    const answer = await operate("clinician", { ...assign("clinician2"), reason: "On leave" } as TaskOperation);
    expect(answer).toMatchObject({ kind: "task", taskId });
    expect(await review()).toMatchObject({ id: taskId, assignee: "clinician2" });
    expect(await operations()).toMatchObject([
      { type: "task.assigned", by: "clinician", detail: { taskId, assignee: "clinician2" }, reason: "On leave" },
    ]);
    const [row] = await world.database.app.query(`SELECT count(*) FROM record WHERE detail::text LIKE '%On leave%'`);
    expect(Number(row.count)).toBe(0);
    await world.expectConsistent(id);
  });

  it("is given away by its holder or by a lead, and by nobody else", async () => {
    await operate("clinician2", { name: "claim" });
    expect(await operate("clinician", assign("clinician"))).toMatchObject({
      refusal: { name: "task-claimed", assignee: "clinician2" },
    });
    expect(await operate("clinician2", assign("clinician"))).toMatchObject({ kind: "task" });
    expect(await operate("lead", assign("lead"))).toMatchObject({ kind: "task" });
    expect((await review())?.assignee).toBe("lead");
    expect(await operate("coordinator", assign("clinician"))).toMatchObject({ refusal: { name: "forbidden" } });
  });

  it("is not for somebody without its role at the site, nor for whom nobody knows", async () => {
    const to = who("coordinator");
    expect(problemOf(await operate("lead", { name: "assign", to }))).toMatchObject({
      ...{ name: "invalid-data", errors: [{ pointer: "/assignee", detail: expect.stringContaining("clinician") }] },
    });
    expect(problemOf(await operate("lead", { name: "assign", to: { person: "Ada Example" } }))).toEqual({
      name: "invalid-data",
      detail: "Nobody at this site is known by this id.",
      errors: [{ pointer: "/assignee", detail: "Nobody at this site is known by this id." }],
    });
    expect(await operations()).toEqual([]);
  });

  it("says nothing new where it is theirs already", async () => {
    await operate("clinician", assign("clinician2"));
    expect(await operate("lead", assign("clinician2"))).toMatchObject({ kind: "task" });
    expect(await operations()).toHaveLength(1);
  });

  it("is taken from the one who was named, and left alone once it is another's", async () => {
    await operate("clinician", { name: "claim" });
    expect(await operate("lead", assign("clinician2", "clinician"))).toMatchObject({ kind: "task" });
    expect(await operate("lead", assign("clinician2", "clinician"))).toMatchObject({ kind: "task" });
    await operate("clinician2", { name: "release" });
    const refusal = { name: "task-moved-on", from: "clinician", assignee: null };
    expect(await operate("lead", assign("clinician2", "clinician"))).toMatchObject({ refusal });
  });
});

describe("a task that is snoozed", () => {
  const until = at(NOW) + DAY;

  it("says until when, and comes back by itself", async () => {
    expect(await operate("clinician", { name: "snooze", until })).toMatchObject({ kind: "task" });
    expect(await review()).toMatchObject({ id: taskId, snoozedUntil: until, assignee: null });
    expect(await operations()).toMatchObject([{ type: "task.snoozed", detail: { taskId, snoozedUntil: until } }]);
    await world.expectConsistent(id);
    await world.clock.set(until);
    expect(await review()).toMatchObject({ id: taskId, snoozedUntil: null });
    expect((await world.view(id, { asOf: until - 1 })).tasks).toContainEqual(
      expect.objectContaining({ id: taskId, snoozedUntil: until }),
    );
  });

  it("until a day: until it begins at the site", async () => {
    await operate("clinician", { name: "snooze", until: "2026-08-14" });
    expect(await review()).toMatchObject({ snoozedUntil: at("2026-08-13T23:00:00Z") });
  });

  it("beyond its due time with a reason, which is sealed; into the past not at all", async () => {
    const late = dueAt + 1;
    for (const reason of [undefined, " "]) {
      const answer = await operate("clinician", { name: "snooze", until: late, ...(reason && { reason }) });
      expect(problemOf(answer)).toMatchObject({ name: "invalid-data", errors: [{ pointer: "/reason" }] });
    }
    for (const past of [at(NOW), "2026-08-12", "0000-01-01", "soon"]) {
      const answer = await operate("clinician", { name: "snooze", until: past, reason: "-" });
      expect(problemOf(answer)).toMatchObject({ name: "invalid-data", errors: [{ pointer: "/until" }] });
    }
    expect(await operations()).toEqual([]);
    expect(await operate("clinician", { name: "snooze", until: dueAt })).toMatchObject({ kind: "task" });
    const reasoned = { name: "snooze", until: late, reason: "Back in a fortnight" } as const;
    expect(await operate("clinician", reasoned)).toMatchObject({ kind: "task" });
    expect((await operations()).at(-1)).toMatchObject({ type: "task.snoozed", reason: "Back in a fortnight" });
    const [row] = await world.database.app.query(`SELECT count(*) FROM record WHERE detail::text LIKE '%fortnight%'`);
    expect(Number(row.count)).toBe(0);
  });

  it("stays asleep where a re-fold moves it, and wakes where it is closed and opened again", async () => {
    await operate("clinician", { name: "claim" });
    await operate("clinician", { name: "snooze", until });
    const [started] = (await world.history(id)).filter(({ type }) => type === "radiotherapy.started");
    await world.correct(id, started!.seq, { occurredAt: at("2026-04-08T10:00:00Z") });
    expect(await review()).toMatchObject({ id: taskId, snoozedUntil: until, assignee: "clinician" });
    await world.expectConsistent(id);
    const { event } = await world.report(id, "response.assessed", assessment("improved"));
    expect(await review()).toBeUndefined();
    await world.correct(id, event.seq, { strikeOut: true });
    expect(await review()).toMatchObject({ id: taskId, snoozedUntil: null, assignee: "clinician" });
    await world.expectConsistent(id);
  });

  it("is not one that is urgent, another's or closed", async () => {
    await operate("clinician2", { name: "claim" });
    const snooze = { name: "snooze", until } as const;
    expect(await operate("clinician", snooze)).toMatchObject({ refusal: { name: "task-claimed" } });
    expect(await operate("lead", snooze)).toMatchObject({ refusal: { name: "task-claimed" } });
    await world.report(id, "redFlag.reported", { signs: ["newWeakness"] });
    const urgent = (await world.view(id)).tasks.find(({ urgency }) => urgency === "urgent")!;
    const reason = "No time";
    expect(await world.one({ ...command("clinician", { ...snooze, reason }), taskId: urgent.id })).toMatchObject({
      refusal: { name: "task-urgent" },
    });
    await world.report(id, "response.assessed", assessment("improved"));
    expect(await operate("clinician2", snooze)).toMatchObject({ refusal: { name: "task-closed" } });
  });
});

describe("what comes at once", () => {
  const kinds = (answers: { kind: string }[]) => answers.map(({ kind }) => kind).sort();

  it("of two who claim, one wins, and the other is told who", async () => {
    const [one, other] = await Promise.all([
      operate("clinician", { name: "claim" }),
      operate("clinician2", { name: "claim" }),
    ]);
    const { assignee } = (await review())!;
    expect(kinds([one, other])).toEqual(["refused", "task"]);
    const loser = one.kind === "refused" ? one : other;
    expect(loser).toMatchObject({ refusal: { name: "task-claimed", assignee } });
    expect(await operations()).toMatchObject([{ type: "task.claimed", by: assignee }]);
  });

  it("an assignment and a release come one after the other, and the history tells the same as the row", async () => {
    await operate("clinician", { name: "claim" });
    await Promise.all([operate("clinician", assign("clinician2")), operate("lead", { name: "release" })]);
    const last = (await operations()).at(-1)!;
    expect((await review())!.assignee).toBe(last.detail!["assignee"]);
    expect(["task.assigned", "task.released"]).toContain(last.type);
    await world.expectConsistent(id);
  });

  it("a snooze and the event that closes the task: it is closed either way, and sleeps no more", async () => {
    const report = world.reportCommand(id, "response.assessed", assessment("improved"));
    const snooze = command("clinician", { name: "snooze", until: at(NOW) + DAY });
    for (const commands of [
      [snooze, report],
      [report, snooze],
    ]) {
      const [answer] = await Promise.all(commands.map((each) => world.one(each)));
      expect(answer!.kind).not.toBe("refused");
    }
    const rows = await world.database.app.query(`SELECT status, snoozed_until FROM task WHERE id = $1`, [taskId]);
    expect(rows).toEqual([{ status: "closed", snoozed_until: null }]);
    await world.expectConsistent(id);
  });

  it("the snooze that comes after the event is refused", async () => {
    const [, snoozed] = await Promise.all([
      world.tryReport(id, "response.assessed", assessment("improved")),
      operate("clinician", { name: "snooze", until: at(NOW) + DAY }),
    ]);
    expect(snoozed).toMatchObject({ refusal: { name: "task-closed" } });
    await world.expectConsistent(id);
  });
});

it("a key answers the same for ever: an assignment and a snooze, after others came", async () => {
  const commands = [
    command("clinician", { ...assign("clinician2"), reason: "Away" } as TaskOperation),
    command("clinician2", { name: "snooze", until: at(NOW) + DAY }),
    command("clinician2", { name: "snooze", until: at(NOW) - DAY }),
    command("clinician", { name: "assign", to: { person: "nobody" } }),
  ];
  const first = [];
  for (const each of commands) first.push(await world.one(each));
  expect(first.map(({ kind }) => kind)).toEqual(["task", "task", "refused", "refused"]);
  await world.clock.advance(60_000);
  await operate("lead", assign("clinician"));
  await world.report(id, "response.assessed", assessment("improved"));
  for (const [index, each] of commands.entries()) expect(await world.one(each)).toEqual(first[index]);
});
