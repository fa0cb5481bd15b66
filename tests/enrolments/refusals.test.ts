import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { Refusal } from "../../src/engine/index.js";
import { Refusals } from "../../src/enrolments/refusals.js";
import { Whose } from "../../src/enrolments/whose.js";
import { PathwayRegistry } from "../../src/pathways/index.js";
import type { Person } from "../../src/people/index.js";
import { Transactions } from "../../src/platform/transactions.js";
import { Reads } from "../../src/reads/index.js";
import { World } from "../engine/engine-world.js";

let world: World;
beforeAll(async () => void (world = await World.make("2026-09-01T10:00:00Z")));
afterAll(() => world.drop());

it("an enrolment that overlaps is named to those alone who may read it", async () => {
  const reads = new Reads(world.database.app);
  const registry = new PathwayRegistry(reads, new Transactions(world.database.app));
  const refusals = new Refusals(registry, new Whose(reads));
  const { id } = await world.enrol();
  const at = (site: string): Person => ({ id: "nurse", name: "A nurse", grants: [{ role: "coordinator", site }] });
  const refusal: Refusal = {
    ...{ name: "overlapping-enrolment", pointer: "/occurredAt", enrolment: id, from: world.clock.now(), until: null },
  };
  const told = await refusals.problemOf(refusal, at("main"));
  expect(told).toMatchObject({ enrolment: id, enrolledAt: "2026-09-01T10:00:00.000Z" });
  const untold = await refusals.problemOf(refusal, at("elsewhere"));
  const detail =
    "The patient is on this pathway at that time by an enrolment that you may not read, and nobody is on a pathway twice at a time: choose another time.";
  expect(untold).toEqual({ name: "overlapping-enrolment", detail, errors: [{ pointer: "/occurredAt", detail }] });
});
