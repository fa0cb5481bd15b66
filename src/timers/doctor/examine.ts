import {
  examineRows,
  unreadable,
  type LoadedEnrolment,
  type Loader,
  type RowDifference,
  type Rulebook,
} from "../../engine/index.js";
import { type Sql, statementOf } from "../../platform/statement.js";

type Read = (LoadedEnrolment | null)[];

interface Page {
  looked: number;
  /** What was found of each enrolment that is not well. */
  sick: RowDifference[][];
}

const PAGE = statementOf(`SELECT id FROM enrolment WHERE id > $1::uuid ORDER BY id LIMIT $2`);
const NIL = "00000000-0000-0000-0000-000000000000";

/** Compares enrolments with their rows; the engine may be at work, for each is read in one statement. */
export class Examiner {
  constructor(
    private readonly loader: Loader,
    private readonly rulebook: Rulebook,
  ) {}

  /** Everybody, page by page; the database reads the next page while this one is folded. */
  async *pages(sql: Sql, size: number): AsyncGenerator<Page> {
    let next = this.read(sql, NIL, size);
    for (;;) {
      const { ids, read } = await next;
      if (ids.length === 0) return;
      next = this.read(sql, ids.at(-1)!, size);
      // It is awaited in its turn, if it comes to that.
      next.catch(() => undefined);
      yield { looked: ids.length, sick: await this.compare(read) };
    }
  }

  private async read(sql: Sql, after: string, limit: number): Promise<{ ids: string[]; read: Read }> {
    const rows = await sql.rows<{ id: string }>(PAGE, [after, limit]);
    const ids = rows.map(({ id }) => id);
    return { ids, read: ids.length === 0 ? [] : await this.loader.read(sql, ids) };
  }

  private async compare(read: Read): Promise<RowDifference[][]> {
    const sick: RowDifference[][] = [];
    for (const enrolment of read) {
      const found = enrolment ? await this.examine(enrolment) : [];
      if (found.length > 0) sick.push(found);
    }
    return sick;
  }

  private async examine(enrolment: LoadedEnrolment): Promise<RowDifference[]> {
    const { row, seq } = enrolment;
    try {
      return examineRows(enrolment, await this.rulebook.fetch({ ...row, enrolmentId: row.id, seq }));
    } catch (error) {
      return [unreadable(row.id, error)];
    }
  }
}
