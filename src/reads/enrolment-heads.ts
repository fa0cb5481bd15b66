import { Inject, Injectable } from "@nestjs/common";
import { formatInstant } from "../core/index.js";
import { ProblemError } from "../http/index.js";
import { CLOCK, type Clock } from "../platform/clock.js";
import type { Statement } from "../platform/statement.js";
import { PATHKEEPER, type Purpose, type Reader } from "./purpose.js";
import { Reads } from "./reads.js";
import { Together } from "./together.js";

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
  asked: string;
  id: string;
  site_id: string;
  pathway_id: string;
  pathway_version: string;
  patient_id: string;
  wrapped_key: Buffer | null;
  sealed: Buffer;
  is_due: boolean;
}

/** Lateral joins look rows up by their keys, however small a table was when the statement was planned. */
function headsOf(name: string, enrolment: string): Statement {
  return {
    name,
    text: `
      select asked.id as asked, e.id, e.site_id, e.pathway_id, e.pathway_version, e.person_id as patient_id, p.wrapped_key, p.sealed,
        exists (
          select from timer where enrolment_id = e.id and status = 'pending' and due_at <= $2::timestamptz
        ) as is_due
      from unnest($1::uuid[]) as asked (id)
      cross join lateral (select * from enrolment where id = ${enrolment} limit 1) e
      cross join lateral (select * from patient where id = e.person_id limit 1) p`,
  };
}

const HEADS = headsOf("pathkeeper-heads", "asked.id");
const HEADS_OF_TASKS = headsOf(
  "pathkeeper-heads-of-tasks",
  "(select enrolment_id from task where id = asked.id limit 1)",
);

/**
 * Roles are held per site: whoever asks about an enrolment is judged at its site, before anything else is done. It is
 * the process that looks here, for however many ask at once; what is sealed stays so until somebody has been judged.
 */
@Injectable()
export class EnrolmentHeads {
  private readonly ofEnrolments = new Together((ids: string[]) => this.read(HEADS, ids));
  private readonly ofTasks = new Together((ids: string[]) => this.read(HEADS_OF_TASKS, ids));

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
    this.reads.tell(reader, purpose);
    const head = await this.ofTasks.find(taskId);
    if (head) return head;
    throw new ProblemError({ name: "not-found", detail: "There is no such task." });
  }

  find(reader: Reader, purpose: Purpose, enrolmentId: string): Promise<EnrolmentHead | undefined> {
    this.reads.tell(reader, purpose);
    return this.ofEnrolments.find(enrolmentId);
  }

  private async read(statement: Statement, ids: string[]): Promise<Map<string, EnrolmentHead>> {
    const now = formatInstant(this.clock.now());
    const rows = await this.reads.by(PATHKEEPER, "head").rows<Row>(statement, [ids, now]);
    return new Map(rows.map((row) => [row.asked, headOf(row)]));
  }
}

function headOf(row: Row): EnrolmentHead {
  return {
    id: row.id,
    siteId: row.site_id,
    pathway: { id: row.pathway_id, version: row.pathway_version },
    patient: { id: row.patient_id, wrapped_key: row.wrapped_key, sealed: row.sealed },
    isDue: row.is_due,
  };
}
