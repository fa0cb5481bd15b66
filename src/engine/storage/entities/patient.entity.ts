import { Column, Entity, Index, PrimaryColumn } from "typeorm";

/** A person. Everything personal is sealed with a key of the person's own; destroying the key makes it unreadable. */
@Entity("patient")
@Index("patient_person", ["personId"])
@Index("patient_token_scheme", ["tokenScheme"])
export class PatientEntity {
  @PrimaryColumn({ name: "id", type: "uuid", primaryKeyConstraintName: "patient_pkey" })
  id!: string;

  /** The person's key, wrapped by `PATIENT_KEY`; null once it is destroyed. */
  @Column({ name: "wrapped_key", type: "bytea", nullable: true })
  wrappedKey!: Buffer | null;

  /** All personal fields as one sealed JSON text. */
  @Column({ name: "sealed", type: "bytea" })
  sealed!: Buffer;

  /**
   * The record whose name stands for the person: this one, unless somebody said that it is the same as another. That one
   * lists the identifiers of all; the others are kept as they were.
   */
  @Column({ name: "person_id", type: "uuid" })
  personId!: string;

  /** By which the tokens were made that the person is found by. */
  @Column({ name: "token_scheme", type: "integer", default: 1 })
  tokenScheme!: number;
}
