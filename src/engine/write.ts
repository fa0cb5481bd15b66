import type { EntityManager } from "typeorm";
import type { Decision } from "./decision.js";
import type { Loaded } from "./loaded.js";
import type { PatientVault } from "./patient-vault.js";
import { sealWrite } from "./seal.js";
import { run } from "./statement.js";
import { WRITE_DECISIONS, WRITE_PATIENTS } from "./write-statements.js";
import {
  type Columns,
  enrolmentColumns,
  hashColumns,
  idempotencyColumns,
  patientColumns,
  recordColumns,
  taskColumns,
  timerColumns,
} from "./written-rows.js";

/** Writes decisions, however many, in one statement, and in one more where patients or enrolments are new or changed. */
export class Writer {
  constructor(private readonly vault: PatientVault) {}

  /** Call it in the transaction that loaded them. */
  async write(manager: EntityManager, items: readonly { loaded: Loaded; decision: Decision }[]): Promise<void> {
    const sealed = items.flatMap(({ loaded, decision: { write } }) =>
      write ? [sealWrite(this.vault, loaded, write)] : [],
    );
    const keys = items.flatMap(({ decision }) => decision.write?.idempotency ?? decision.remember ?? []);
    const patients = sealed.flatMap(({ patient }) => patient ?? []);
    const made = sealed.filter(({ write }) => write.isNew);
    const changed = sealed.filter(({ write }) => !write.isNew);
    if (sealed.length === 0 && keys.length === 0) return;
    if (made.length > 0 || patients.length > 0) {
      await run(manager, WRITE_PATIENTS, [
        json(patients.map(patientColumns)),
        json(patients.flatMap(({ id, identifiers }) => identifiers.map((hash) => hashColumns(id, hash)))),
        json(patients.flatMap(({ id, tokens }) => tokens.map((hash) => hashColumns(id, hash)))),
        json(made.map(enrolmentColumns)),
      ]);
    }
    const [result] = await run<{ updated: number }>(manager, WRITE_DECISIONS, [
      json(changed.map(enrolmentColumns)),
      json(sealed.flatMap(({ write, records }) => records.map((record) => recordColumns(write.enrolment.id, record)))),
      json(sealed.flatMap((one) => one.write.tasks.map((task) => taskColumns(one, task)))),
      json(sealed.flatMap(({ write }) => write.timers.map((timer) => timerColumns(write.enrolment.id, timer)))),
      json(keys.map(idempotencyColumns)),
    ]);
    if (result?.updated !== changed.length) throw new Error("An enrolment disappeared while it was locked.");
  }
}

function json(rows: Columns[]): string {
  return JSON.stringify(rows);
}
