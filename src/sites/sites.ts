import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import type { CalendarVersion } from "../core/index.js";
import type { Calendars } from "../engine/index.js";
import { type Sql, sqlOf } from "../platform/statement.js";
import type { Site } from "./site.js";

interface SiteRow {
  id: string;
  name: string;
  on_call: Record<string, string[]>;
  version: number;
  time_zone: string;
  working_days: number[];
  holidays: string[];
}

/** With the newest version of the calendar, or with the one that is asked for. */
const SITES = `
  select s.id, s.name, s.on_call, c.version, c.time_zone, c.working_days, c.holidays
  from site s
  join lateral (
    select * from site_calendar where site_id = s.id and ($2::int is null or version = $2)
    order by version desc limit 1
  ) c on true
  where $1::text is null or s.id = $1
  order by s.id`;

/** Sites and the versions of their calendars. A version is never changed: enrolments are pinned to it. */
@Injectable()
export class Sites implements Calendars {
  constructor(private readonly dataSource: DataSource) {}

  async all(): Promise<Site[]> {
    return (await this.dataSource.query<SiteRow[]>(SITES, [null, null])).map(siteOf);
  }

  async find(id: string, version?: number, sql = sqlOf(this.dataSource.manager)): Promise<Site | undefined> {
    return (await sql.rows<SiteRow>({ name: "pathkeeper-site", text: SITES }, [id, version ?? null])).map(siteOf)[0];
  }

  /** The calendar that a new enrolment is pinned to. */
  async newest(id: string): Promise<Site["calendar"] | undefined> {
    return (await this.find(id))?.calendar;
  }

  async version(id: string, version: number): Promise<CalendarVersion | undefined> {
    return (await this.find(id, version))?.calendar;
  }

  /** False where the id is taken. */
  add(site: Site, by: string): Promise<boolean> {
    return this.dataSource.transaction((manager) => this.addIn(sqlOf(manager), site, by));
  }

  /** The same in somebody's transaction. */
  async addIn(sql: Sql, site: Site, by: string): Promise<boolean> {
    const added = await sql.rows(INSERT_SITE, [site.id, site.name, JSON.stringify(site.onCall)]);
    if (added.length === 0) return false;
    const calendar = { name: "pathkeeper-add-calendar", text: INSERT_CALENDAR };
    await sql.rows(calendar, calendarValues(site.id, 1, site.calendar, by));
    return true;
  }

  /** The new version's number; undefined where there is no such site. The site's lock keeps numbers without gaps. */
  addCalendar(siteId: string, calendar: CalendarVersion, by: string): Promise<number | undefined> {
    return this.dataSource.transaction(async (manager) => {
      const [site] = await manager.query<{ version: number }[]>(
        `select (select max(version) from site_calendar where site_id = s.id)::int as version
         from site s where s.id = $1 for update`,
        [siteId],
      );
      if (!site) return undefined;
      await manager.query(INSERT_CALENDAR, calendarValues(siteId, site.version + 1, calendar, by));
      return site.version + 1;
    });
  }
}

const INSERT_SITE = {
  name: "pathkeeper-add-site",
  text: `
    insert into site (id, name, on_call, created_at) values ($1, $2, $3, pathkeeper_now())
    on conflict (id) do nothing returning id`,
};

const INSERT_CALENDAR = `
  insert into site_calendar (site_id, version, time_zone, working_days, holidays, recorded_at, recorded_by)
  values ($1, $2, $3, $4, $5, pathkeeper_now(), $6)`;

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
