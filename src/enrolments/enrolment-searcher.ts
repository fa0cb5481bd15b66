import { Injectable } from "@nestjs/common";
import { formatInstant, type Instant, type StateValue } from "../core/index.js";
import { DEFAULT_LIMIT, isStorableInstant, page, readCursor } from "../http/index.js";
import { type Person, ROLES_FOR, sitesWhere } from "../people/index.js";
import { type Sql, statementOf } from "../platform/statement.js";
import { isStoredUuid } from "../platform/uuid.js";
import { Reads } from "../reads/index.js";
import type { EnrolmentSearch, EnrolmentSummary } from "./enrolments.schemas.js";
import { type PatientAnswer, PatientReader } from "../patients/index.js";

interface Row {
  id: string;
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
  patient_id: string;
  wrapped_key: Buffer | null;
  sealed: Buffer;
}

const COLUMNS = `e.id, e.site_id, e.pathway_id, e.pathway_version, e.pathway_hash, e.status, e.exit_reason,
  e.stored -> 'value' as state, e.seq, e.enrolled_at, e.projected_to, e.person_id as patient_id, p.wrapped_key, p.sealed`;

@Injectable()
export class EnrolmentSearcher {
  constructor(
    private readonly reads: Reads,
    private readonly patients: PatientReader,
  ) {}

  async search(
    person: Person,
    filters: EnrolmentSearch,
  ): Promise<{ items: EnrolmentSummary[]; nextCursor: string | null }> {
    const { limit = DEFAULT_LIMIT } = filters;
    const work = async (sql: Sql) => {
      const fitting = filters.q === undefined ? undefined : await this.patients.find(sql, filters.q);
      const { conditions, values } = conditionsOf(filters, sitesWhere(person, ROLES_FOR.readPatients), fitting);
      const statement = statementOf(
        `select ${COLUMNS} from enrolment e join patient p on p.id = e.person_id
         where ${conditions.join(" and ")}
         order by e.enrolled_at desc, e.id desc limit $${values.push(limit + 1)}`,
      );
      return page(await sql.rows<Row>(statement, values), limit, (row) => [row.enrolled_at, row.id]);
    };
    const { rows, nextCursor } = await this.reads.answer(person, "search", work, (shown) =>
      shown.rows.map(({ id }) => id),
    );
    const patients = this.patients.openAll(rows.map((row) => ({ ...row, id: row.patient_id })));
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
  where(filters.pathway, (pathway) => `e.pathway_id = ${pathway}`);
  where(filters.status, (status) => `e.status = ${status}`);
  where(filters.state && [filters.state], (states) => `e.states @> ${states}::text[]`);
  where(filters.site, (site) => `e.site_id = ${site}`);
  where(sites, (ids) => `e.site_id = any (${ids})`);
  where(patients, (ids) => `e.person_id = any (${ids}::uuid[])`);
  const place = readCursor<[number, string]>(
    filters.cursor,
    ([at, id]) => isStorableInstant(at) && typeof id === "string" && isStoredUuid(id),
  );
  if (place) {
    const [at, id] = [values.push(formatInstant(place[0])), values.push(place[1])];
    conditions.push(`(e.enrolled_at, e.id) < ($${at}::timestamptz, $${id}::uuid)`);
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
