import { Inject, Injectable } from "@nestjs/common";
import { formatInstant } from "../core/index.js";
import { CLOCK, type Clock } from "../platform/clock.js";
import type { Statement } from "../platform/statement.js";
import { isUuid } from "../platform/uuid.js";
import { NoSuchRecord } from "./faults.js";
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
  /** The responsible coordinator. */
  responsible: string | null;
  pathway: { id: string; version: string };
  patient: SealedPatientRow;
  /** A timer is due that has not fired yet. */
  isDue: boolean;
}

interface Row {
  asked: string;
  id: string;
  site_id: string;
  responsible: string | null;
  pathway_id: string;
  pathway_version: string;
  patient_id: string;
  wrapped_key: Buffer | null;
  sealed: Buffer;
  is_due: boolean;
}

/** Throws where somebody may not do at a site what they are about to. */
export type Judge<T> = (siteId: string) => T;

/** Lateral joins look rows up by their keys, however small a table was when the statement was planned. */
function headsOf(name: string, enrolment: string): Statement {
  return {
    name,
    text: `
      select asked.id as asked, e.id, e.site_id, e.responsible, e.pathway_id, e.pathway_version, e.person_id as patient_id, p.wrapped_key, p.sealed,
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

  /**
   * The head of an enrolment for somebody whom the judge lets in at its site, and what the judge said; what is read next
   * is told when it is. Throws NoSuchRecord, or what the judge throws, which is told as a refusal.
   */
  async toRead<T>(reader: Reader, purpose: Purpose, enrolmentId: string, judge: Judge<T>): Promise<[EnrolmentHead, T]> {
    const head = await this.find(enrolmentId);
    if (!head) throw new NoSuchRecord("enrolment");
    return [head, await this.judged(reader, purpose, head, judge)];
  }

  /** The same for somebody who acts: told here, since the answer shows of the record, be it that the act is refused. */
  async toAct<T>(reader: Reader, purpose: Purpose, enrolmentId: string, judge: Judge<T>): Promise<[EnrolmentHead, T]> {
    const [head, verdict] = await this.toRead(reader, purpose, enrolmentId, judge);
    await this.reads.tell({ reader, purpose, subjects: [head.id], outcome: "granted" });
    return [head, verdict];
  }

  /** `toAct` on a task's enrolment. */
  async toActOnTask<T>(reader: Reader, purpose: Purpose, taskId: string, judge: Judge<T>): Promise<[EnrolmentHead, T]> {
    const head = await this.ofTasks.find(taskId);
    if (!head) throw new NoSuchRecord("task");
    const verdict = await this.judged(reader, purpose, head, judge);
    await this.reads.tell({ reader, purpose, subjects: [head.id], outcome: "granted" });
    return [head, verdict];
  }

  /**
   * Tells of somebody who is let in nowhere, and so was judged at no site. `id`: what they asked for, an enrolment or, for
   * the purpose `task`, a task.
   */
  async turnAway(reader: Reader, purpose: Purpose, id?: string): Promise<void> {
    const asked = purpose === "task" ? this.ofTasks : this.ofEnrolments;
    const head = id !== undefined && isUuid(id) ? await asked.find(id.toLowerCase()) : undefined;
    await this.reads.tell({ reader, purpose, subjects: head ? [head.id] : [], outcome: "refused" });
  }

  /** Unjudged, for the process alone. */
  find(enrolmentId: string): Promise<EnrolmentHead | undefined> {
    return this.ofEnrolments.find(enrolmentId);
  }

  private async judged<T>(reader: Reader, purpose: Purpose, head: EnrolmentHead, judge: Judge<T>): Promise<T> {
    try {
      return judge(head.siteId);
    } catch (error) {
      await this.reads.tell({ reader, purpose, subjects: [head.id], outcome: "refused" });
      throw error;
    }
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
    responsible: row.responsible,
    pathway: { id: row.pathway_id, version: row.pathway_version },
    patient: { id: row.patient_id, wrapped_key: row.wrapped_key, sealed: row.sealed },
    isDue: row.is_due,
  };
}
