import type {
  EnrolmentEntity,
  IdempotencyKeyEntity,
  PatientEntity,
  PatientIdentifierEntity,
  PatientLinkEntity,
  PatientTokenEntity,
  RecordEntity,
  TaskEntity,
  TimerEntity,
} from "./entities/index.js";
import type { Table } from "./table.js";

/** The tables that the hot statements know. */
export interface Tables {
  enrolment: Table<EnrolmentEntity>;
  record: Table<RecordEntity>;
  task: Table<TaskEntity>;
  timer: Table<TimerEntity>;
  key: Table<IdempotencyKeyEntity>;
  patient: Table<PatientEntity>;
  identifier: Table<PatientIdentifierEntity>;
  token: Table<PatientTokenEntity>;
  link: Table<PatientLinkEntity>;
}
