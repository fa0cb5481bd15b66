import type { Sql } from "../../platform/statement.js";
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
    const joined: SealedPatientChange[] = [];
    const writes = items.flatMap((item) => {
      const { loaded, decision } = item;
      if (!decision.write) return [];
      const { others = [], patients = [] } = decision.also ?? {};
      try {
        const also = others.map(({ enrolment, write }) => sealWrite(this.vault, { ...loaded, enrolment }, write));
        joined.push(...sealPatients(this.vault, loaded, patients));
        return [sealWrite(this.vault, loaded, decision.write), ...also];
      } catch (error) {
        failed.set(item, error);
        return [];
      }
    });
    const keys = items.flatMap((item) =>
      failed.has(item) ? [] : (item.decision.write?.idempotency ?? item.decision.remember ?? []),
    );
    if (writes.length === 0 && keys.length === 0) return { writes, failed };
    await this.writePatients(sql, [...writes.flatMap((write) => write.patient ?? []), ...joined]);
    await this.writeLinks(sql, items);
    const { enrolment, record, task, timer, key, statements } = this.schema;
    await sql.rows(statements.writeDecisions, [
      json(writes.map(({ write, head }) => enrolment.encode(enrolmentEntityOf(write.enrolment, head)))),
      json(
        writes.flatMap(({ write, records }) => records.map((one) => record.encode(entityOf(write.enrolment.id, one)))),
      ),
      json(writes.flatMap(({ write }) => write.tasks.map((one) => task.encode(taskEntityOf(one, write.enrolment))))),
      json(writes.flatMap(({ write }) => write.timers.map((one) => timer.encode(timerEntityOf(one, write.enrolment))))),
      json(keys.map((one) => key.encode(one))),
    ]);
    return { writes, failed };
  }

  private async writeLinks(sql: Sql, items: readonly Item[]): Promise<void> {
    const also = items.flatMap(({ decision }) => decision.also ?? []);
    if (also.length === 0) return;
    const { link, statements } = this.schema;
    const [said, unsaid] = [also.flatMap((each) => each.said), also.flatMap((each) => each.unsaid)];
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

function json(rows: Columns[]): string {
  return JSON.stringify(rows);
}
