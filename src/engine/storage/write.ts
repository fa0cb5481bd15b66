import type { Sql } from "../../platform/statement.js";
import { Breath } from "../../platform/breath.js";
import type { IdempotencyRow } from "../model/rows.js";
import type { Decision } from "../model/decision.js";
import type { Loaded } from "../model/loaded.js";
import { TOKEN_SCHEME } from "../model/patient-tokens.js";
import type { PatientVault } from "./patient-vault.js";
import { entityOf } from "./record-codec.js";
import { enrolmentEntityOf, taskEntityOf, timerEntityOf } from "./rows.js";
import type { Schema } from "./schema.js";
import { sealPatients, type SealedPatientChange, type SealedWrite, sealWrite } from "./seal.js";
import type { Columns } from "./table.js";

interface Item {
  loaded: Loaded;
  decision: Decision;
}

/** What was written, and which items could not be sealed, such as of a patient whose key was destroyed. */
interface Outcome<One> {
  writes: SealedWrite[];
  failed: ReadonlyMap<One, unknown>;
}

/** Writes decisions, however many, in one statement, and in one more where patients are new (two where they are changed). */
export class Writer {
  constructor(
    private readonly schema: Schema,
    private readonly vault: PatientVault,
  ) {}

  /** Call it in the transaction that loaded them. One that cannot be sealed leaves the others as they are. */
  async write<One extends Item>(sql: Sql, items: readonly One[]): Promise<Outcome<One>> {
    const failed = new Map<One, unknown>();
    const writes: SealedWrite[] = [];
    const patients: SealedPatientChange[] = [];
    const rows = new DecisionRows();
    const breath = new Breath();
    for (const item of items) {
      await breath.take();
      const { write, remember, also } = item.decision;
      const sealed: SealedWrite[] = [];
      try {
        if (write) sealed.push(sealWrite(this.vault, item.loaded, write));
        for (const other of also?.others ?? []) {
          sealed.push(sealWrite(this.vault, { ...item.loaded, enrolment: other.enrolment }, other.write));
        }
        patients.push(...sealPatients(this.vault, item.loaded, also?.patients ?? []));
      } catch (error) {
        failed.set(item, error);
        continue;
      }
      writes.push(...sealed);
      patients.push(...sealed.flatMap(({ patient }) => patient ?? []));
      rows.add(this.schema, sealed, write?.idempotency ?? remember);
    }
    if (rows.isEmpty) return { writes, failed };
    await this.writePatients(sql, patients);
    await this.writeLinks(sql, items);
    await sql.rows(this.schema.statements.writeDecisions, rows.parameters());
    return { writes, failed };
  }

  private async writeLinks(sql: Sql, items: readonly Item[]): Promise<void> {
    const also = items.flatMap(({ decision }) => decision.also ?? []);
    const { link, statements } = this.schema;
    const [said, unsaid] = [also.flatMap((each) => each.said), also.flatMap((each) => each.unsaid)];
    if (said.length + unsaid.length === 0) return;
    await sql.rows(statements.writeLinks, [
      json(said.map((one) => link.encode(one))),
      json(unsaid.map((one) => link.encode(one))),
    ]);
  }

  private async writePatients(sql: Sql, patients: readonly SealedPatientChange[]): Promise<void> {
    const { patient, identifier, token, statements } = this.schema;
    if (patients.length === 0) return;
    const known = patients.filter(({ isNew }) => !isNew).map(({ id }) => id);
    if (known.length > 0) await sql.rows(statements.forgetPatients, [known]);
    await sql.rows(statements.writePatients, [
      json(
        patients.map(({ id, personId, wrappedKey, sealed }) =>
          patient.encode({ id, personId, wrappedKey, sealed, tokenScheme: TOKEN_SCHEME }),
        ),
      ),
      json(
        patients.flatMap(({ id, identifiers }) =>
          identifiers.map((hash) => identifier.encode({ hash, patientId: id })),
        ),
      ),
      json(patients.flatMap(({ id, tokens }) => tokens.map((hash) => token.encode({ hash, patientId: id })))),
    ]);
  }
}

/** The rows of decisions as JSON, table by table, made one decision at a time. */
class DecisionRows {
  private readonly enrolments: string[] = [];
  private readonly records: string[] = [];
  private readonly tasks: string[] = [];
  private readonly timers: string[] = [];
  private readonly keys: string[] = [];

  get isEmpty(): boolean {
    return this.enrolments.length === 0 && this.keys.length === 0;
  }

  add(schema: Schema, writes: readonly SealedWrite[], answered: IdempotencyRow | null): void {
    const { enrolment, record, task, timer, key } = schema;
    const put = (rows: string[], row: Columns): void => void rows.push(JSON.stringify(row));
    if (answered) put(this.keys, key.encode(answered));
    for (const { write, records, head } of writes) {
      put(this.enrolments, enrolment.encode(enrolmentEntityOf(write.enrolment, head)));
      for (const one of records) put(this.records, record.encode(entityOf(write.enrolment.id, one)));
      for (const one of write.tasks) put(this.tasks, task.encode(taskEntityOf(one, write.enrolment)));
      for (const one of write.timers) put(this.timers, timer.encode(timerEntityOf(one, write.enrolment)));
    }
  }

  /** As `writeDecisions` takes them. */
  parameters(): string[] {
    return [this.enrolments, this.records, this.tasks, this.timers, this.keys].map((rows) => `[${rows.join(",")}]`);
  }
}

function json(rows: Columns[]): string {
  return JSON.stringify(rows);
}
