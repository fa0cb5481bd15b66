import { EnrolmentEntity } from "./enrolment.entity.js";
import { IdempotencyKeyEntity } from "./idempotency-key.entity.js";
import { PatientEntity } from "./patient.entity.js";
import { PatientIdentifierEntity } from "./patient-identifier.entity.js";
import { PatientLinkEntity } from "./patient-link.entity.js";
import { PatientTokenEntity } from "./patient-token.entity.js";
import { RecordEntity } from "./record.entity.js";
import { TaskEntity } from "./task.entity.js";
import { TimerEntity } from "./timer.entity.js";

/**
 * The engine's tables. There are no foreign keys: checking one is a per-row trigger in the hot path, and a lock on a row that
 * every enrolment shares. What they would guard cannot happen: the engine is the only writer, and a record, patient,
 * pathway version or calendar is never deleted.
 */
export const ENGINE_ENTITIES = [
  PatientEntity,
  PatientIdentifierEntity,
  PatientTokenEntity,
  PatientLinkEntity,
  EnrolmentEntity,
  RecordEntity,
  TimerEntity,
  TaskEntity,
  IdempotencyKeyEntity,
];

export {
  EnrolmentEntity,
  IdempotencyKeyEntity,
  PatientEntity,
  PatientIdentifierEntity,
  PatientLinkEntity,
  PatientTokenEntity,
  RecordEntity,
  TaskEntity,
  TimerEntity,
};
