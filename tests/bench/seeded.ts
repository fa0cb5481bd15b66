/**
 * Many patients who wait for the same instant, quickly: one is enrolled through the engine, the others are copies of its
 * rows in SQL, under ids of their own (patient, enrolment, records, tasks, timers). What the engine reads when it wakes
 * an enrolment is there and true. What is not: a copy's sealed texts and hashes are those of the first, so that they
 * cannot be unsealed under its own id and its chain does not verify, and no identifier or name finds a copied patient.
 */
import type { DataSource } from "typeorm";
import { createDataSource } from "../../src/platform/database.js";
import type { Installation } from "./installation.js";
import { story } from "./patients.js";

/** Copied in one statement. */
const AT_ONCE = 5_000;

/** As many enrolments as asked for, enrolled at that instant. */
export async function seed(installation: Installation, count: number, enrolledAt: number): Promise<void> {
  const first = await installation.enrol(story(0), enrolledAt);
  const owner = await createDataSource(installation.database.url, { role: "owner", poolSize: 1 }).initialize();
  try {
    for (let left = count - 1; left > 0; left -= AT_ONCE) await copy(owner, first, Math.min(left, AT_ONCE));
    await owner.query("analyze");
  } finally {
    await owner.destroy();
  }
}

const TABLES: [table: string, ids: string][] = [
  ["record", `jsonb_build_object('enrolment_id', c.enrolment)`],
  ["task", `jsonb_build_object('enrolment_id', c.enrolment, 'id', gen_random_uuid())`],
  ["timer", `jsonb_build_object('enrolment_id', c.enrolment, 'id', gen_random_uuid())`],
];

async function copy(owner: DataSource, enrolment: string, count: number): Promise<void> {
  const copied = (table: string, changes: string, where: string): string => `
    insert into ${table}
    select r.* from copies c cross join ${table} t
    cross join lateral jsonb_populate_record(t, ${changes}) r where ${where}`;
  const steps = [
    [
      "patient",
      `jsonb_build_object('id', c.patient, 'person_id', c.patient)`,
      `t.id = (select patient_id from enrolment where id = $1)`,
    ],
    [
      "enrolment",
      `jsonb_build_object('id', c.enrolment, 'patient_id', c.patient, 'person_id', c.patient)`,
      `t.id = $1`,
    ],
    ...TABLES.map(([table, changes]) => [table, changes, `t.enrolment_id = $1`]),
  ] as [string, string, string][];
  const writes = steps.slice(0, -1).map((step, n) => `step${n} as (${copied(...step)})`);
  await owner.query(
    `with copies as materialized (
       select gen_random_uuid() as patient, gen_random_uuid() as enrolment from generate_series(1, $2)
     ), ${writes.join(", ")} ${copied(...steps.at(-1)!)}`,
    [enrolment, count],
  );
}
