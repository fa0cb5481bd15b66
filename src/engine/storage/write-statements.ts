import type { Statement } from "../../platform/statement.js";
import type { Tables } from "./tables.js";

export type WriteStatements = ReturnType<typeof writeStatements>;

export function writeStatements({ enrolment, record, task, timer, key, patient, identifier, token, link }: Tables) {
  return {
    /**
     * All that decisions write about their enrolments, in one statement. Each row finds its place by the key it conflicts
     * on, whatever the planner believes about the sizes of tables.
     */
    writeDecisions: {
      name: "pathkeeper-write-decisions",
      text: `
WITH enrolments AS (
  ${enrolment.upsert("$1", ["id"], ["patientId", "siteId", "pathwayId"])}
), records AS (
  ${record.insert("$2")}
), tasks AS (
  ${task.upsert("$3", ["enrolmentId", "id"], ["siteId", "pathwayId"])}
), timers AS (
  ${timer.upsert("$4", ["enrolmentId", "state", "name"], ["id"])}
)
${key.insert("$5")}`,
    } satisfies Statement,
    /**
     * New patients and changed ones. An identifier that another patient has meanwhile got breaks the unique key: the
     * transaction is tried again and then sees whose it is.
     */
    writePatients: {
      name: "pathkeeper-write-patients",
      text: `
WITH patients AS (
  ${patient.upsert("$1", ["id"], ["wrappedKey"])}
), identifiers AS (
  ${identifier.insert("$2")}
)
${token.insert("$3")}`,
    } satisfies Statement,
    /** What was said of persons, and what was taken back. */
    writeLinks: {
      name: "pathkeeper-write-links",
      text: `
WITH unsaid AS (
  DELETE FROM ${link.path} l USING jsonb_to_recordset($2::jsonb) AS u(patient_id uuid, same_as uuid)
  WHERE l.patient_id = u.patient_id AND l.same_as = u.same_as
)
${link.insert("$1")}`,
    } satisfies Statement,
    /** Patients whose tokens an older scheme made; of those whose key is destroyed nobody makes any. */
    lockOldTokens: {
      name: "pathkeeper-lock-old-tokens",
      text: `
SELECT ${patient.select("p")} FROM ${patient.path} p
WHERE token_scheme < $1 AND wrapped_key IS NOT NULL AND id > $2::uuid ORDER BY id LIMIT $3 FOR UPDATE`,
    } satisfies Statement,
    forgetTokens: {
      name: "pathkeeper-forget-tokens",
      text: `
WITH schemes AS (
  UPDATE ${patient.path} SET token_scheme = $2 WHERE id = ANY($1::uuid[])
)
DELETE FROM ${token.path} WHERE patient_id = ANY($1::uuid[])`,
    } satisfies Statement,
    /** An identifier that is somebody else's by now, since both look alike, stays theirs. */
    addTokens: {
      name: "pathkeeper-add-tokens",
      text: `
WITH identifiers AS (
  ${identifier.insert("$2", "ON CONFLICT DO NOTHING")}
)
${token.insert("$1")}`,
    } satisfies Statement,
    /** What changed patients were found by so far. */
    forgetPatients: {
      name: "pathkeeper-forget-patients",
      text: `
WITH identifiers AS (
  DELETE FROM ${identifier.path} WHERE patient_id = ANY($1::uuid[])
)
DELETE FROM ${token.path} WHERE patient_id = ANY($1::uuid[])`,
    } satisfies Statement,
  };
}
