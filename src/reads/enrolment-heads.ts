import { Inject, Injectable } from "@nestjs/common";
import { formatInstant } from "../core/index.js";
import { ProblemError } from "../http/index.js";
import { CLOCK, type Clock } from "../platform/clock.js";
import type { Statement } from "../platform/statement.js";
import type { Purpose, Reader } from "./purpose.js";
import { Reads } from "./reads.js";

/** A patient's row: nothing in it can be read before it is opened. */
export interface SealedPatientRow {
  id: string;
  wrapped_key: Buffer | null;
  sealed: Buffer;
}

/** What is to be known of an enrolment before anything is done about it. */
export interface EnrolmentHead {
  id: string;
  siteId: string;
  pathway: { id: string; version: string };
  patient: SealedPatientRow;
  /** A timer is due that has not fired yet. */
  isDue: boolean;
}

interface Row {
  id: string;
  site_id: string;
  pathway_id: string;
  pathway_version: string;
  patient_id: string;
  wrapped_key: Buffer | null;
  sealed: Buffer;
  is_due: boolean;
}

function headOf(name: string, enrolment: string): Statement {
  return {
    name,
    text: `
      select e.id, e.site_id, e.pathway_id, e.pathway_version, e.patient_id, p.wrapped_key, p.sealed,
        exists (
          select from timer where enrolment_id = e.id and status = 'pending' and due_at <= $2::timestamptz
        ) as is_due
      from enrolment e join patient p on p.id = e.patient_id
      where e.id = ${enrolment}`,
  };
}

const HEAD = headOf("pathkeeper-head", "$1::uuid");
const HEAD_OF_TASK = headOf("pathkeeper-head-of-task", "(select enrolment_id from task where id = $1::uuid limit 1)");

/** Roles are held per site: whoever asks about an enrolment is judged at its site, before anything else is done. */
@Injectable()
export class EnrolmentHeads {
  constructor(
    private readonly reads: Reads,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** 404 for an id that nobody has. */
  async of(reader: Reader, purpose: Purpose, enrolmentId: string): Promise<EnrolmentHead> {
    const head = await this.find(reader, purpose, enrolmentId);
    if (head) return head;
    throw new ProblemError({ name: "not-found", detail: "There is no such enrolment." });
  }

  /** That of a task's enrolment. */
  async ofTask(reader: Reader, purpose: Purpose, taskId: string): Promise<EnrolmentHead> {
    const head = await this.read(reader, purpose, HEAD_OF_TASK, taskId);
    if (head) return head;
    throw new ProblemError({ name: "not-found", detail: "There is no such task." });
  }

  find(reader: Reader, purpose: Purpose, enrolmentId: string): Promise<EnrolmentHead | undefined> {
    return this.read(reader, purpose, HEAD, enrolmentId);
  }

  private async read(
    reader: Reader,
    purpose: Purpose,
    statement: Statement,
    id: string,
  ): Promise<EnrolmentHead | undefined> {
    const now = formatInstant(this.clock.now());
    const [row] = await this.reads.by(reader, purpose).rows<Row>(statement, [id, now]);
    if (!row) return undefined;
    return {
      id: row.id,
      siteId: row.site_id,
      pathway: { id: row.pathway_id, version: row.pathway_version },
      patient: { id: row.patient_id, wrapped_key: row.wrapped_key, sealed: row.sealed },
      isDue: row.is_due,
    };
  }
}
