import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { Whose } from "../../src/enrolments/whose.js";
import type { Person } from "../../src/people/index.js";
import { Reads } from "../../src/reads/index.js";
import { World } from "../engine/engine-world.js";

let world: World;
beforeAll(async () => void (world = await World.make("2026-09-01T10:00:00Z")));
afterAll(() => world.drop());

it("whose something is, is told to those alone who may read it", async () => {
  const whose = new Whose(new Reads(world.database.app));
  const { id, patientId } = await world.enrol();
  const at = (role: "clinician" | "admin", site: string): Person => {
    return { id: "nurse", name: "A nurse", grants: [{ role, site }] };
  };
  for (const reader of [at("clinician", "main"), at("clinician", "*")]) {
    expect(await whose.enrolments(reader, [patientId])).toEqual([{ id: patientId, enrolments: [id] }]);
    expect(await whose.readable(reader, [id])).toEqual([id]);
  }
  for (const stranger of [at("clinician", "elsewhere"), at("admin", "*")]) {
    expect(await whose.enrolments(stranger, [patientId])).toEqual([]);
    expect(await whose.readable(stranger, [id])).toEqual([]);
  }
});
