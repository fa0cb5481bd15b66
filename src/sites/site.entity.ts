import { Column, Entity, PrimaryColumn } from "typeorm";
import type { Instant } from "../core/index.js";
import type { OnCall } from "./on-call.js";

/** Where care happens. */
@Entity("site")
export class SiteEntity {
  @PrimaryColumn({ name: "id", type: "text", primaryKeyConstraintName: "site_pkey" })
  id!: string;

  @Column({ name: "name", type: "text" })
  name!: string;

  /** Who is on call, by role. */
  @Column({ name: "on_call", type: "jsonb" })
  onCall!: OnCall;

  @Column({ name: "created_at", type: "timestamptz", precision: 3 })
  createdAt!: Instant;
}
