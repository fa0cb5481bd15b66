import { Check, Column, Entity, Index, PrimaryColumn } from "typeorm";
import type { Instant, Role, Rung } from "../../../core/index.js";

/** Work for a role or a person. Carries what the worklist filters by, so that a page of it reads one table. */
@Entity("task")
@Check("task_status", "status IN ('open', 'closed', 'withdrawn')")
@Index("task_id", ["id"])
@Index("task_worklist", ["siteId", "urgency", "dueAt", "id"], { where: "status = 'open'" })
@Index("task_order", ["urgency", "dueAt", "id"], { where: "status = 'open'" })
@Index("task_due", ["siteId", "dueAt"], { where: "status = 'open'" })
@Index("task_assignee", ["assignee", "urgency", "dueAt", "id"], { where: "status = 'open' AND assignee IS NOT NULL" })
@Index("task_nobodys", ["role", "urgency", "dueAt", "id"], { where: "status = 'open' AND assignee IS NULL" })
@Index("task_ended", ["assignee", "endedAt"], { where: "ended_by <> assignee" })
export class TaskEntity {
  @PrimaryColumn({ name: "enrolment_id", type: "uuid", primaryKeyConstraintName: "task_pkey" })
  enrolmentId!: string;

  @PrimaryColumn({ name: "id", type: "uuid", primaryKeyConstraintName: "task_pkey" })
  id!: string;

  /** Path of the state that declares it. */
  @Column({ name: "key", type: "text" })
  key!: string;

  @Column({ name: "opened_at", type: "timestamptz", precision: 3 })
  openedAt!: Instant;

  /** How many times its state was entered at that instant before. */
  @Column({ name: "nth", type: "integer" })
  nth!: number;

  @Column({ name: "title", type: "text" })
  title!: string;

  @Column({ name: "role", type: "text" })
  role!: Role;

  /** Sorts as declared: urgent first. */
  @Column({ name: "urgency", type: "enum", enum: ["urgent", "routine"], enumName: "task_urgency" })
  urgency!: "urgent" | "routine";

  @Column({ name: "due_at", type: "timestamptz", precision: 3 })
  dueAt!: Instant;

  @Column({ name: "reminders", type: "jsonb" })
  reminders!: Rung[];

  @Column({ name: "escalations", type: "jsonb" })
  escalations!: Rung[];

  @Column({ name: "status", type: "text" })
  status!: "open" | "closed" | "withdrawn";

  /** Paused: open, and not overdue. */
  @Column({ name: "held", type: "boolean" })
  held!: boolean;

  @Column({ name: "closed_at", type: "timestamptz", precision: 3, nullable: true })
  closedAt!: Instant | null;

  /** Whose event or correction ended it; null where it is open, or time alone ended it. */
  @Column({ name: "ended_by", type: "text", nullable: true })
  endedBy!: string | null;

  /** When that was recorded; `closedAt` is when it happened. */
  @Column({ name: "ended_at", type: "timestamptz", precision: 3, nullable: true })
  endedAt!: Instant | null;

  @Column({ name: "assignee", type: "text", nullable: true })
  assignee!: string | null;

  @Column({ name: "snoozed_until", type: "timestamptz", precision: 3, nullable: true })
  snoozedUntil!: Instant | null;

  @Column({ name: "site_id", type: "text" })
  siteId!: string;

  @Column({ name: "pathway_id", type: "text" })
  pathwayId!: string;
}
