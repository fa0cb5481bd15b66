import { Column, Entity, PrimaryColumn } from "typeorm";
import type { Instant, Role } from "../core/index.js";

/** Where care happens. */
@Entity("site")
export class SiteEntity {
  @PrimaryColumn({ name: "id", type: "text", primaryKeyConstraintName: "site_pkey" })
  id!: string;

  @Column({ name: "name", type: "text" })
  name!: string;

  /** Ids of the people on call, by role. */
  @Column({ name: "on_call", type: "jsonb" })
  onCall!: Partial<Record<Role, string[]>>;

  @Column({ name: "created_at", type: "timestamptz", precision: 3 })
  createdAt!: Instant;
}
