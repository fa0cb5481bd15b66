import { Injectable, type OnModuleInit } from "@nestjs/common";
import { noPlaceZone, placeZone } from "../core/index.js";
import { StartError } from "../platform/start-error.js";
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
    if (await this.sites.find(MAIN_SITE)) return;
    const timeZone = machineZone(Intl.DateTimeFormat().resolvedOptions().timeZone);
    const calendar = { version: 1, timeZone, workingDays: MONDAY_TO_FRIDAY, holidays: [] };
    const site: Site = { id: MAIN_SITE, name: "Main", calendar, onCall: {} };
    await this.transactions.transaction((sql) => this.sites.add(sql, site, "pathkeeper"));
  }
}

/** Names that machines without a place go by. */
const NO_PLACE = /^(Etc\/)?(UTC|UCT|GMT|Greenwich|Universal|Zulu)$/;

export function machineZone(name: string): string {
  const timeZone = NO_PLACE.test(name) ? "UTC" : placeZone(name);
  if (timeZone !== undefined) return timeZone;
  throw new StartError(`The machine's time zone is to be that of the first site. ${noPlaceZone(name)} Set TZ so.`);
}
