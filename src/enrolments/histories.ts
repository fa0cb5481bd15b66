import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import { sqlOf } from "../platform/statement.js";
import { EnrolmentViews } from "../engine/index.js";
import { DEFAULT_LIMIT, page, ProblemError, readCursor } from "../http/index.js";
import type { Person } from "../people/index.js";
import { EnrolmentSites } from "./enrolment-sites.js";
import type { HistoryItem, HistoryPaging } from "./history.schemas.js";
import { historyAnswer } from "./history-view.js";
import { WakeUp } from "./wake-up.js";

@Injectable()
export class Histories {
  constructor(
    private readonly dataSource: DataSource,
    private readonly views: EnrolmentViews,
    private readonly sites: EnrolmentSites,
    private readonly wakeUp: WakeUp,
  ) {}

  async read(
    person: Person,
    id: string,
    { cursor, limit = DEFAULT_LIMIT }: HistoryPaging,
  ): Promise<{ items: HistoryItem[]; nextCursor: string | null }> {
    await this.sites.actorFor(person, id, "readPatients");
    const place = readCursor<[number]>(cursor, (parts) => parts.length === 1 && isSeq(parts[0]));
    await this.wakeUp.ifDue(id);
    const found = await this.views.history(sqlOf(this.dataSource.manager), id, {
      after: place?.[0] ?? 0,
      limit: limit + 1,
    });
    if (!found) throw new ProblemError({ name: "not-found", detail: "There is no such enrolment." });
    const { rows, nextCursor } = page(found, limit, ({ seq }) => [seq]);
    return { items: rows.map(historyAnswer), nextCursor };
  }
}

function isSeq(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31;
}
