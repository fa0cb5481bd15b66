import type { Statement } from "./statement.js";

/**
 * The rows of a JSON array as rows of a table: PostgreSQL reads each member into the column of its name. The schema
 * stands there because a bare `record` is a type of PostgreSQL's own.
 */
const rows = (table: string, parameter: string): string =>
  `jsonb_populate_recordset(NULL::public.${table}, ${parameter}::jsonb)`;

const set = (columns: string[], from: string): string => columns.map((name) => `${name} = ${from}.${name}`).join(", ");

const ENROLMENT_CHANGES = [
  ...["calendar_version", "pathway_version", "pathway_hash", "status", "exit_reason", "states", "stored", "seq"],
  ...["last_hash", "last_recorded_at", "enrolled_at", "projected_to"],
];
const TASK_CHANGES = [
  ...["key", "opened_at", "nth", "title", "role", "urgency", "due_at", "reminders", "escalations", "status", "held"],
  ...["closed_at", "assignee", "snoozed_until"],
];
const TIMER_CHANGES = ["started_at", "due_at", "status", "generation", "armed_at"];

/** All that decisions write about their enrolments, in one statement. Returns how many enrolments there were to update. */
export const WRITE_DECISIONS: Statement = {
  name: "pathkeeper-write-decisions",
  text: `
WITH records AS (
  INSERT INTO record SELECT * FROM ${rows("record", "$2")}
), tasks AS (
  INSERT INTO task SELECT * FROM ${rows("task", "$3")}
  ON CONFLICT (enrolment_id, id) DO UPDATE SET ${set(TASK_CHANGES, "excluded")}
), timers AS (
  INSERT INTO timer SELECT * FROM ${rows("timer", "$4")}
  ON CONFLICT (enrolment_id, state, name) DO UPDATE SET ${set(TIMER_CHANGES, "excluded")}
), keys AS (
  INSERT INTO idempotency_key SELECT * FROM ${rows("idempotency_key", "$5")}
), enrolments AS (
  UPDATE enrolment e SET ${set(ENROLMENT_CHANGES, "n")} FROM ${rows("enrolment", "$1")} n WHERE e.id = n.id RETURNING e.id
)
SELECT count(*)::int AS updated FROM enrolments`,
};

/**
 * New enrolments, new patients and changed ones. An identifier that another patient has meanwhile got breaks the
 * unique key: the transaction is tried again and then sees whose it is.
 */
export const WRITE_PATIENTS: Statement = {
  name: "pathkeeper-write-patients",
  text: `
WITH changed AS (
  SELECT * FROM ${rows("patient", "$1")}
), patients AS (
  INSERT INTO patient SELECT * FROM changed ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed
), identifiers AS (
  SELECT DISTINCT * FROM ${rows("patient_identifier", "$2")}
), identifiers_gone AS (
  DELETE FROM patient_identifier h USING changed c WHERE h.patient_id = c.id
    AND NOT EXISTS (SELECT FROM identifiers n WHERE n.hash = h.hash AND n.patient_id = h.patient_id)
), identifiers_new AS (
  INSERT INTO patient_identifier SELECT * FROM identifiers n
  WHERE NOT EXISTS (SELECT FROM patient_identifier h WHERE h.hash = n.hash AND h.patient_id = n.patient_id)
), tokens AS (
  SELECT DISTINCT * FROM ${rows("patient_token", "$3")}
), tokens_gone AS (
  DELETE FROM patient_token h USING changed c WHERE h.patient_id = c.id
    AND NOT EXISTS (SELECT FROM tokens n WHERE n.hash = h.hash AND n.patient_id = h.patient_id)
), tokens_new AS (
  INSERT INTO patient_token SELECT * FROM tokens ON CONFLICT DO NOTHING
)
INSERT INTO enrolment SELECT * FROM ${rows("enrolment", "$4")}`,
};
