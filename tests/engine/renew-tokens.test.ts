import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { renewTokens } from "../../src/engine/storage/renew-tokens.js";
import { searchPatients } from "../../src/engine/storage/patient-search.js";
import { somebody, World } from "./engine-world.js";

let world: World;
beforeAll(async () => void (world = await World.make("2026-09-01T10:00:00Z")));
afterAll(() => world.drop());

const found = (text: string) => searchPatients(world.sql, world.ground.vault, text);

it("goes on batch by batch, past whom nobody can open, and several processes share the work", async () => {
  const patients: string[] = [];
  for (let number = 0; number < 7; number++) {
    patients.push((await world.enrol({ patient: somebody({ familyName: "Ørsted" }) })).patientId);
  }
  const { owner, app } = world.database;
  const before = await owner.query(`SELECT * FROM patient_token ORDER BY 1, 2`);
  await owner.query(`DELETE FROM patient_token`);
  await owner.query(`UPDATE patient SET token_scheme = 1`);
  const [broken] = [...patients].sort();
  await owner.query(`UPDATE patient SET sealed = $2 WHERE id = $1`, [broken, Buffer.alloc(40)]);
  expect(await found("orsted")).toEqual([]);

  const done = await Promise.all([1, 2].map(() => renewTokens(app, world.ground.vault, 2)));

  expect(done.reduce((sum, count) => sum + count)).toBe(6);
  expect((await found("orsted")).sort()).toEqual(patients.filter((id) => id !== broken).sort());
  const isBroken = (row: { patient_id: string }) => row.patient_id === broken;
  const after = await owner.query(`SELECT * FROM patient_token ORDER BY 1, 2`);
  expect(after).toEqual(before.filter((row: { patient_id: string }) => !isBroken(row)));
  expect(await renewTokens(app, world.ground.vault, 2)).toBe(0);
});

it("files whoever was written with what nobody sees under what everybody sees, unless that is somebody else", async () => {
  const identified = (value: string) => ({ patient: somebody({ identifiers: [{ system: "mrn", value }] }) });
  const [first, second] = [await world.enrol(identified("Q 17")), await world.enrol(identified("Q 18"))];
  const { owner, app } = world.database;
  const hash = (value: string) => world.ground.vault.identifierHash({ system: "mrn", value });
  const rename = (to: Buffer, of: string) =>
    owner.query(`UPDATE patient_identifier SET hash = $1 WHERE patient_id = $2`, [to, of]);
  const owners = async (value: string): Promise<string[]> =>
    (await owner.query(`SELECT patient_id AS id FROM patient_identifier WHERE hash = $1`, [hash(value)])).map(
      ({ id }: { id: string }) => id,
    );
  await rename(Buffer.from("as it was once"), first.patientId);
  await rename(hash("Q 17"), second.patientId);
  await owner.query(`UPDATE patient SET token_scheme = 1`);
  await renewTokens(app, world.ground.vault);
  expect(await owners("Q17")).toEqual([second.patientId]);
  expect(await owners("Q18")).toEqual([second.patientId]);

  await owner.query(`DELETE FROM patient_identifier WHERE patient_id = $1`, [second.patientId]);
  await owner.query(`UPDATE patient SET token_scheme = 1 WHERE id = $1`, [first.patientId]);
  await renewTokens(app, world.ground.vault);
  expect(await owners("Q17")).toEqual([first.patientId]);
});
