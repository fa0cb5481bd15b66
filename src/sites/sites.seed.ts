import { Injectable, type OnModuleInit } from "@nestjs/common";
import { MAIN_SITE, MONDAY_TO_FRIDAY } from "./site.js";
import { Sites } from "./sites.js";

/** One site exists from the start, in the machine's time zone. */
@Injectable()
export class SitesSeed implements OnModuleInit {
  constructor(private readonly sites: Sites) {}

  async onModuleInit(): Promise<void> {
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const calendar = { version: 1, timeZone, workingDays: MONDAY_TO_FRIDAY, holidays: [] };
    await this.sites.add({ id: MAIN_SITE, name: "Main", calendar, onCall: {} }, "pathkeeper");
  }
}
