import { Check, Column, Entity, Index, PrimaryColumn } from "typeorm";
import type { Instant, JsonObject, Role, StateValue } from "../../../core/index.js";
import type { Because, RecordKind } from "../../model/records.js";

/** One record of an enrolment's history: append-only, each carrying the hash of the one before. */
@Entity("record")
@Check("record_occurred_once", "occurred_at IS NULL OR occurred_on IS NULL")
@Check("record_hashes", "octet_length(hash) = 32 AND octet_length(previous_hash) = 32")
@Index("record_source", ["enrolmentId", "sourceSystem", "sourceId"], {
  unique: true,
  where: "source_id IS NOT NULL AND kind = 'event'",
})
export class RecordEntity {
  @PrimaryColumn({ name: "enrolment_id", type: "uuid", primaryKeyConstraintName: "record_pkey" })
  enrolmentId!: string;

  @PrimaryColumn({ name: "seq", type: "integer", primaryKeyConstraintName: "record_pkey" })
  seq!: number;

  @Column({ name: "kind", type: "text" })
  kind!: RecordKind;

  @Column({ name: "type", type: "text" })
  type!: string;

  @Column({ name: "occurred_at", type: "timestamptz", precision: 3, nullable: true })
  occurredAt!: Instant | null;

  /** A bare date, kept as typed. */
  @Column({ name: "occurred_on", type: "text", nullable: true })
  occurredOn!: string | null;

  @Column({ name: "recorded_at", type: "timestamptz", precision: 3 })
  recordedAt!: Instant;

  /** Who reported it; null: the engine. */
  @Column({ name: "by", type: "text", nullable: true })
  by!: string | null;

  @Column({ name: "role", type: "text", nullable: true })
  role!: Role | null;

  @Column({ name: "performer", type: "text", nullable: true })
  performer!: string | null;

  @Column({ name: "source_system", type: "text", nullable: true })
  sourceSystem!: string | null;

  @Column({ name: "source_id", type: "text", nullable: true })
  sourceId!: string | null;

  /** `true` stands where a free text was handed in. */
  @Column({ name: "data", type: "jsonb", nullable: true })
  data!: JsonObject | null;

  /** The free texts, by JSON pointer, sealed as one with the patient's key. */
  @Column({ name: "sealed", type: "bytea", nullable: true })
  sealed!: Buffer | null;

  /** JSON pointers of the texts that were cut out and sealed. */
  @Column({ name: "cut", type: "jsonb", nullable: true })
  cut!: string[] | null;

  @Column({ name: "corrects", type: "integer", nullable: true })
  corrects!: number | null;

  @Column({ name: "state_before", type: "jsonb", nullable: true })
  stateBefore!: StateValue | null;

  @Column({ name: "state_after", type: "jsonb", nullable: true })
  stateAfter!: StateValue | null;

  @Column({ name: "because", type: "jsonb", nullable: true })
  because!: Because | null;

  @Column({ name: "detail", type: "jsonb", nullable: true })
  detail!: JsonObject | null;

  @Column({ name: "previous_hash", type: "bytea" })
  previousHash!: Buffer;

  @Column({ name: "hash", type: "bytea" })
  hash!: Buffer;
}
