import { Column, Entity, PrimaryColumn } from "typeorm";
import type { Instant } from "../core/index.js";

/** One version of a site's calendar. Enrolments pin it, so it is never edited: a change is a new version. */
@Entity("site_calendar")
export class SiteCalendarEntity {
  @PrimaryColumn({ name: "site_id", type: "text", primaryKeyConstraintName: "site_calendar_pkey" })
  siteId!: string;

  @PrimaryColumn({ name: "version", type: "integer", primaryKeyConstraintName: "site_calendar_pkey" })
  version!: number;

  @Column({ name: "time_zone", type: "text" })
  timeZone!: string;

  /** ISO days of the week, 1 is Monday. */
  @Column({ name: "working_days", type: "smallint", array: true })
  workingDays!: number[];

  /** `YYYY-MM-DD`. */
  @Column({ name: "holidays", type: "text", array: true })
  holidays!: string[];

  @Column({ name: "recorded_at", type: "timestamptz", precision: 3 })
  recordedAt!: Instant;

  @Column({ name: "recorded_by", type: "text" })
  recordedBy!: string;
}
