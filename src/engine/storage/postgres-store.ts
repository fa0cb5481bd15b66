import type { DataSource } from "typeorm";
import { crashPoint } from "../crash-points.js";
import type { Command } from "../model/commands.js";
import type { Decide, Store } from "../store.js";
import { Loader } from "./load.js";
import type { PatientVault } from "./patient-vault.js";
import { inTransaction } from "./transaction.js";
import { Writer } from "./write.js";

/** Enrolments in PostgreSQL: one transaction for each group. */
export class PostgresStore implements Store {
  private readonly loader: Loader;
  private readonly writer: Writer;

  constructor(
    private readonly dataSource: DataSource,
    vault: PatientVault,
  ) {
    this.loader = new Loader(vault);
    this.writer = new Writer(vault);
  }

  async commit(commands: readonly Command[], _options: { wait: boolean }, decide: Decide): Promise<void> {
    await inTransaction(this.dataSource, {
      load: (manager) => this.loader.load(manager, commands),
      act: async (manager, loaded) => {
        const decisions = await decide(loaded);
        const items = decisions.flatMap((decision, index) => (decision ? [{ loaded: loaded[index]!, decision }] : []));
        await this.writer.write(manager, items);
        await crashPoint("engine.beforeCommit");
      },
    });
  }
}
