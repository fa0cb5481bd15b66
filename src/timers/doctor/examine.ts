import type { EntityManager } from "typeorm";
import {
  compile,
  effectiveEvents,
  fold,
  makeCalendar,
  type CalendarVersion,
  type FoldRecord,
  type Instant,
  type Pathway,
  type PathwayDocument,
  type Stored,
} from "../../core/index.js";
import type { Examined, TimerRowFound } from "./differences.js";

interface EnrolmentFound {
  id: string;
  siteId: string;
  calendarVersion: number;
  pathwayId: string;
  pathwayVersion: string;
  projectedTo: Instant;
  stored: Stored;
}

/** Ids of enrolments after one of them, in order. */
export async function enrolmentPage(within: EntityManager, after: string, limit: number): Promise<string[]> {
  const rows = await within.query<{ id: string }[]>(
    `SELECT id FROM enrolment WHERE id > $1::uuid ORDER BY id LIMIT $2`,
    [after, limit],
  );
  return rows.map(({ id }) => id);
}

/**
 * Folds each enrolment from its history as far as it was projected, and sets what is armed there beside its rows. Read
 * in one snapshot (or under the enrolments' locks), so that an engine at work is no difference.
 */
export async function examine(within: EntityManager, ids: readonly string[]): Promise<Examined[]> {
  const enrolments = await within.query<EnrolmentFound[]>(
    `SELECT id, site_id AS "siteId", calendar_version AS "calendarVersion", pathway_id AS "pathwayId",
            pathway_version AS "pathwayVersion", projected_to AS "projectedTo", stored
       FROM enrolment WHERE id = ANY($1::uuid[]) ORDER BY id`,
    [ids],
  );
  const records = groupBy(await readRecords(within, ids));
  const rows = groupBy(await readRows(within, ids));
  const pathways = await readPathways(within, enrolments);
  const calendars = await readCalendars(within, enrolments);
  return enrolments.map((enrolment) => {
    const calendar = makeCalendar(calendars.get(calendarKey(enrolment))!);
    const events = effectiveEvents(records.get(enrolment.id) ?? [], calendar);
    const { run, setAside } = fold(pathways.get(pathwayKey(enrolment))!, calendar, events, enrolment.projectedTo);
    const folded = run.store(setAside.map(({ event }) => event.seq));
    if (!folded) throw new Error(`The history of enrolment ${enrolment.id} holds no enrolment.`);
    return {
      enrolmentId: enrolment.id,
      pathwayId: enrolment.pathwayId,
      stored: enrolment.stored,
      folded,
      armed: folded.timers.map((timer) => ({ ...timer, status: run.isHeld(timer) ? "held" : "pending" })),
      rows: rows.get(enrolment.id) ?? [],
    };
  });
}
