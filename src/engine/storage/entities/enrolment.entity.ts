import { Check, Column, Entity, Index, PrimaryColumn } from "typeorm";
import type { Instant, Stored, Warning } from "../../../core/index.js";

/**
 * One patient on one pathway version at one site, as it stands after its newest record. Its row lock serialises
 * everything that happens to the enrolment.
 */
@Entity("enrolment")
@Check("enrolment_status", "status IN ('active', 'paused', 'exited')")
@Index("enrolment_order", ["enrolledAt", "id"])
@Index("enrolment_one_active", ["personId", "pathwayId"], { unique: true, where: "status <> 'exited'" })
@Index("enrolment_person", ["personId"])
@Index("enrolment_pathway", ["pathwayId", "pathwayVersion"])
@Index("enrolment_site", ["siteId", "id"])
@Index("enrolment_responsible", ["responsible"], { where: "status <> 'exited'" })
@Index("enrolment_states", ["states"], { type: "gin" })
export class EnrolmentEntity {
  @PrimaryColumn({ name: "id", type: "uuid", primaryKeyConstraintName: "enrolment_pkey" })
  id!: string;

  @Column({ name: "patient_id", type: "uuid" })
  patientId!: string;

  /** Whose record stands for the patient's person by now. */
  @Column({ name: "person_id", type: "uuid" })
  personId!: string;

  @Column({ name: "site_id", type: "text" })
  siteId!: string;

  /** The coordinator to whom its coordinator's tasks fall; null: nobody yet. */
  @Column({ name: "responsible", type: "text", nullable: true })
  responsible!: string | null;

  @Column({ name: "calendar_version", type: "integer" })
  calendarVersion!: number;

  @Column({ name: "pathway_id", type: "text" })
  pathwayId!: string;

  @Column({ name: "pathway_version", type: "text" })
  pathwayVersion!: string;

  @Column({ name: "pathway_hash", type: "text" })
  pathwayHash!: string;

  @Column({ name: "status", type: "text" })
  status!: "active" | "paused" | "exited";

  @Column({ name: "exit_reason", type: "text", nullable: true })
  exitReason!: string | null;

  /** Paths of all active states. */
  @Column({ name: "states", type: "text", array: true })
  states!: readonly string[];

  @Column({ name: "stored", type: "jsonb" })
  stored!: Stored;

  /** Flags of severity warning and above, as `stored` shows them; null: the row is older than this column. */
  @Column({ name: "warnings", type: "jsonb", nullable: true })
  warnings!: readonly Warning[] | null;

  /** `seq` of the newest record. */
  @Column({ name: "seq", type: "integer" })
  seq!: number;

  /** Hash of the newest record: a history cut short no longer fits it. */
  @Column({ name: "last_hash", type: "bytea" })
  lastHash!: Buffer;

  @Column({ name: "last_recorded_at", type: "timestamptz", precision: 3 })
  lastRecordedAt!: Instant;

  @Column({ name: "enrolled_at", type: "timestamptz", precision: 3 })
  enrolledAt!: Instant;

  /** The instant that `stored`, tasks and timers were brought up to. */
  @Column({ name: "projected_to", type: "timestamptz", precision: 3 })
  projectedTo!: Instant;
}
