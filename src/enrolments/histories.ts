import { Injectable } from "@nestjs/common";
import { EnrolmentViews } from "../engine/index.js";
import { DEFAULT_LIMIT, page, ProblemError, readCursor } from "../http/index.js";
import { permittedAt, type Person } from "../people/index.js";
import { EnrolmentHeads, Reads } from "../reads/index.js";
import type { HistoryItem, HistoryPaging } from "./history.schemas.js";
import { historyAnswer } from "./history-view.js";
import { WakeUp } from "./wake-up.js";

@Injectable()
export class Histories {
  constructor(
    private readonly reads: Reads,
    private readonly heads: EnrolmentHeads,
    private readonly views: EnrolmentViews,
    private readonly wakeUp: WakeUp,
  ) {}

  async read(
    person: Person,
    id: string,
    { cursor, limit = DEFAULT_LIMIT }: HistoryPaging,
  ): Promise<{ items: HistoryItem[]; nextCursor: string | null }> {
    const head = await this.heads.of(person, "history", id);
    permittedAt(person, head.siteId, "readPatients");
    const place = readCursor<[number]>(cursor, (parts) => parts.length === 1 && isSeq(parts[0]));
    await this.wakeUp.ifDue(head);
    const found = await this.reads.answer(person, "history", (sql) =>
      this.views.history(sql, id, { after: place?.[0] ?? 0, limit: limit + 1 }),
    );
    if (!found) throw new ProblemError({ name: "not-found", detail: "There is no such enrolment." });
    const { rows, nextCursor } = page(found, limit, ({ seq }) => [seq]);
    return { items: rows.map(historyAnswer), nextCursor };
  }
}

function isSeq(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31;
}
