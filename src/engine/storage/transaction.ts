import type { DataSource, EntityManager, QueryRunner } from "typeorm";
import { commit, RolledBack } from "../../platform/commit.js";
import { isLostRace, isPoolFull, isUnreachable } from "../../platform/database-faults.js";
import { MayBeDone, StoreAway } from "../store.js";

interface Client {
  query(text: string): Promise<{ command: string }>;
}

export interface TransactionSteps<Read, Result> {
  /** Reads and locks, and changes nothing. */
  load(manager: EntityManager): Promise<Read>;
  act(manager: EntityManager, read: Read): Promise<Result>;
}

async function connect(runner: QueryRunner): Promise<Client> {
  try {
    return (await runner.connect()) as Client;
  } catch (error) {
    throw isPoolFull(error) ? error : new StoreAway(error);
  }
}

/** An answer of the server says that it was rolled back; no answer says nothing. */
async function commitOrDoubt(client: Client): Promise<void> {
  try {
    await commit(client);
  } catch (error) {
    throw isLostRace(error) || error instanceof RolledBack ? error : new MayBeDone(error);
  }
}

/**
 * Two steps in one transaction, on a connection of the pool; what fails rolls everything back. The connections are
 * pipelined, so BEGIN travels with the first statement of `load`: that saves a round trip, and TypeORM's own
 * transactions wait for it. Nothing is changed before BEGIN is answered.
 */
export async function inTransaction<Read, Result>(
  dataSource: DataSource,
  { load, act }: TransactionSteps<Read, Result>,
): Promise<Result> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = await connect(runner);
    const begun = client.query("BEGIN");
    begun.catch(() => undefined);
    try {
      const read = await load(runner.manager);
      await begun;
      const result = await act(runner.manager, read);
      await commitOrDoubt(client);
      return result;
    } catch (error) {
      await client.query("ROLLBACK").catch(() => undefined);
      throw isUnreachable(error) ? new StoreAway(error) : error;
    }
  } finally {
    await runner.release();
  }
}
