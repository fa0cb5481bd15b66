import { Column, Entity, PrimaryColumn } from "typeorm";
import type { Instant } from "../core/index.js";

/** Which tasks a request to reassign was about, so that a resend goes on where it ended and answers the same. */
@Entity("reassignment")
export class ReassignmentEntity {
  @PrimaryColumn({ name: "person", type: "text", primaryKeyConstraintName: "reassignment_pkey" })
  person!: string;

  @PrimaryColumn({ name: "key", type: "text", primaryKeyConstraintName: "reassignment_pkey" })
  key!: string;

  @Column({ name: "tasks", type: "uuid", array: true })
  tasks!: string[];

  @Column({ name: "next_cursor", type: "text", nullable: true })
  nextCursor!: string | null;

  @Column({ name: "made_at", type: "timestamptz", precision: 3 })
  madeAt!: Instant;
}
