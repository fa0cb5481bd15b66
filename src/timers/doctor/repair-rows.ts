import type { DataSource, EntityManager } from "typeorm";
import { formatInstant, type Instant } from "../../core/index.js";
import type { TimerRow } from "../../engine/index.js";
import type { Bell } from "../timer-bells.js";
import type { RowDifference, RowMend } from "./differences.js";
import type { Examiner } from "./examine.js";

/** What was found under the locks, and the bells to ring for what was mended. */
export interface RowRepair {
  differences: RowDifference[];
  bells: Bell[];
}

type ArmMend = Extract<RowMend, { kind: "arm" }>;
type CancelMend = Extract<RowMend, { kind: "cancel" }>;

/** Looks again under the enrolments' locks, and writes the rows that state and document ask for. */
export function repairRows(
  dataSource: DataSource,
  examiner: Examiner,
  enrolmentIds: readonly string[],
): Promise<RowRepair> {
  return dataSource.transaction(async (within) => {
    const differences = await examiner.lock(within, enrolmentIds);
    const mends = differences.flatMap(({ mend }) => mend ?? []);
    const bells = [
      ...(await arm(
        within,
        mends.filter((mend) => mend.kind === "arm"),
      )),
      ...(await cancel(
        within,
        mends.filter((mend) => mend.kind === "cancel"),
      )),
    ];
    return { differences, bells };
  });
}

interface Armed {
  enrolmentId: string;
  timerId: string;
  generation: number;
  name: string;
  state: string;
  dueAt: Instant;
  status: string;
}

async function arm(within: EntityManager, mends: readonly ArmMend[]): Promise<Bell[]> {
  if (mends.length === 0) return [];
  const rows = mends.map(({ enrolmentId, timer }) => ({
    enrolment_id: enrolmentId,
    state: timer.state,
    name: timer.name,
    started_at: formatInstant(timer.startedAt),
    due_at: formatInstant(timer.dueAt),
    status: timer.status,
  }));
  const armed = await within.query<Armed[]>(
    `INSERT INTO timer (enrolment_id, state, name, id, started_at, due_at, status, generation, armed_at)
     SELECT enrolment_id, state, name, gen_random_uuid(), started_at, due_at, status, 1, pathkeeper_now()
       FROM jsonb_to_recordset($1::jsonb)
         AS armed (enrolment_id uuid, state text, name text, started_at timestamptz, due_at timestamptz, status text)
     ON CONFLICT (enrolment_id, state, name) DO UPDATE
       SET started_at = excluded.started_at, due_at = excluded.due_at, status = excluded.status,
           generation = timer.generation + 1, armed_at = excluded.armed_at
     RETURNING enrolment_id AS "enrolmentId", id AS "timerId", generation, name, state, due_at AS "dueAt", status`,
    [JSON.stringify(rows)],
  );
  const pathwayOf = new Map(mends.map(({ enrolmentId, pathwayId }) => [enrolmentId, pathwayId]));
  const old = mends.flatMap(({ enrolmentId, found }) =>
    found ? [bellOff(enrolmentId, pathwayOf.get(enrolmentId)!, found)] : [],
  );
  const anew = armed
    .filter(({ status }) => status === "pending")
    .map(({ enrolmentId, timerId, generation, name, dueAt }): Bell => {
      return { kind: "armed", enrolmentId, timerId, generation, name: `${pathwayOf.get(enrolmentId)}/${name}`, dueAt };
    });
  return [...old, ...anew];
}

async function cancel(within: EntityManager, mends: readonly CancelMend[]): Promise<Bell[]> {
  if (mends.length === 0) return [];
  await within.query(
    `UPDATE timer SET status = 'cancelled' WHERE enrolment_id = ANY($1::uuid[]) AND id = ANY($2::uuid[])`,
    [mends.map(({ enrolmentId }) => enrolmentId), mends.map(({ found }) => found.id)],
  );
  return mends.map(({ enrolmentId, pathwayId, found }) => bellOff(enrolmentId, pathwayId, found));
}

function bellOff(enrolmentId: string, pathwayId: string, { id, generation, name, dueAt }: TimerRow): Bell {
  return { kind: "disarmed", enrolmentId, timerId: id, generation, name: `${pathwayId}/${name}`, dueAt };
}
