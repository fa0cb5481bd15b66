import type { Statement } from "../../platform/statement.js";
import { milliseconds } from "./table.js";
import type { Tables } from "./tables.js";
import type { RecordEntity } from "./entities/index.js";

/** What decisions need of a record. */
export const LOADED_OF_RECORD = [
  ...(["seq", "kind", "type", "occurredAt", "occurredOn", "recordedAt", "by", "performer"] as const),
  ...(["sourceSystem", "sourceId", "data", "sealed", "cut", "corrects", "detail"] as const),
] satisfies (keyof RecordEntity)[];

/** More would help nobody to find out which of them it is. */
const MOST_ALIKE = 5;

export type ReadStatements = ReturnType<typeof readStatements>;

export function readStatements(tables: Tables) {
  const { enrolment, record, task, timer, key, patient, identifier, token, link } = tables;
  const answered = `CASE WHEN i.person IS NOT NULL THEN ${key.tuple("i")} END AS answered`;
  const keyed = `LEFT JOIN LATERAL (
  SELECT * FROM ${key.path} WHERE person = a.person AND route = a.route AND key = a.key LIMIT 1) i ON true`;

  /**
   * Everything about enrolments named by id that is newer than what is kept of them (`kept`, a `seq`), in one statement,
   * which locks them in order of their ids. A statement sees what was committed when it began, and a row it waited for as
   * it is now: `newest` tells the caller that the rest was read too early and must be read again. Its cost does not
   * depend on the parameters, so that it is planned once per connection (planning takes as long as running it), and
   * lateral joins look rows up by their key however small a table was at that moment.
   */
  const enrolments = (name: string, lock: string): Statement => ({
    name,
    text: `
WITH asked AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb)
    AS a(n int, enrolment uuid, kept int, person text, route text, key text)
  ORDER BY enrolment
), a AS MATERIALIZED (
  SELECT asked.*, e.* FROM asked
  CROSS JOIN LATERAL (SELECT * FROM ${enrolment.path} WHERE id = asked.enrolment LIMIT 1 ${lock}) e
)
SELECT a.n, a.id, a.seq, a.last_hash, a.pathway_version, a.pathway_hash, a.calendar_version,
  p.wrapped_key AS patient_key, p.sealed AS patient_sealed,
  h.wrapped_key AS person_key, h.sealed AS person_sealed, ${answered},
  CASE WHEN a.seq <> a.kept THEN ${enrolment.tuple("a")} END AS row,
  CASE WHEN a.seq <> a.kept THEN (SELECT max(seq) FROM ${record.path} WHERE enrolment_id = a.id) END AS newest,
  CASE WHEN a.seq > a.kept AND a.kept > 0 THEN (SELECT previous_hash FROM ${record.path}
    WHERE enrolment_id = a.id AND seq = a.kept + 1) END AS goes_on_from,
  CASE WHEN a.seq <> a.kept THEN (SELECT json_agg(${record.tuple("r", LOADED_OF_RECORD)} ORDER BY r.seq)
    FROM ${record.path} r WHERE r.enrolment_id = a.id AND r.seq > a.kept
      AND r.kind IN ('event', 'correction', 'timer', 'pin')) END AS records,
  CASE WHEN a.seq <> a.kept THEN (SELECT json_agg(${task.tuple("t")}) FROM ${task.path} t WHERE t.enrolment_id = a.id) END AS tasks,
  CASE WHEN a.seq <> a.kept THEN (SELECT json_agg(${timer.tuple("t")}) FROM ${timer.path} t WHERE t.enrolment_id = a.id) END AS timers
FROM a
CROSS JOIN LATERAL (SELECT * FROM ${patient.path} WHERE id = a.patient_id LIMIT 1) p
LEFT JOIN LATERAL (
  SELECT * FROM ${patient.path} WHERE id = a.person_id AND a.person_id <> a.patient_id LIMIT 1) h ON true
${keyed}`,
  });

  const patients = (name: string, lock: string): Statement => ({
    name,
    text: `SELECT ${patient.select("p")} FROM ${patient.path} p WHERE id = ANY($1::uuid[]) ORDER BY id ${lock}`,
  });

  return {
    lockEnrolments: enrolments("pathkeeper-lock-enrolments", "FOR UPDATE"),
    lockFreeEnrolments: enrolments("pathkeeper-lock-free-enrolments", "FOR UPDATE SKIP LOCKED"),
    readEnrolments: enrolments("pathkeeper-read-enrolments", ""),
    lockPatients: patients("pathkeeper-lock-patients", "FOR UPDATE"),
    lockFreePatients: patients("pathkeeper-lock-free-patients", "FOR UPDATE SKIP LOCKED"),
    readPatients: patients("pathkeeper-read-patients", ""),
    /** For commands that name a patient by identifiers: who has them, and who else has such names and birth date. */
    findPatients: {
      name: "pathkeeper-find-patients",
      text: `
SELECT a.n, ${answered},
  (SELECT json_agg(p.id ORDER BY p.id)
    FROM (SELECT DISTINCT h.patient_id AS id FROM unnest(a.hashes) AS named(hash)
      CROSS JOIN LATERAL (SELECT patient_id FROM ${identifier.path} WHERE hash = named.hash LIMIT 1) h) p) AS matches,
  (SELECT person_id FROM ${enrolment.path} WHERE id = a.enrolment) AS person,
  (SELECT json_agg(o.id ORDER BY o.id) FROM (
    SELECT DISTINCT e.id FROM ${token.path} t
    CROSS JOIN LATERAL (SELECT person_id FROM ${patient.path} WHERE id = t.patient_id LIMIT 1) s
    CROSS JOIN LATERAL (
      SELECT id FROM ${enrolment.path} WHERE person_id = s.person_id ORDER BY enrolled_at DESC LIMIT 1) e
    WHERE t.hash = a.names AND EXISTS (
        SELECT FROM ${token.path} b WHERE b.hash = ANY(a.born) AND b.patient_id = t.patient_id)
      AND NOT EXISTS (SELECT FROM ${identifier.path} i WHERE i.hash = ANY(a.hashes) AND i.patient_id = s.person_id)
    LIMIT ${MOST_ALIKE}) o) AS alike
FROM jsonb_to_recordset($1::jsonb)
  AS a(n int, person text, route text, key text, enrolment uuid, hashes bytea[], names bytea, born bytea[])
${keyed}`,
    } satisfies Statement,
    /** When persons are on a pathway by other enrolments than one. */
    readStays: {
      name: "pathkeeper-read-stays",
      text: `
SELECT a.n, (SELECT json_agg(json_build_array(o.id,
    ${milliseconds("o.enrolled_at")}, o.stored #> '{exit,at}') ORDER BY o.enrolled_at, o.id)
  FROM ${enrolment.path} o WHERE o.person_id = a.person AND o.pathway_id = a.pathway AND o.id <> a.enrolment) AS stays
FROM jsonb_to_recordset($1::jsonb) AS a(n int, enrolment uuid, person uuid, pathway text)`,
    } satisfies Statement,
    /** Persons whole, by some of their records: all records and enrolments, and what was said. */
    readPersons: {
      name: "pathkeeper-read-persons",
      text: `
WITH m AS (
  SELECT id, person_id FROM ${patient.path}
  WHERE person_id IN (SELECT person_id FROM ${patient.path} WHERE id = ANY($1::uuid[]))
)
SELECT
  (SELECT coalesce(json_agg(id ORDER BY id), '[]') FROM m) AS patients,
  (SELECT coalesce(json_agg(id ORDER BY id), '[]') FROM ${enrolment.path}
    WHERE person_id IN (SELECT person_id FROM m)) AS enrolments,
  (SELECT coalesce(json_agg(json_build_object('patientId', patient_id, 'sameAs', same_as, 'nth', nth)
    ORDER BY nth, patient_id, same_as), '[]') FROM ${link.path} WHERE patient_id IN (SELECT id FROM m)) AS links`,
    } satisfies Statement,
    /** Whole records in order of their key, after (`$1`, `$2`) and up to the enrolment `$3`. */
    readRecords: {
      name: "pathkeeper-read-records",
      text: `
SELECT ${record.select("r")} FROM ${record.path} r
WHERE (enrolment_id, seq) > ($1::uuid, $2::int) AND enrolment_id <= $3::uuid
ORDER BY enrolment_id, seq LIMIT $4`,
    } satisfies Statement,
    /** What was told of tasks in an enrolment's history up to a `seq`, and one more record of it (`$3`). */
    readTaskRecords: {
      name: "pathkeeper-read-task-records",
      text: `
SELECT ${record.select("r")} FROM ${record.path} r
WHERE enrolment_id = $1::uuid AND ((seq > $2::int AND seq <= $3::int AND kind = 'task') OR seq = $4::int) ORDER BY seq`,
    } satisfies Statement,
    /** The newest record that was known at an instant, in milliseconds. */
    readSeqAt: {
      name: "pathkeeper-read-seq-at",
      text: `
SELECT seq FROM ${record.path}
WHERE enrolment_id = $1::uuid AND extract(epoch FROM recorded_at) * 1000 <= $2::numeric ORDER BY seq DESC LIMIT 1`,
    } satisfies Statement,
    /** Whose history it is. */
    readPatientOf: {
      name: "pathkeeper-read-patient-of",
      text: `
SELECT ${patient.select("p")} FROM ${enrolment.path} e JOIN ${patient.path} p ON p.id = e.patient_id WHERE e.id = $1::uuid`,
    } satisfies Statement,
    /** The end of each history as its enrolment says it, for verification. */
    readHeads: {
      name: "pathkeeper-read-heads",
      text: `
SELECT id, seq, last_hash AS "lastHash" FROM ${enrolment.path}
WHERE (id, seq) > ($1::uuid, $2::int) AND id <= $3::uuid ORDER BY id LIMIT $4`,
    } satisfies Statement,
  };
}
