import { Column, Entity, Index, PrimaryColumn } from "typeorm";
import type { Instant } from "../core/index.js";

/** One sign-in. Whoever reads this table can sign in as nobody: the token itself is kept nowhere. */
@Entity("session")
@Index("session_token", ["tokenHash"], { unique: true })
export class SessionEntity {
  @PrimaryColumn({ name: "id", type: "uuid", primaryKeyConstraintName: "session_pkey" })
  id!: string;

  /** SHA-256. */
  @Column({ name: "token_hash", type: "bytea" })
  tokenHash!: Buffer;

  @Column({ name: "person", type: "text" })
  person!: string;

  @Column({ name: "started_at", type: "timestamptz", precision: 3 })
  startedAt!: Instant;

  /** The newest use that was noted; what follows within a minute is not. */
  @Column({ name: "used_at", type: "timestamptz", precision: 3 })
  usedAt!: Instant;
}
