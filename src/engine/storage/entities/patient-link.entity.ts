import { Column, Entity, Index, PrimaryColumn } from "typeorm";

/** Somebody said that two records are of one person; taken back, it is gone here and stands in the histories. */
@Entity("patient_link")
@Index("patient_link_same_as", ["sameAs"])
export class PatientLinkEntity {
  @PrimaryColumn({ name: "patient_id", type: "uuid", primaryKeyConstraintName: "patient_link_pkey" })
  patientId!: string;

  @PrimaryColumn({ name: "same_as", type: "uuid", primaryKeyConstraintName: "patient_link_pkey" })
  sameAs!: string;

  /** The order in which the links of one person were made. */
  @Column({ name: "nth", type: "integer" })
  nth!: number;
}
