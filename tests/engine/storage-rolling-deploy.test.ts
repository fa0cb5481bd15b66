import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { World } from "./engine-world.js";

/** A newer version has migrated while this one still serves: it knows nothing of the column, and leaves it alone. */
let world: World;
beforeAll(async () => void (world = await World.make("2026-09-01T10:00:00Z")));
afterAll(() => world.drop());

const TABLES = ["enrolment", "record", "task", "timer", "patient", "patient_identifier", "idempotency_key"];

it("a column of a newer version gets its default, never NULL, and what it holds survives a change of the row", async () => {
  const { owner } = world.database;
  for (const table of TABLES) await owner.query(`ALTER TABLE ${table} ADD newer text NOT NULL DEFAULT 'as given'`);
  const { id } = await world.enrol();
  for (const table of TABLES) {
    const rows = await owner.query<{ newer: string }[]>(`SELECT DISTINCT newer FROM ${table}`);
    expect([table, rows]).toEqual([table, [{ newer: "as given" }]]);
  }
  await owner.query(`UPDATE enrolment SET newer = 'kept' WHERE id = $1`, [id]);
  await owner.query(`UPDATE task SET newer = 'kept' WHERE enrolment_id = $1`, [id]);
  await world.report(id, "pain.scored", { index: 8, redFlags: [] });
  expect(await owner.query(`SELECT newer FROM enrolment WHERE id = $1`, [id])).toEqual([{ newer: "kept" }]);
  const tasks = await owner.query<{ newer: string }[]>(
    `SELECT DISTINCT newer FROM task WHERE enrolment_id = $1 ORDER BY 1`,
    [id],
  );
  expect(tasks).toEqual([{ newer: "as given" }, { newer: "kept" }]);
  await world.expectConsistent(id);
});
