import { Injectable } from "@nestjs/common";
import { DataSource, type EntityManager } from "typeorm";
import type { Idempotency } from "../engine/index.js";
import { ProblemError } from "./problems.js";
import { Sealing } from "../platform/sealing.js";

/**
 * Idempotency where no enrolment is concerned. What these routes do is the same when it is done twice, so it is enough
 * that a key stands for one request for ever; the engine keeps the keys of everything else.
 */
@Injectable()
export class AdministrativeKeys {
  /** The newest turn: each holds a connection while its request takes another, so this process makes one at a time. */
  private newest: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly sealing: Sealing,
  ) {}

  /** Does what the request asks for, unless its key stands for another one, and keeps the key with the outcome. */
  async once<T>(person: string, idempotency: Idempotency | undefined, request: () => Promise<T>): Promise<T> {
    if (!idempotency) return request();
    const turn = this.newest.then(() => this.locked(person, idempotency, request));
    this.newest = turn.catch(() => undefined);
    const outcome = await turn;
    if (outcome instanceof ProblemError) throw outcome;
    return outcome;
  }

  /** Of two that come with one key, in whichever processes, the second waits and sees what the first has kept. */
  private locked<T>(
    person: string,
    { route, key, request: body }: Idempotency,
    request: () => Promise<T>,
  ): Promise<T | ProblemError> {
    const id = [person, route, key];
    const hash = this.sealing.keyedHash("request", body);
    return this.dataSource.transaction(async (manager) => {
      await manager.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [JSON.stringify(id)]);
      await refuseReuse(manager, id, hash);
      const outcome = await request().catch((error: unknown) => {
        if (error instanceof ProblemError) return error;
        throw error;
      });
      await manager.query(
        `insert into idempotency_key (person, route, key, request_hash, seq, answered_at)
         values ($1, $2, $3, $4, 0, pathkeeper_now()) on conflict do nothing`,
        [...id, hash],
      );
      return outcome;
    });
  }
}

async function refuseReuse(manager: EntityManager, id: readonly string[], hash: Buffer): Promise<void> {
  const [known] = await manager.query<{ request_hash: Buffer }[]>(
    `select request_hash from idempotency_key where person = $1 and route = $2 and key = $3`,
    [...id],
  );
  if (!known || known.request_hash.equals(hash)) return;
  throw new ProblemError({ name: "key-reused", detail: "This key was used for another request. Use a new one." });
}
