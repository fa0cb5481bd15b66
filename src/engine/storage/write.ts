import type { EntityManager } from "typeorm";
import type { Decision } from "../model/decision.js";
import type { Loaded } from "../model/loaded.js";
import type { PatientVault } from "./patient-vault.js";
import { type SealedWrite, sealWrite } from "./seal.js";
import { run } from "../../platform/statement.js";
import { FORGET_PATIENTS, WRITE_DECISIONS, WRITE_PATIENTS } from "./write-statements.js";
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

/** Writes decisions, however many, in one statement, and in one more where patients are new (two where they are changed). */
export class Writer {
  constructor(private readonly vault: PatientVault) {}

  /** Call it in the transaction that loaded them. */
  async write(manager: EntityManager, items: readonly { loaded: Loaded; decision: Decision }[]): Promise<void> {
    const sealed = items.flatMap(({ loaded, decision: { write } }) =>
      write ? [sealWrite(this.vault, loaded, write)] : [],
    );
    const keys = items.flatMap(({ decision }) => decision.write?.idempotency ?? decision.remember ?? []);
    if (sealed.length === 0 && keys.length === 0) return;
    await this.writePatients(manager, sealed);
    await run(manager, WRITE_DECISIONS, [
      json(sealed.map(enrolmentColumns)),
      json(sealed.flatMap(({ write, records }) => records.map((record) => recordColumns(write.enrolment.id, record)))),
      json(sealed.flatMap((one) => one.write.tasks.map((task) => taskColumns(one, task)))),
      json(sealed.flatMap(({ write }) => write.timers.map((timer) => timerColumns(write.enrolment.id, timer)))),
      json(keys.map(idempotencyColumns)),
    ]);
  }

  private async writePatients(manager: EntityManager, sealed: readonly SealedWrite[]): Promise<void> {
    const patients = sealed.flatMap(({ patient }) => patient ?? []);
    if (patients.length === 0) return;
    const known = patients.filter(({ isNew }) => !isNew).map(({ id }) => id);
    if (known.length > 0) await run(manager, FORGET_PATIENTS, [known]);
    await run(manager, WRITE_PATIENTS, [
      json(patients.map(patientColumns)),
      json(patients.flatMap(({ id, identifiers }) => identifiers.map((hash) => hashColumns(id, hash)))),
      json(patients.flatMap(({ id, tokens }) => tokens.map((hash) => hashColumns(id, hash)))),
    ]);
  }
}

function json(rows: Columns[]): string {
  return JSON.stringify(rows);
}
