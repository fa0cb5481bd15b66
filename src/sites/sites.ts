import { Injectable } from "@nestjs/common";
import type { CalendarVersion } from "../core/index.js";
import type { Calendars } from "../engine/index.js";
import type { Sql, Statement } from "../platform/statement.js";
import { PATHKEEPER, Reads } from "../reads/index.js";
import type { OnCall } from "./on-call.js";
import type { Site } from "./site.js";

interface SiteRow {
  id: string;
  name: string;
  on_call: OnCall;
  version: number;
  time_zone: string;
  working_days: number[];
  holidays: string[];
}

/** With the newest version of the calendar, or with the one that is asked for. */
const SITES: Statement = {
  name: "pathkeeper-sites",
  text: `
  select s.id, s.name, s.on_call, c.version, c.time_zone, c.working_days, c.holidays
  from site s
  join lateral (
    select * from site_calendar where site_id = s.id and ($2::int is null or version = $2)
    order by version desc limit 1
  ) c on true
  where $1::text is null or s.id = $1
  order by s.id`,
};

/** Sites and the versions of their calendars. A version is never changed: enrolments are pinned to it. */
@Injectable()
export class Sites implements Calendars {
  private readonly sql: Sql;

  constructor(reads: Reads) {
    this.sql = reads.by(PATHKEEPER, "calendar");
  }

  async all(sql = this.sql): Promise<Site[]> {
    return (await sql.rows<SiteRow>(SITES, [null, null])).map(siteOf);
  }

  async find(id: string, version?: number, sql = this.sql): Promise<Site | undefined> {
    return (await sql.rows<SiteRow>(SITES, [id, version ?? null])).map(siteOf)[0];
  }

  /** The calendar that a new enrolment is pinned to. */
  async newest(id: string): Promise<Site["calendar"] | undefined> {
    return (await this.find(id))?.calendar;
  }

  async version(id: string, version: number): Promise<CalendarVersion | undefined> {
    return (await this.find(id, version))?.calendar;
  }

  /** In a transaction. False where the id is taken. */
  async add(sql: Sql, site: Site, by: string): Promise<boolean> {
    const added = await sql.rows(INSERT_SITE, [site.id, site.name, JSON.stringify(site.onCall)]);
    if (added.length === 0) return false;
    await sql.rows(INSERT_CALENDAR, calendarValues(site.id, 1, site.calendar, by));
    return true;
  }

  /**
   * In a transaction. The new version's number; undefined where there is no such site. The site's lock keeps numbers
   * without gaps.
   */
  async addCalendar(sql: Sql, siteId: string, calendar: CalendarVersion, by: string): Promise<number | undefined> {
    const [site] = await sql.rows<{ version: number }>(LOCK_SITE, [siteId]);
    if (!site) return undefined;
    await sql.rows(INSERT_CALENDAR, calendarValues(siteId, site.version + 1, calendar, by));
    return site.version + 1;
  }

  /** In a transaction. False where there is no such site. */
  async setOnCall(sql: Sql, siteId: string, onCall: OnCall): Promise<boolean> {
    return (await sql.rows(SET_ON_CALL, [siteId, JSON.stringify(onCall)])).length > 0;
  }
}

const INSERT_SITE: Statement = {
  name: "pathkeeper-insert-site",
  text: `
    insert into site (id, name, on_call, created_at) values ($1, $2, $3, pathkeeper_now())
    on conflict (id) do nothing returning id`,
};

const SET_ON_CALL: Statement = {
  name: "pathkeeper-set-on-call",
  text: `update site set on_call = $2 where id = $1 returning id`,
};

const LOCK_SITE: Statement = {
  name: "pathkeeper-lock-site",
  text: `
    select (select max(version) from site_calendar where site_id = s.id)::int as version
    from site s where s.id = $1 for update`,
};

const INSERT_CALENDAR: Statement = {
  name: "pathkeeper-insert-calendar",
  text: `
    insert into site_calendar (site_id, version, time_zone, working_days, holidays, recorded_at, recorded_by)
    values ($1, $2, $3, $4, $5, pathkeeper_now(), $6)`,
};

function calendarValues(siteId: string, version: number, calendar: CalendarVersion, by: string): unknown[] {
  return [siteId, version, calendar.timeZone, calendar.workingDays, calendar.holidays, by];
}

function siteOf(row: SiteRow): Site {
  return {
    id: row.id,
    name: row.name,
    calendar: {
      version: row.version,
      timeZone: row.time_zone,
      workingDays: row.working_days,
      holidays: row.holidays,
    },
    onCall: row.on_call,
  };
}
