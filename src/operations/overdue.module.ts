import { Module } from "@nestjs/common";
import { OverdueMetrics } from "./overdue-metrics.js";

/** What is measured of all that is due. */
@Module({ providers: [OverdueMetrics] })
export class OverdueModule {}
