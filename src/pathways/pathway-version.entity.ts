import { Column, Entity, PrimaryColumn } from "typeorm";
import type { Instant, PathwayDocument } from "../core/index.js";

/** A released pathway document; never edited. `json` and not `jsonb` keeps the order in which its author wrote it. */
@Entity("pathway_version")
export class PathwayVersionEntity {
  @PrimaryColumn({ name: "id", type: "text", primaryKeyConstraintName: "pathway_version_pkey" })
  id!: string;

  @PrimaryColumn({ name: "version", type: "text", primaryKeyConstraintName: "pathway_version_pkey" })
  version!: string;

  /** SHA-256 of the canonical JSON, in hex. */
  @Column({ name: "hash", type: "text" })
  hash!: string;

  @Column({ name: "document", type: "json" })
  document!: PathwayDocument;

  @Column({ name: "published_at", type: "timestamptz", precision: 3 })
  publishedAt!: Instant;

  @Column({ name: "published_by", type: "text" })
  publishedBy!: string;
}
