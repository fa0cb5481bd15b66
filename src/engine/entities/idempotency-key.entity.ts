import { Column, Entity, PrimaryColumn } from "typeorm";
import type { Instant } from "../../core/time.js";

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

  @Column({ name: "enrolment_id", type: "uuid" })
  enrolmentId!: string;

  @Column({ name: "kind", type: "text" })
  kind!: string;

  @Column({ name: "status", type: "integer" })
  status!: number;

  /** Newest record of the enrolment when it was answered. */
  @Column({ name: "seq", type: "integer" })
  seq!: number;

  /** The record that the request made. */
  @Column({ name: "record_seq", type: "integer" })
  recordSeq!: number;

  @Column({ name: "created_at", type: "timestamptz", precision: 3 })
  createdAt!: Instant;
}
