import type { EntityManager } from "typeorm";
import { effectiveEvents, fold, type Calendar, type Pathway } from "../../core/index.js";
import { foldRecordsOf, type LoadedEnrolment, type Loader, type Rulebook } from "../../engine/index.js";
import { sqlOf } from "../../platform/statement.js";
import { rowDifferences, type ArmedTimer, type Examined, type RowDifference } from "./differences.js";

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
    return this.compare(await this.loader.read(sqlOf(within), ids));
  }

  /** Holds the enrolments' locks until the transaction ends, taken in the engine's order. */
  async lock(within: EntityManager, ids: readonly string[]): Promise<RowDifference[]> {
    const wakes = ids.map((enrolmentId) => ({ kind: "wake", enrolmentId, by: "sweep" }) as const);
    const loaded = await this.loader.load(sqlOf(within), wakes, { wait: true });
    return this.compare(loaded.map((one) => one?.enrolment ?? null));
  }

  private async compare(found: readonly (LoadedEnrolment | null)[]): Promise<RowDifference[]> {
    const differences: RowDifference[] = [];
    for (const enrolment of found) {
      if (enrolment) differences.push(...(await this.examine(enrolment)));
    }
    return differences;
  }

  private async examine(enrolment: LoadedEnrolment): Promise<RowDifference[]> {
    const { row, seq, timers } = enrolment;
    try {
      const { pathway, calendar } = await this.rulebook.fetch({ ...row, enrolmentId: row.id, seq });
      const { folded, armed } = foldAgain(enrolment, pathway, calendar);
      return rowDifferences({
        enrolmentId: row.id,
        pathwayId: row.pathway.id,
        stored: row.stored,
        folded,
        armed,
        rows: [...timers],
      });
    } catch (error) {
      const sentence = `Enrolment ${row.id}: its history cannot be folded: ${(error as Error).message}`;
      return [{ kind: "state", enrolmentId: row.id, sentence, mend: null }];
    }
  }
}

/** Folds the history as far as the row was projected; what is armed there ought to have rows. */
function foldAgain(
  enrolment: LoadedEnrolment,
  pathway: Pathway,
  calendar: Calendar,
): Pick<Examined, "folded" | "armed"> {
  const { run, setAside } = fold(
    pathway,
    calendar,
    effectiveEvents(foldRecordsOf(enrolment), calendar),
    enrolment.row.projectedTo,
  );
  const folded = run.store(setAside.map(({ event }) => event.seq));
  if (!folded) throw new Error("it does not begin with an enrolment.");
  const armed = folded.timers.map((timer): ArmedTimer => ({
    ...timer,
    status: run.isHeld(timer) ? "held" : "pending",
  }));
  return { folded, armed };
}
