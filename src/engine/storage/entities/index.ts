import { EnrolmentEntity } from "./enrolment.entity.js";
import { IdempotencyKeyEntity } from "./idempotency-key.entity.js";
import { InstallationEntity } from "./installation.entity.js";
import { PathwayVersionEntity } from "./pathway-version.entity.js";
import { PatientEntity } from "./patient.entity.js";
import { PatientIdentifierEntity } from "./patient-identifier.entity.js";
import { PatientTokenEntity } from "./patient-token.entity.js";
import { RecordEntity } from "./record.entity.js";
import { SiteCalendarEntity } from "./site-calendar.entity.js";
import { SiteEntity } from "./site.entity.js";
import { TaskEntity } from "./task.entity.js";
import { TimerEntity } from "./timer.entity.js";

/**
 * All tables. There are no foreign keys: checking one is a per-row trigger in the hot path, and a lock on a row that
 * every enrolment shares. What they would guard cannot happen: the engine is the only writer, and a record, patient,
 * pathway version or calendar is never deleted.
 */
export const ENTITIES = [
  InstallationEntity,
  SiteEntity,
  SiteCalendarEntity,
  PathwayVersionEntity,
  PatientEntity,
  PatientIdentifierEntity,
  PatientTokenEntity,
  EnrolmentEntity,
  RecordEntity,
  TimerEntity,
  TaskEntity,
  IdempotencyKeyEntity,
];

export {
  EnrolmentEntity,
  IdempotencyKeyEntity,
  InstallationEntity,
  PathwayVersionEntity,
  PatientEntity,
  PatientIdentifierEntity,
  PatientTokenEntity,
  RecordEntity,
  SiteCalendarEntity,
  SiteEntity,
  TaskEntity,
  TimerEntity,
};
