import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import { formatInstant, type Instant, type StateValue } from "../core/index.js";
import { DEFAULT_LIMIT, isStorableInstant, page, readCursor } from "../http/index.js";
import { type Person, ROLES_FOR, sitesWhere } from "../people/index.js";
import { isStoredUuid } from "../platform/uuid.js";
import type { EnrolmentSearch, EnrolmentSummary } from "./enrolments.schemas.js";
import { type PatientAnswer, PatientReader } from "../patients/index.js";

interface Row {
  id: string;
  patient_id: string;
  site_id: string;
  pathway_id: string;
  pathway_version: string;
  pathway_hash: string;
  status: "active" | "paused" | "exited";
  exit_reason: string | null;
  state: StateValue;
  seq: number;
  enrolled_at: Instant;
  projected_to: Instant;
}

const COLUMNS = `id, patient_id, site_id, pathway_id, pathway_version, pathway_hash, status, exit_reason,
  stored -> 'value' as state, seq, enrolled_at, projected_to`;

@Injectable()
export class EnrolmentSearcher {
  constructor(
    private readonly dataSource: DataSource,
    private readonly patients: PatientReader,
  ) {}

  async search(
    person: Person,
    filters: EnrolmentSearch,
  ): Promise<{ items: EnrolmentSummary[]; nextCursor: string | null }> {
    const { limit = DEFAULT_LIMIT } = filters;
    const fitting = filters.q === undefined ? undefined : await this.patients.find(filters.q);
    const { conditions, values } = conditionsOf(filters, sitesWhere(person, ROLES_FOR.readPatients), fitting);
    const found = await this.dataSource.query<Row[]>(
      `select ${COLUMNS} from enrolment where ${conditions.join(" and ")}
       order by enrolled_at desc, id desc limit $${values.push(limit + 1)}`,
      values,
    );
    const { rows, nextCursor } = page(found, limit, (row) => [row.enrolled_at, row.id]);
    const patients = await this.patients.read(rows.map((row) => row.patient_id));
    return { items: rows.map((row) => summary(row, patients.get(row.patient_id)!)), nextCursor };
  }
}

function conditionsOf(
  filters: EnrolmentSearch,
  sites: string[] | null,
  patients: string[] | undefined,
): { conditions: string[]; values: unknown[] } {
  const conditions: string[] = ["true"];
  const values: unknown[] = [];
  const where = (value: unknown, condition: (parameter: string) => string) => {
    if (value !== undefined && value !== null) conditions.push(condition(`$${values.push(value)}`));
  };
  where(filters.pathway, (pathway) => `pathway_id = ${pathway}`);
  where(filters.status, (status) => `status = ${status}`);
  where(filters.state && [filters.state], (states) => `states @> ${states}::text[]`);
  where(filters.site, (site) => `site_id = ${site}`);
  where(sites, (ids) => `site_id = any (${ids})`);
  where(patients, (ids) => `patient_id = any (${ids}::uuid[])`);
  const place = readCursor<[number, string]>(
    filters.cursor,
    ([at, id]) => isStorableInstant(at) && typeof id === "string" && isStoredUuid(id),
  );
  if (place) {
    const [at, id] = [values.push(formatInstant(place[0])), values.push(place[1])];
    conditions.push(`(enrolled_at, id) < ($${at}::timestamptz, $${id}::uuid)`);
  }
  return { conditions, values };
}

function summary(row: Row, patient: PatientAnswer): EnrolmentSummary {
  return {
    id: row.id,
    pathway: { id: row.pathway_id, version: row.pathway_version, hash: row.pathway_hash },
    site: row.site_id,
    patient,
    status: row.status,
    ...(row.exit_reason !== null && { exitReason: row.exit_reason }),
    state: row.state,
    enrolledAt: formatInstant(row.enrolled_at),
    projectedTo: formatInstant(row.projected_to),
    seq: row.seq,
  };
}
