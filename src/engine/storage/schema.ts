import type { DataSource } from "typeorm";
import {
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
import { readStatements, type ReadStatements } from "./read-statements.js";
import { Table } from "./table.js";
import type { Tables } from "./tables.js";
import { writeStatements, type WriteStatements } from "./write-statements.js";

export interface Schema extends Tables {
  statements: ReadStatements & WriteStatements;
}

const schemas = new WeakMap<DataSource, Schema>();

/** The engine's tables as the entities of a DataSource describe them, and the statements on them. */
export function schemaOf(dataSource: DataSource): Schema {
  let schema = schemas.get(dataSource);
  if (!schema) schemas.set(dataSource, (schema = makeSchema(dataSource)));
  return schema;
}

function makeSchema(dataSource: DataSource): Schema {
  const tables: Tables = {
    enrolment: new Table(dataSource, EnrolmentEntity),
    record: new Table(dataSource, RecordEntity),
    task: new Table(dataSource, TaskEntity),
    timer: new Table(dataSource, TimerEntity),
    key: new Table(dataSource, IdempotencyKeyEntity),
    patient: new Table(dataSource, PatientEntity),
    identifier: new Table(dataSource, PatientIdentifierEntity),
    token: new Table(dataSource, PatientTokenEntity),
    link: new Table(dataSource, PatientLinkEntity),
  };
  return { ...tables, statements: { ...readStatements(tables), ...writeStatements(tables) } };
}
