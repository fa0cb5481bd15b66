import { Injectable } from "@nestjs/common";
import { EnrolmentViews } from "../engine/index.js";
import { DEFAULT_LIMIT, page, readCursor } from "../http/index.js";
import { permittedAt, type Person } from "../people/index.js";
import { EnrolmentHeads, NoSuchRecord, Reads } from "../reads/index.js";
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
    const [head] = await this.heads.toRead(person, "history", id, (site) => permittedAt(person, site, "readPatients"));
    const place = readCursor<[number]>(cursor, (parts) => parts.length === 1 && isSeq(parts[0]));
    await this.wakeUp.ifDue(head);
    const found = await this.reads.answer(
      person,
      "history",
      (sql) => this.views.history(sql, head.id, { after: place?.[0] ?? 0, limit: limit + 1 }),
      () => [head.id],
    );
    if (!found) throw new NoSuchRecord("enrolment");
    const { rows, nextCursor } = page(found, limit, ({ seq }) => [seq]);
    return { items: rows.map(historyAnswer), nextCursor };
  }
}

function isSeq(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31;
}
