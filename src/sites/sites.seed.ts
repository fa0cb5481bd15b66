import { Injectable, type OnModuleInit } from "@nestjs/common";
import { Transactions } from "../platform/transactions.js";
import { MAIN_SITE, MONDAY_TO_FRIDAY, type Site } from "./site.js";
import { Sites } from "./sites.js";

/** One site exists from the start, in the machine's time zone. */
@Injectable()
export class SitesSeed implements OnModuleInit {
  constructor(
    private readonly sites: Sites,
    private readonly transactions: Transactions,
  ) {}

  async onModuleInit(): Promise<void> {
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const calendar = { version: 1, timeZone, workingDays: MONDAY_TO_FRIDAY, holidays: [] };
    const site: Site = { id: MAIN_SITE, name: "Main", calendar, onCall: {} };
    await this.transactions.transaction((sql) => this.sites.add(sql, site, "pathkeeper"));
  }
}
