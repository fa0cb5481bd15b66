import { Entity, Index, PrimaryColumn } from "typeorm";

/** Lets a person be found by a word of the name or by the birth date without storing either: keyed hashes. */
@Entity("patient_token")
@Index("patient_token_patient", ["patientId"])
export class PatientTokenEntity {
  @PrimaryColumn({ name: "hash", type: "bytea", primaryKeyConstraintName: "patient_token_pkey" })
  hash!: Buffer;

  @PrimaryColumn({ name: "patient_id", type: "uuid", primaryKeyConstraintName: "patient_token_pkey" })
  patientId!: string;
}
