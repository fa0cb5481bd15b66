import { randomBytes } from "node:crypto";
import { fromRun } from "./environment-of-run.js";

/** The run's Redis, and a prefix of keys that no other test file has. */
export function testRedis(): { url: string; prefix: string } {
  return { url: fromRun("PATHKEEPER_TEST_REDIS_URL"), prefix: `test-${randomBytes(6).toString("hex")}` };
}
