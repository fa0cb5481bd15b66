import type { DataSource } from "typeorm";
import { sqlOf } from "../../platform/statement.js";
import { crashPoint } from "../crash-points.js";
import type { Command } from "../model/commands.js";
import { grow } from "../model/grow.js";
import { MayBeDone, type Decide, type Store } from "../store.js";
import { HistoryCache } from "./history-cache.js";
import { Loader } from "./load.js";
import type { PatientVault } from "./patient-vault.js";
import { schemaOf } from "./schema.js";
import type { SealedWrite } from "./seal.js";
import { inTransaction } from "./transaction.js";
import { Writer } from "./write.js";

/** Enrolments in PostgreSQL: one transaction for each group. */
export class PostgresStore implements Store {
  private readonly loader: Loader;
  private readonly writer: Writer;

  constructor(
    private readonly dataSource: DataSource,
    vault: PatientVault,
    private readonly cache: HistoryCache,
  ) {
    const schema = schemaOf(dataSource);
    this.loader = new Loader(schema, vault, cache);
    this.writer = new Writer(schema, vault);
  }

  async commit(
    commands: readonly Command[],
    options: { wait: boolean },
    decide: Decide,
  ): Promise<ReadonlyMap<number, unknown>> {
    const { writes, failed } = await inTransaction(this.dataSource, {
      load: (manager) => this.loader.load(sqlOf(manager), commands, options),
      act: async (manager, loaded) => {
        const decisions = await decide(loaded);
        const items = decisions.flatMap((decision, index) =>
          decision ? [{ index, loaded: loaded[index]!, decision }] : [],
        );
        const written = await this.writer.write(sqlOf(manager), items);
        await crashPoint("engine.beforeCommit");
        return written;
      },
    });
    try {
      for (const write of writes) this.keep(write);
    } catch (error) {
      for (const { write } of writes) this.cache.forget(write.enrolment.id);
      throw new MayBeDone(error);
    }
    return new Map([...failed].map(([{ index }, error]) => [index, error]));
  }

  /** What was committed is what the next command goes on from. */
  private keep({ loaded, write, records }: SealedWrite): void {
    const before = write.isNew ? null : loaded.enrolment!.kept;
    const written = records.map(({ sealed, hash }, place) => ({ record: write.records[place]!, sealed, hash }));
    this.cache.put(grow(before, write, written));
  }
}
