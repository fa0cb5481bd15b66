import type { Statement } from "../../platform/statement.js";

/** Whole milliseconds, exact for any instant kept to milliseconds. */
const ms = (column: string): string => `round(date_part('epoch', ${column}) * 1000)`;

/** The answer that is kept for the key of a command. */
const ANSWERED = `i.request_hash, i.enrolment_id AS answered_enrolment, i.kind AS answered_kind,
  i.status AS answered_status, i.seq AS answered_seq, i.record_seq AS answered_record,
  ${ms("i.answered_at")} AS answered_at, i.problem AS answered_problem`;

/**
 * Everything about enrolments named by id in one statement, which locks them in order of their ids. A statement sees
 * what was committed when it began, and a row it waited for as it is now: `newest` tells the caller that the rest was
 * read too early and must be read again. Its cost does not depend on the parameters, so that it is planned once per
 * connection (planning takes as long as running it), and lateral joins look rows up by their key however small a table
 * was at that moment.
 */
function enrolments(name: string, lock: string): Statement {
  return {
    name,
    text: `
WITH asked AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb)
    AS a(n int, id uuid, person text, route text, key text, source_system text, source_id text)
  ORDER BY id
), locked AS MATERIALIZED (
  SELECT a.n, a.person, a.route, a.key, a.source_system, a.source_id, e.*
  FROM asked a CROSS JOIN LATERAL (SELECT * FROM enrolment WHERE id = a.id LIMIT 1 ${lock}) e
)
SELECT e.n, e.id, e.patient_id, e.site_id, e.calendar_version, e.pathway_id, e.pathway_version, e.pathway_hash, e.status,
  e.exit_reason, e.states, e.stored, e.seq, e.last_hash, ${ms("e.last_recorded_at")} AS last_recorded_at,
  ${ms("e.enrolled_at")} AS enrolled_at, ${ms("e.projected_to")} AS projected_to, p.wrapped_key, p.sealed,
  ${ANSWERED},
  (SELECT max(seq) FROM record WHERE enrolment_id = e.id) AS newest,
  (SELECT json_agg(json_build_array(r.seq, r.kind, r.type, r.occurred_on, ${ms("r.occurred_at")}, ${ms("r.recorded_at")},
      coalesce(r.performer, r.by), r.data, r.corrects, r.detail, r.sealed, r.by) ORDER BY r.seq)
    FROM record r WHERE r.enrolment_id = e.id AND r.kind IN ('event', 'correction', 'timer', 'pin')) AS records,
  (SELECT json_agg(json_build_array(t.id, t.key, ${ms("t.opened_at")}, t.nth, t.title, t.role, t.urgency, ${ms("t.due_at")},
      t.reminders, t.escalations, t.status, t.held, ${ms("t.closed_at")}, t.assignee, ${ms("t.snoozed_until")})
      ORDER BY t.opened_at, t.key, t.nth)
    FROM task t WHERE t.enrolment_id = e.id) AS tasks,
  (SELECT json_agg(json_build_array(t.id, t.state, t.name, ${ms("t.started_at")}, ${ms("t.due_at")}, t.status, t.generation,
      ${ms("t.armed_at")}) ORDER BY t.state, t.name)
    FROM timer t WHERE t.enrolment_id = e.id) AS timers,
  EXISTS (SELECT FROM enrolment o WHERE o.patient_id = e.patient_id AND o.pathway_id = e.pathway_id
    AND o.status <> 'exited' AND o.id <> e.id) AS active_elsewhere,
  (SELECT r.seq FROM record r WHERE r.enrolment_id = e.id AND r.source_system = e.source_system
    AND r.source_id = e.source_id AND r.kind = 'event') AS source_seen_at
FROM locked e
CROSS JOIN LATERAL (SELECT * FROM patient WHERE id = e.patient_id LIMIT 1) p
LEFT JOIN LATERAL (SELECT * FROM idempotency_key WHERE person = e.person AND route = e.route AND key = e.key LIMIT 1) i ON true`,
  };
}

export const LOCK_ENROLMENTS = enrolments("pathkeeper-lock-enrolments", "FOR UPDATE");
export const READ_ENROLMENTS = enrolments("pathkeeper-read-enrolments", "");

/** For commands that name a patient by identifiers: who has them. */
export const FIND_PATIENTS: Statement = {
  name: "pathkeeper-find-patients",
  text: `
SELECT a.n, ${ANSWERED},
  (SELECT json_agg(json_build_array(p.id, (SELECT o.id FROM enrolment o
      WHERE o.patient_id = p.id AND o.pathway_id = a.pathway AND o.status <> 'exited')) ORDER BY p.id)
    FROM (SELECT DISTINCT h.patient_id AS id FROM unnest(a.hashes) AS named(hash)
      CROSS JOIN LATERAL (SELECT patient_id FROM patient_identifier WHERE hash = named.hash LIMIT 1) h) p) AS matches
FROM jsonb_to_recordset($1::jsonb)
  AS a(n int, person text, route text, key text, pathway text, hashes bytea[])
LEFT JOIN LATERAL (SELECT * FROM idempotency_key WHERE person = a.person AND route = a.route AND key = a.key LIMIT 1) i ON true`,
};

export const LOCK_PATIENTS: Statement = {
  name: "pathkeeper-lock-patients",
  text: `SELECT id, wrapped_key, sealed FROM patient WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
};

export const READ_PATIENTS: Statement = {
  name: "pathkeeper-read-patients",
  text: `SELECT id, wrapped_key, sealed FROM patient WHERE id = ANY($1::uuid[])`,
};

/** Whole records in order of their key, after (`$1`, `$2`) and up to the enrolment `$3`. */
export const READ_RECORDS: Statement = {
  name: "pathkeeper-read-records",
  text: `
SELECT enrolment_id, seq, kind, type, ${ms("occurred_at")} AS occurred_at, occurred_on, ${ms("recorded_at")} AS recorded_at,
  by, role, performer, source_system, source_id, data, sealed, corrects, state_before, state_after, because, detail,
  previous_hash, hash
FROM record
WHERE (enrolment_id, seq) > ($1::uuid, $2::int) AND enrolment_id <= $3::uuid
ORDER BY enrolment_id, seq LIMIT $4`,
};
