import { Column, Entity, PrimaryColumn } from "typeorm";
import type { Instant } from "../../../core/index.js";
import type { Refusal } from "../../model/refusals.js";
import type { IdempotencyRow } from "../../model/rows.js";

/** What a key was answered with; kept for ever, so that a resend is answered alike. */
@Entity("idempotency_key")
export class IdempotencyKeyEntity {
  @PrimaryColumn({ name: "person", type: "text", primaryKeyConstraintName: "idempotency_key_pkey" })
  person!: string;

  @PrimaryColumn({ name: "route", type: "text", primaryKeyConstraintName: "idempotency_key_pkey" })
  route!: string;

  @PrimaryColumn({ name: "key", type: "text", primaryKeyConstraintName: "idempotency_key_pkey" })
  key!: string;

  /** A keyed hash: the request itself may hold personal data. */
  @Column({ name: "request_hash", type: "bytea" })
  requestHash!: Buffer;

  /** Null: the request made no enrolment. */
  @Column({ name: "enrolment_id", type: "uuid", nullable: true })
  enrolmentId!: string | null;

  /** Newest record of the enrolment when it was answered; 0 where there is none. */
  @Column({ name: "seq", type: "integer" })
  seq!: number;

  /** The record that the request made. */
  @Column({ name: "record_seq", type: "integer", nullable: true })
  recordSeq!: number | null;

  @Column({ name: "answered_at", type: "timestamptz", precision: 3 })
  answeredAt!: Instant;

  /** What came back instead of an outcome. */
  @Column({ name: "problem", type: "jsonb", nullable: true })
  refusal!: Refusal | null;

  /** What was answered, where no record says it. */
  @Column({ name: "told", type: "jsonb", nullable: true })
  told!: IdempotencyRow["told"];
}
