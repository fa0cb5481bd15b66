import { Check, Column, Entity, PrimaryColumn } from "typeorm";
import type { Instant } from "../core/index.js";

/** One row for the whole database: lets a start with another `PATIENT_KEY` be refused. */
@Entity("installation")
@Check("installation_single", "id = 1")
export class InstallationEntity {
  @PrimaryColumn({ name: "id", type: "integer", primaryKeyConstraintName: "installation_pkey" })
  id!: number;

  @Column({ name: "key_check", type: "bytea" })
  keyCheck!: Buffer;

  @Column({ name: "created_at", type: "timestamptz", precision: 3 })
  createdAt!: Instant;
}
