import { Body, Controller, Get, Param, Post, Put } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import { canonicalJson, type CalendarVersion, placeZone } from "../core/index.js";
import type { Idempotency } from "../engine/index.js";
import { AdministrativeKeys, IdempotencyKey, invalidData, ProblemError, Route } from "../http/index.js";
import { Caller, People, type Person } from "../people/index.js";
import type { Sql } from "../platform/statement.js";
import { Transactions } from "../platform/transactions.js";
import { calendarFaults } from "./calendar-faults.js";
import type { OnCall } from "./on-call.js";
import { onCallFaults } from "./on-call-faults.js";
import { MONDAY_TO_FRIDAY, type Site } from "./site.js";
import { Sites } from "./sites.js";
import { NewCalendar, NewSite, OnCallPeople, SiteAnswer, SiteById, SiteList } from "./sites.schemas.js";

@ApiTags("sites")
@Controller("api/sites")
export class SitesController {
  constructor(
    private readonly sites: Sites,
    private readonly keys: AdministrativeKeys,
    private readonly transactions: Transactions,
    private readonly people: People,
  ) {}

  @Get()
  @Route({
    summary: "All sites with their present calendars",
    access: "anyone",
    answer: { status: 200, description: "The sites, by id.", schema: SiteList },
  })
  async list(): Promise<{ items: SiteAnswer[] }> {
    return { items: (await this.sites.all()).map(answer) };
  }

  @Post()
  @Route({
    summary: "Add a site",
    description: "The same site sent twice is the same site. Working days default to Monday to Friday.",
    access: "administer",
    body: NewSite,
    idempotency: "optional",
    answer: { status: 201, description: "The site.", schema: SiteAnswer },
    problems: ["site-exists"],
  })
  add(
    @Body() body: NewSite,
    @Caller() caller: Person,
    @IdempotencyKey() key: Idempotency | undefined,
  ): Promise<SiteAnswer> {
    return this.keys.once(caller.id, key, (sql) => this.addSite(sql, body, caller));
  }

  private async addSite(sql: Sql, body: NewSite, caller: Person): Promise<SiteAnswer> {
    const { id, name, onCall = {} } = body;
    const site: Site = { id, name, calendar: { version: 1, ...readCalendar(body) }, onCall };
    await this.refuseStrangers(sql, id, onCall, "/onCall");
    await this.sites.add(sql, site, caller.id);
    const first = await this.sites.find(site.id, 1, sql);
    if (canonicalJson(first) === canonicalJson(site)) return answer(site);
    throw new ProblemError({ name: "site-exists", detail: `A site with the id ${site.id} exists with other content.` });
  }

  @Put(":id/calendar")
  @Route({
    summary: "Give a site a new version of its calendar",
    description: "Whoever is enrolled stays on the version that held at enrolment: a new holiday re-times nobody.",
    access: "administer",
    params: SiteById,
    body: NewCalendar,
    answer: { status: 200, description: "The site with its new calendar.", schema: SiteAnswer },
  })
  async setCalendar(
    @Param() { id }: SiteById,
    @Body() body: NewCalendar,
    @Caller() caller: Person,
  ): Promise<SiteAnswer> {
    const calendar = readCalendar(body);
    return this.transactions.transaction(async (sql) => {
      const version = await this.sites.addCalendar(sql, id, calendar, caller.id);
      if (version === undefined) throw new ProblemError({ name: "not-found", detail: "There is no such site." });
      return answer((await this.sites.find(id, version, sql))!);
    });
  }

  @Put(":id/on-call")
  @Route({
    summary: "Say who is on call at a site, in which hours",
    description: "Replaces all that was said before. Whoever is named holds the role at the site.",
    access: "administer",
    params: SiteById,
    body: OnCallPeople,
    answer: { status: 200, description: "The site.", schema: SiteAnswer },
  })
  setOnCall(@Param() { id }: SiteById, @Body() body: OnCallPeople): Promise<SiteAnswer> {
    return this.transactions.transaction(async (sql) => {
      if (!(await this.sites.setOnCall(sql, id, body))) {
        throw new ProblemError({ name: "not-found", detail: "There is no such site." });
      }
      await this.refuseStrangers(sql, id, body);
      return answer((await this.sites.find(id, undefined, sql))!);
    });
  }

  private async refuseStrangers(sql: Sql, site: string, onCall: OnCall, at = ""): Promise<void> {
    const faults = onCallFaults(site, onCall, await this.people.all(sql));
    if (faults.length > 0) throw invalidData(faults.map((fault) => ({ ...fault, pointer: at + fault.pointer })));
  }
}

function readCalendar(body: NewCalendar): CalendarVersion {
  const calendar = {
    timeZone: placeZone(body.timeZone) ?? body.timeZone,
    workingDays: [...(body.workingDays ?? MONDAY_TO_FRIDAY)].sort(),
    holidays: [...(body.holidays ?? [])].sort(),
  };
  const faults = calendarFaults(calendar);
  if (faults.length) throw invalidData(faults);
  return calendar;
}

function answer({ id, name, calendar: { version, ...calendar }, onCall }: Site): SiteAnswer {
  return { id, name, ...calendar, calendarVersion: version, onCall } as SiteAnswer;
}
