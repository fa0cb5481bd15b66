/** Rows of the tables as the engine knows them, and back. */
import type { EnrolmentRow, TaskRow, TimerRow } from "../model/rows.js";
import type { EnrolmentEntity, TaskEntity, TimerEntity } from "./entities/index.js";

/** What an enrolment's row tells of its newest record. */
export type Head = Pick<EnrolmentEntity, "seq" | "lastHash" | "lastRecordedAt">;

export function enrolmentRowOf({ pathwayId, pathwayVersion, pathwayHash, ...entity }: EnrolmentEntity): EnrolmentRow {
  const { seq: _, lastHash: __, lastRecordedAt: ___, ...row } = entity;
  return { ...row, pathway: { id: pathwayId, version: pathwayVersion, hash: pathwayHash } };
}

export function enrolmentEntityOf({ pathway, ...row }: EnrolmentRow, head: Head): EnrolmentEntity {
  return { ...row, ...head, pathwayId: pathway.id, pathwayVersion: pathway.version, pathwayHash: pathway.hash };
}

export function taskRowOf({ enrolmentId: _, siteId: __, pathwayId: ___, ...task }: TaskEntity): TaskRow {
  return task;
}

/** Carries what worklists filter by. */
export function taskEntityOf(task: TaskRow, { id, siteId, pathway }: EnrolmentRow): TaskEntity {
  return { ...task, enrolmentId: id, siteId, pathwayId: pathway.id };
}

export function timerRowOf({ enrolmentId: _, ...timer }: TimerEntity): TimerRow {
  return timer;
}

export function timerEntityOf(timer: TimerRow, { id }: EnrolmentRow): TimerEntity {
  return { ...timer, enrolmentId: id };
}
