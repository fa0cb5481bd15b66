import { Column, Entity, Index, PrimaryColumn } from "typeorm";

/** Makes identifiers unique without storing them: a keyed hash of system and value. */
@Entity("patient_identifier")
@Index("patient_identifier_patient", ["patientId"])
export class PatientIdentifierEntity {
  @PrimaryColumn({ name: "hash", type: "bytea", primaryKeyConstraintName: "patient_identifier_pkey" })
  hash!: Buffer;

  @Column({ name: "patient_id", type: "uuid" })
  patientId!: string;
}
