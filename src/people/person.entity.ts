import { Column, Entity, Index, PrimaryColumn } from "typeorm";
import type { Instant } from "../core/index.js";
import type { Absence, Grant, Told } from "./person.js";

/** Somebody or something that may call, and how to reach them. Histories name the id for ever: nobody is removed. */
@Entity("person")
@Index("person_email", ["email"], { unique: true })
export class PersonEntity {
  @PrimaryColumn({ name: "id", type: "text", primaryKeyConstraintName: "person_pkey" })
  id!: string;

  @Column({ name: "name", type: "text" })
  name!: string;

  /** In lower case. */
  @Column({ name: "email", type: "text" })
  email!: string;

  @Column({ name: "phone", type: "text", nullable: true })
  phone!: string | null;

  @Column({ name: "language", type: "text" })
  language!: string;

  @Column({ name: "grants", type: "jsonb" })
  grants!: readonly Grant[];

  @Column({ name: "absent", type: "jsonb", nullable: true })
  absent!: Absence | null;

  @Column({ name: "told", type: "jsonb" })
  told!: Told;

  @Column({ name: "digest", type: "boolean" })
  digest!: boolean;

  @Column({ name: "created_at", type: "timestamptz", precision: 3 })
  createdAt!: Instant;
}
