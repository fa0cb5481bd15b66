import type { DataSource } from "typeorm";
import { formatInstant, type Instant } from "../../src/core/time.js";
import type { Clock } from "../../src/platform/clock.js";

/** Stands still until it is moved; moves `now()` in TypeScript and `pathkeeper_now()` in SQL together (E9). */
export class TestClock implements Clock {
  private constructor(
    private readonly owner: DataSource,
    private current: Instant,
  ) {}

  /** `owner` owns the schema: only it may replace the function. */
  static async install(owner: DataSource, start: Instant | string): Promise<TestClock> {
    await owner.query("create table if not exists test_clock (now timestamptz not null)");
    await owner.query("truncate test_clock");
    await owner.query("insert into test_clock values ('epoch')");
    await owner.query(
      `create or replace function pathkeeper_now() returns timestamptz language sql security definer volatile
       as $$ select now from public.test_clock $$`,
    );
    const clock = new TestClock(owner, 0);
    await clock.set(start);
    return clock;
  }

  now(): Instant {
    return this.current;
  }

  async set(to: Instant | string): Promise<void> {
    const instant = typeof to === "string" ? Date.parse(to) : to;
    await this.owner.query("update test_clock set now = $1::timestamptz", [formatInstant(instant)]);
    this.current = instant;
  }

  async advance(ms: number): Promise<void> {
    await this.set(this.current + ms);
  }
}
