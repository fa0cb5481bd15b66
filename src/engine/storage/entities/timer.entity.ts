import { Check, Column, Entity, Index, PrimaryColumn } from "typeorm";
import type { Instant } from "../../../core/index.js";

/** The latest arming of one timer. The truth about what is due; a queue's job is only a bell. */
@Entity("timer")
@Check("timer_status", "status IN ('pending', 'held', 'fired', 'cancelled')")
@Index("timer_due", ["dueAt"], { where: "status = 'pending'" })
export class TimerEntity {
  @PrimaryColumn({ name: "enrolment_id", type: "uuid", primaryKeyConstraintName: "timer_pkey" })
  enrolmentId!: string;

  /** Path of the state whose `after` names it. */
  @PrimaryColumn({ name: "state", type: "text", primaryKeyConstraintName: "timer_pkey" })
  state!: string;

  @PrimaryColumn({ name: "name", type: "text", primaryKeyConstraintName: "timer_pkey" })
  name!: string;

  @Column({ name: "id", type: "uuid" })
  id!: string;

  @Column({ name: "started_at", type: "timestamptz", precision: 3 })
  startedAt!: Instant;

  @Column({ name: "due_at", type: "timestamptz", precision: 3 })
  dueAt!: Instant;

  @Column({ name: "status", type: "text" })
  status!: "pending" | "held" | "fired" | "cancelled";

  @Column({ name: "generation", type: "integer" })
  generation!: number;

  @Column({ name: "armed_at", type: "timestamptz", precision: 3 })
  armedAt!: Instant;
}
