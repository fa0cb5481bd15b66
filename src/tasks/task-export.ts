import { Readable } from "node:stream";
import { Inject, Injectable } from "@nestjs/common";
import type { Instant } from "../core/index.js";
import { page } from "../http/index.js";
import { type Person, ROLES_FOR, sitesWhere } from "../people/index.js";
import { CLOCK, type Clock } from "../platform/clock.js";
import type { Sql } from "../platform/statement.js";
import { Reads } from "../reads/index.js";
import { Sites } from "../sites/index.js";
import { siteDays } from "./site-days.js";
import { CSV_HEAD, csvLine } from "./task-csv.js";
import { placeOf, type TaskRow, WorklistRows } from "./worklist-rows.js";
import type { ExportFilters } from "./worklist.schemas.js";

const PAGE = 500;

interface Page {
  rows: TaskRow[];
  nextCursor: string | null;
}

/**
 * A worklist as a file, page after page as fast as it is taken: no more than a page of it is in memory, and no
 * connection is held meanwhile. Each page is told of before it is given, and is of one instant; the whole is not: a task
 * that changes its place while the file is written may stand in it twice or not at all.
 */
@Injectable()
export class TaskExport {
  constructor(
    private readonly reads: Reads,
    private readonly sites: Sites,
    private readonly rows: WorklistRows,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What fails before the first page is an answer of its own; what fails later breaks the file off. */
  async csv(person: Person, filters: ExportFilters): Promise<Readable> {
    const now = this.clock.now();
    const first = await this.page(person, filters, now, undefined);
    return Readable.from(this.texts(person, filters, now, first));
  }

  private async *texts(person: Person, filters: ExportFilters, now: Instant, first: Page): AsyncGenerator<string> {
    yield CSV_HEAD;
    for (let found = first; ;) {
      const tasks = await this.rows.answers(found.rows, now);
      if (tasks.length > 0) yield tasks.map(csvLine).join("");
      if (found.nextCursor === null) return;
      found = await this.page(person, filters, now, found.nextCursor);
    }
  }

  private page(person: Person, filters: ExportFilters, now: Instant, cursor: string | undefined): Promise<Page> {
    const sites = sitesWhere(person, ROLES_FOR.readPatients);
    const work = async (sql: Sql): Promise<Page> => {
      const days = siteDays(await this.sites.all(sql), now);
      const asked = { filters: { ...filters, cursor }, person: person.id, sites, days, now };
      return page(await this.rows.page(sql, asked, PAGE), PAGE, (row) => placeOf(row, filters.sort ?? "urgency"));
    };
    return this.reads.answer(person, "export", work, ({ rows }) => [...new Set(rows.map((row) => row.enrolment_id))]);
  }
}
