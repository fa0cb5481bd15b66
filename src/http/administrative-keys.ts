import { Injectable } from "@nestjs/common";
import type { Idempotency } from "../engine/index.js";
import { Sealing } from "../platform/sealing.js";
import type { Sql, Statement } from "../platform/statement.js";
import { Transactions } from "../platform/transactions.js";
import { ProblemError } from "./problems.js";

/** Of two that come with one key, in whichever processes, the second waits here until the first has ended. */
const KEEP: Statement = {
  name: "pathkeeper-keep-key",
  text: `
    insert into idempotency_key (person, route, key, request_hash, seq, answered_at)
    values ($1, $2, $3, $4, 0, pathkeeper_now()) on conflict do nothing returning key`,
};
const KEPT: Statement = {
  name: "pathkeeper-kept-key",
  text: `select request_hash from idempotency_key where person = $1 and route = $2 and key = $3`,
};
const MARK: Statement = { name: "pathkeeper-mark", text: "savepoint effect" };
const UNDO: Statement = { name: "pathkeeper-undo", text: "rollback to savepoint effect" };

/**
 * Idempotency where no enrolment is concerned. What these routes do is the same when it is done twice, so it is enough
 * that a key stands for one request for ever; the engine keeps the keys of everything else.
 */
@Injectable()
export class AdministrativeKeys {
  constructor(
    private readonly transactions: Transactions,
    private readonly sealing: Sealing,
  ) {}

  /**
   * Does what the request asks for, unless its key stands for another one. The key and what was done are committed
   * together; a key stands for a refused request as well, and then nothing was done.
   */
  async once<T>(person: string, idempotency: Idempotency | undefined, effect: (sql: Sql) => Promise<T>): Promise<T> {
    const outcome = await this.transactions.transaction(async (sql) => {
      if (!idempotency) return effect(sql);
      await this.keep(sql, person, idempotency);
      await sql.rows(MARK, []);
      try {
        return await effect(sql);
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        await sql.rows(UNDO, []);
        return error;
      }
    });
    if (outcome instanceof ProblemError) throw outcome;
    return outcome;
  }

  private async keep(sql: Sql, person: string, { route, key, request }: Idempotency): Promise<void> {
    const id = [person, route, key];
    const hash = this.sealing.keyedHash("request", request);
    const kept = await sql.rows(KEEP, [...id, hash]);
    if (kept.length > 0) return;
    const [known] = await sql.rows<{ request_hash: Buffer }>(KEPT, id);
    if (known!.request_hash.equals(hash)) return;
    throw new ProblemError({ name: "key-reused", detail: "This key was used for another request. Use a new one." });
  }
}
