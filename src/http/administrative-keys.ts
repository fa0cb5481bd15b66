import { Injectable } from "@nestjs/common";
import type { Idempotency } from "../engine/index.js";
import { Sealing } from "../platform/sealing.js";
import type { Sql, Statement } from "../platform/statement.js";
import { Transactions } from "../platform/transactions.js";
import { ProblemError } from "./problems.js";

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
   * Commits the effect together with its key, unless the key stands for another request. A refusal undoes what the
   * effect did, and its key is kept. The effect runs on the connection that it is given, and takes no other one.
   */
  async once<T>(person: string, idempotency: Idempotency | undefined, effect: (sql: Sql) => Promise<T>): Promise<T> {
    if (!idempotency) return this.transactions.transaction(effect);
    const outcome = await this.transactions.transaction(async (sql) => {
      await this.claim(sql, person, idempotency);
      return orRefusal(sql, effect);
    });
    if (outcome instanceof ProblemError) throw outcome;
    return outcome;
  }

  /** Of two that come with one key, in whichever processes, the second waits here for what becomes of the first. */
  private async claim(sql: Sql, person: string, { route, key, request }: Idempotency): Promise<void> {
    const hash = this.sealing.keyedHash("request", request);
    await sql.rows(CLAIM, [person, route, key, hash]);
    const [known] = await sql.rows<{ request_hash: Buffer }>(KNOWN, [person, route, key]);
    if (known!.request_hash.equals(hash)) return;
    throw new ProblemError({ name: "key-reused", detail: "This key was used for another request. Use a new one." });
  }
}

async function orRefusal<T>(sql: Sql, effect: (sql: Sql) => Promise<T>): Promise<T | ProblemError> {
  await sql.rows(BEFORE_EFFECT, []);
  try {
    return await effect(sql);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    await sql.rows(WITHOUT_EFFECT, []);
    return error;
  }
}

const CLAIM: Statement = {
  name: "pathkeeper-claim-key",
  text: `
    insert into idempotency_key (person, route, key, request_hash, seq, answered_at)
    values ($1, $2, $3, $4, 0, pathkeeper_now()) on conflict do nothing`,
};
const KNOWN: Statement = {
  name: "pathkeeper-known-key",
  text: `select request_hash from idempotency_key where person = $1 and route = $2 and key = $3`,
};
const BEFORE_EFFECT: Statement = { name: "pathkeeper-before-effect", text: "savepoint effect" };
const WITHOUT_EFFECT: Statement = { name: "pathkeeper-without-effect", text: "rollback to savepoint effect" };
