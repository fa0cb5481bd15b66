import { afterAll, afterEach, beforeAll, expect, it } from "@jest/globals";
import { armCrashPoint, type CrashPoint } from "../../src/engine/crash-points.js";
import type { Command } from "../../src/engine/model/commands.js";
import { at, done, problemOf, START, standing, World } from "./engine-world.js";

let world: World;
let disarm: () => void = () => undefined;
beforeAll(async () => void (world = await World.make("2026-09-01T10:00:00Z")));
afterAll(() => world.drop());
afterEach(() => disarm());

function crashOnceAt(point: CrashPoint): void {
  disarm = armCrashPoint(point, () => {
    disarm();
    throw new Error(`Crashed at ${point}`);
  });
}

const tables = ["enrolment", "record", "task", "timer", "patient", "idempotency_key"];
async function countRows(): Promise<unknown> {
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`);
  return (await world.database.app.query(`SELECT ${counts.join(", ")}`))[0];
}

it.each(["engine.afterLock", "engine.beforeWrite", "engine.beforeCommit"] as const)(
  "a crash at %s leaves nothing, and the resend does it once",
  async (point) => {
    const { id } = await world.enrol({ occurredAt: at("2026-03-01T09:00:00Z") });
    const commands: Command[] = [world.enrolCommand(), world.reportCommand(id, "radiotherapy.started", START)];
    for (const command of commands) {
      const before = await countRows();
      crashOnceAt(point);
      await expect(world.one(command)).rejects.toThrow(point);
      expect(await countRows()).toEqual(before);
      const answer = await world.one(command);
      expect(answer.kind).not.toBe("refused");
      expect(await world.one(command)).toEqual(answer);
    }
    await world.expectConsistent(id);
  },
);

it.each(["engine.afterCommit", "engine.beforeTelling", "engine.afterTelling"] as const)(
  "a crash at %s, before the caller was answered, has done it once: the resend is answered from the record",
  async (point) => {
    const { id } = await world.enrol({ occurredAt: at("2026-03-01T09:00:00Z") });
    const command = world.reportCommand(id, "radiotherapy.started", START);
    crashOnceAt(point);
    await expect(world.one(command)).rejects.toThrow(point);
    const written = await countRows();
    const answer = done("reported", await world.one(command));
    expect(answer.outcome).toBe("accepted");
    expect(await countRows()).toEqual(written);
    await world.expectConsistent(id);
  },
);

it("a listener that fails fails nobody, and the others are told", async () => {
  const { id } = await world.enrol();
  const told: number[] = [];
  let isDead = true;
  world.engine.listen(() => {
    if (isDead) throw new Error("The queue is dead");
  });
  world.engine.listen((committed) => void told.push(...committed.map(({ seq }) => seq)));
  const { outcome, snapshot } = await world.report(id, "radiotherapy.started", START);
  expect(outcome).toBe("accepted");
  expect(told).toEqual([snapshot.seq]);
  isDead = false;
});

it("twenty reports of one enrolment at once are put in a row", async () => {
  const { id } = await world.enrol({ occurredAt: at("2026-03-01T09:00:00Z") });
  const reports = Array.from({ length: 20 }, (_, index) => {
    const occurredAt = at("2026-05-01T09:00:00Z") + (index % 7) * 86_400_000;
    return world.report(id, "pain.scored", { index: index % 11, redFlags: [] }, { occurredAt });
  });
  const answers = await Promise.all(reports);
  expect(new Set(answers.map(({ event }) => event.seq)).size).toBe(20);
  await world.expectConsistent(id);
});

it("twenty reports from one source at once are one event", async () => {
  const { id } = await world.enrol();
  const source = { system: "his", id: "one" };
  const command = () => world.tryReport(id, "contact.failed", { channel: "phone" }, { source });
  const answers = await Promise.all(Array.from({ length: 20 }, command));
  const accepted = answers.filter(({ kind }) => kind === "reported");
  expect(accepted).toHaveLength(1);
  const { seq } = done("reported", accepted[0]!).event;
  for (const answer of answers)
    if (answer.kind === "refused") expect(answer.refusal).toMatchObject({ name: "duplicate-source", seq });
});

it("the same patient enrolled twenty times at once, each under a key of its own, is enrolled once", async () => {
  const { patient } = world.enrolCommand();
  const answers = await Promise.all(Array.from({ length: 20 }, () => world.one(world.enrolCommand({ patient }))));
  const enrolled = answers.filter(({ kind }) => kind === "enrolled");
  expect(enrolled).toHaveLength(1);
  const { id } = done("enrolled", enrolled[0]!).snapshot;
  for (const answer of answers)
    if (answer.kind === "refused") expect(answer.refusal).toMatchObject({ name: "duplicate-enrolment", enrolment: id });
});

it("commands at once are answered each for itself, those of one enrolment in their order", async () => {
  const [one, two] = [await world.enrol(), await world.enrol()];
  const pain = (id: string, index: number) => world.reportCommand(id, "pain.scored", { index, redFlags: [] });
  const fresh = world.enrolCommand();
  const list = [pain(one.id, 1), pain(two.id, 2), pain(one.id, 3), fresh, pain(one.id, 99), fresh];
  const answers = await Promise.all(list.map((command) => world.one(command)));
  expect(answers.map(({ kind }) => kind)).toEqual([
    "reported",
    "reported",
    "reported",
    "enrolled",
    "refused",
    "enrolled",
  ]);
  expect(answers[5]).toEqual(answers[3]);
  expect(problemOf(answers[4]!).name).toBe("invalid-data");
  expect(standing(await world.view(one.id)).latest["pain.scored"]!.data).toMatchObject({ index: 3 });
  for (const id of [one.id, two.id]) await world.expectConsistent(id);
});

it("one enrolment's fault is its own", async () => {
  const [good, bad] = [await world.enrol(), await world.enrol()];
  await world.database.owner.query(`UPDATE enrolment SET pathway_hash = 'ff' WHERE id = $1`, [bad.id]);
  const pain = (id: string) => world.reportCommand(id, "pain.scored", { index: 1, redFlags: [] });
  const [failed, done_] = await Promise.allSettled([world.one(pain(bad.id)), world.one(pain(good.id))]);
  expect(done_).toMatchObject({ status: "fulfilled", value: { kind: "reported" } });
  expect(String(failed.status === "rejected" && failed.reason)).toMatch("which is not there");
});
