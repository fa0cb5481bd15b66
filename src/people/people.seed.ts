import { Inject, Injectable, type OnModuleInit } from "@nestjs/common";
import { CONFIG, type Config } from "../platform/config.js";
import { Transactions } from "../platform/transactions.js";
import { DEMONSTRATION_PEOPLE } from "./demonstration.js";
import { People } from "./people.js";

/** The demonstration's people, where its sign-in exists. Who is there already stays as somebody has made them. */
@Injectable()
export class PeopleSeed implements OnModuleInit {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly people: People,
    private readonly transactions: Transactions,
  ) {}

  async onModuleInit(): Promise<void> {
    if (!this.config.http.isLoopback) return;
    if (missing(await this.people.all()).length === 0) return;
    await this.transactions.transaction(async (sql) => {
      for (const person of missing(await this.people.lock(sql))) await this.people.put(sql, person);
    });
  }
}

/** Somebody else may have been given an address of theirs meanwhile. */
function missing(known: readonly { id: string; email: string }[]) {
  const taken = new Set(known.flatMap(({ id, email }) => [id, email]));
  return DEMONSTRATION_PEOPLE.filter(({ id, email }) => !taken.has(id) && !taken.has(email));
}
