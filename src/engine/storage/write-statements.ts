import type { Statement } from "../../platform/statement.js";

/**
 * The rows of a JSON array as rows of a table: PostgreSQL reads each member into the column of its name. The schema
 * stands there because a bare `record` is a type of PostgreSQL's own.
 */
const rows = (table: string, parameter: string): string =>
  `jsonb_populate_recordset(NULL::public.${table}, ${parameter}::jsonb)`;

const set = (columns: string[]): string => columns.map((name) => `${name} = excluded.${name}`).join(", ");

const ENROLMENT_CHANGES = [
  ...["calendar_version", "pathway_version", "pathway_hash", "status", "exit_reason", "states", "stored", "seq"],
  ...["last_hash", "last_recorded_at", "enrolled_at", "projected_to"],
];
const TASK_CHANGES = [
  ...["key", "opened_at", "nth", "title", "role", "urgency", "due_at", "reminders", "escalations", "status", "held"],
  ...["closed_at", "assignee", "snoozed_until"],
];
const TIMER_CHANGES = ["started_at", "due_at", "status", "generation", "armed_at"];

/**
 * All that decisions write about their enrolments, in one statement. Each row finds its place by the key it conflicts
 * on, whatever the planner believes about the sizes of tables.
 */
export const WRITE_DECISIONS: Statement = {
  name: "pathkeeper-write-decisions",
  text: `
WITH enrolments AS (
  INSERT INTO enrolment SELECT * FROM ${rows("enrolment", "$1")}
  ON CONFLICT (id) DO UPDATE SET ${set(ENROLMENT_CHANGES)}
), records AS (
  INSERT INTO record SELECT * FROM ${rows("record", "$2")}
), tasks AS (
  INSERT INTO task SELECT * FROM ${rows("task", "$3")}
  ON CONFLICT (enrolment_id, id) DO UPDATE SET ${set(TASK_CHANGES)}
), timers AS (
  INSERT INTO timer SELECT * FROM ${rows("timer", "$4")}
  ON CONFLICT (enrolment_id, state, name) DO UPDATE SET ${set(TIMER_CHANGES)}
)
INSERT INTO idempotency_key SELECT * FROM ${rows("idempotency_key", "$5")}`,
};

/**
 * New patients and changed ones. An identifier that another patient has meanwhile got breaks the unique key: the
 * transaction is tried again and then sees whose it is.
 */
export const WRITE_PATIENTS: Statement = {
  name: "pathkeeper-write-patients",
  text: `
WITH patients AS (
  INSERT INTO patient SELECT * FROM ${rows("patient", "$1")} ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed
), identifiers AS (
  INSERT INTO patient_identifier SELECT DISTINCT * FROM ${rows("patient_identifier", "$2")}
)
INSERT INTO patient_token SELECT DISTINCT * FROM ${rows("patient_token", "$3")}`,
};

/** What changed patients were found by so far. */
export const FORGET_PATIENTS: Statement = {
  name: "pathkeeper-forget-patients",
  text: `
WITH identifiers AS (
  DELETE FROM patient_identifier WHERE patient_id = ANY($1::uuid[])
)
DELETE FROM patient_token WHERE patient_id = ANY($1::uuid[])`,
};
