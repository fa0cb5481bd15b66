import { Column, Entity, PrimaryColumn } from "typeorm";
import type { Catalogue, Instant } from "../core/index.js";

/** The words of a version in one language, as they were published; never edited: the one with the highest number holds. */
@Entity("pathway_catalogue")
export class PathwayCatalogueEntity {
  @PrimaryColumn({ name: "pathway_id", type: "text", primaryKeyConstraintName: "pathway_catalogue_pkey" })
  pathwayId!: string;

  @PrimaryColumn({ name: "pathway_version", type: "text", primaryKeyConstraintName: "pathway_catalogue_pkey" })
  pathwayVersion!: string;

  @PrimaryColumn({ name: "language", type: "text", primaryKeyConstraintName: "pathway_catalogue_pkey" })
  language!: string;

  /** From 1, without gaps. */
  @PrimaryColumn({ name: "number", type: "integer", primaryKeyConstraintName: "pathway_catalogue_pkey" })
  number!: number;

  /** SHA-256 of the canonical JSON, in hex. */
  @Column({ name: "hash", type: "text" })
  hash!: string;

  @Column({ name: "catalogue", type: "json" })
  catalogue!: Catalogue;

  @Column({ name: "published_at", type: "timestamptz", precision: 3 })
  publishedAt!: Instant;

  @Column({ name: "published_by", type: "text" })
  publishedBy!: string;
}
