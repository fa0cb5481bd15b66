import { type Sql, statementOf } from "../platform/statement.js";

/** How late something is: by less than that. */
export const LATENESSES = ["<1m", "<1h", "<1d", "more"] as const;
export type Lateness = (typeof LATENESSES)[number];
export const URGENCIES = ["urgent", "routine"] as const;

export interface Overdue {
  /** Timers have none. */
  urgency: (typeof URGENCIES)[number] | null;
  late: Lateness;
  count: number;
}

/** Counting further tells no more, and a scrape has to stay cheap. Of those beyond, the latest are left out. */
const MANY = 100_000;

const LATE = `
  CASE WHEN due_at > pathkeeper_now() - interval '1 minute' THEN '<1m'
       WHEN due_at > pathkeeper_now() - interval '1 hour' THEN '<1h'
       WHEN due_at > pathkeeper_now() - interval '1 day' THEN '<1d'
       ELSE 'more' END`;

const TIMERS = statementOf(`
  SELECT NULL AS urgency, ${LATE} AS late, count(*)::int AS count
    FROM (SELECT due_at FROM timer WHERE status = 'pending' AND due_at < pathkeeper_now()
           ORDER BY due_at DESC LIMIT $1) AS overdue
   GROUP BY late`);

/** As the worklist has it: neither what is held nor what is snoozed. */
const TASKS = statementOf(`
  SELECT urgency, ${LATE} AS late, count(*)::int AS count
    FROM unnest(enum_range(NULL::task_urgency)) AS urgency
   CROSS JOIN LATERAL (
     SELECT due_at FROM task
      WHERE status = 'open' AND task.urgency = urgency.urgency AND due_at < pathkeeper_now() AND NOT held
        AND (snoozed_until IS NULL OR snoozed_until <= pathkeeper_now())
      ORDER BY due_at DESC LIMIT $1) AS overdue
   GROUP BY urgency, late`);

/** Pending timers past their due instant; what there is none of is left out. */
export function overdueTimers(sql: Sql): Promise<Overdue[]> {
  return sql.rows<Overdue>(TIMERS, [MANY]);
}

/** Open tasks past theirs. */
export function overdueTasks(sql: Sql): Promise<Overdue[]> {
  return sql.rows<Overdue>(TASKS, [MANY]);
}
