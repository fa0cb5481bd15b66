import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { NameResponsible1795760100000 } from "../../migrations/1795760100000-name-responsible.js";
import type { ChangeResponsible } from "../../src/engine/model/commands.js";
import { done, key, START, who, World } from "./engine-world.js";

let world: World;
beforeAll(async () => void (world = await World.make("2026-03-02T10:00:00Z")));
afterAll(() => world.drop());

const change = (enrolmentId: string, person: string, more: Partial<ChangeResponsible> = {}): ChangeResponsible => {
  return { kind: "changeResponsible", actor: who("lead"), idempotency: key(), enrolmentId, person, ...more };
};
const changed = async (command: ChangeResponsible) => done("responsible", await world.one(command)).isChanged;

async function row(id: string) {
  const [found] = await world.database.owner.query(`SELECT responsible, seq FROM enrolment WHERE id = $1`, [id]);
  return found;
}

it("a coordinator is responsible for whom they enrol, and nobody where somebody else does", async () => {
  expect(await row((await world.enrol({ actor: who("coordinator") })).id)).toMatchObject({
    responsible: "coordinator",
  });
  expect(await row((await world.enrol({ actor: who("clinician") })).id)).toMatchObject({ responsible: null });
});

it("a change stands in the history, its reason sealed, and outlasts whatever comes after it", async () => {
  const { id } = await world.enrol({ actor: who("coordinator") });
  expect(await changed(change(id, "berta", { reason: "Away in Zebrafink" }))).toBe(true);
  const [record] = (await world.history(id)).filter(({ kind }) => kind === "enrolment");
  expect(record).toMatchObject({
    type: "enrolment.reassigned",
    ...{ by: "lead", role: "lead", reason: "Away in Zebrafink" },
    detail: { responsible: "berta", before: "coordinator" },
  });
  const [stored] = await world.database.owner.query(
    `SELECT r::text AS text, sealed FROM record r WHERE enrolment_id = $1 AND kind = 'enrolment'`,
    [id],
  );
  expect(stored.text).not.toContain("Zebrafink");
  expect(stored.sealed.toString("latin1")).not.toContain("Zebrafink");
  await world.report(id, "radiotherapy.started", START);
  expect(await row(id)).toMatchObject({ responsible: "berta" });
  expect(await world.views.verify((work) => work(world.sql), id)).toMatchObject({ checked: 1, broken: [] });
});

it("the same person again, or from somebody who is not responsible any more, changes nothing", async () => {
  const { id } = await world.enrol({ actor: who("coordinator") });
  const before = await row(id);
  expect(await changed(change(id, "coordinator"))).toBe(false);
  expect(await changed(change(id, "carla", { from: "berta" }))).toBe(false);
  expect(await row(id)).toEqual(before);
  expect(await changed(change(id, "carla", { from: "coordinator" }))).toBe(true);
  expect(await row(id)).toMatchObject({ responsible: "carla" });
});

it("a key is answered with what it did, whoever is responsible by then", async () => {
  const { id } = await world.enrol({ actor: who("coordinator") });
  const command = change(id, "berta");
  expect(await changed(command)).toBe(true);
  expect(await changed(change(id, "carla"))).toBe(true);
  const after = await row(id);
  expect(await changed(command)).toBe(true);
  expect(await row(id)).toEqual(after);
});

it("of two who hand one over at once, one does", async () => {
  const { id } = await world.enrol({ actor: who("coordinator") });
  const from = "coordinator";
  const both = await Promise.all([changed(change(id, "berta", { from })), changed(change(id, "carla", { from }))]);
  expect(both.sort()).toEqual([false, true]);
});

it("those who were enrolled before there was such a thing have the coordinator who enrolled them", async () => {
  const byCoordinator = await world.enrol({ actor: who("coordinator") });
  const byClinician = await world.enrol({ actor: who("clinician") });
  const migration = new NameResponsible1795760100000();
  const runner = world.database.owner.createQueryRunner();
  await migration.down(runner);
  await migration.up(runner);
  await runner.release();
  expect(await row(byCoordinator.id)).toMatchObject({ responsible: "coordinator" });
  expect(await row(byClinician.id)).toMatchObject({ responsible: null });
});
