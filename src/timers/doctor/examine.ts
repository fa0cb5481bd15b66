import type { EntityManager } from "typeorm";
import {
  examineRows,
  unreadable,
  type LoadedEnrolment,
  type Loader,
  type RowDifference,
  type Rulebook,
} from "../../engine/index.js";
import { sqlOf } from "../../platform/statement.js";

/** Ids of enrolments after one of them, in order. */
export async function enrolmentPage(within: EntityManager, after: string, limit: number): Promise<string[]> {
  const rows = await within.query<{ id: string }[]>(
    `SELECT id FROM enrolment WHERE id > $1::uuid ORDER BY id LIMIT $2`,
    [after, limit],
  );
  return rows.map(({ id }) => id);
}

/** Compares enrolments with their rows; the engine may be at work, for each is read in one statement. */
export class Examiner {
  constructor(
    private readonly loader: Loader,
    private readonly rulebook: Rulebook,
  ) {}

  async read(within: EntityManager, ids: readonly string[]): Promise<RowDifference[]> {
    const differences: RowDifference[] = [];
    for (const enrolment of await this.loader.read(sqlOf(within), ids)) {
      if (enrolment) differences.push(...(await this.examine(enrolment)));
    }
    return differences;
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
