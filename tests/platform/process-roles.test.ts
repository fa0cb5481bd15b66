import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startServer } from "../support/command.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

describe("a process with ROLE=worker", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "worker-"));
  let database: TestDatabase;
  let worker: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    database = await createTestDatabase();
    const env = { DATABASE_URL: database.url, DATA_DIR: dataDir, ROLE: "worker" };
    worker = await startServer({ env });
  });
  afterAll(async () => {
    process.kill(worker.pid, "SIGTERM");
    await worker.ended;
    await database.drop();
    rmSync(dataDir, { recursive: true });
  });

  it("says how it is and serves no patient", async () => {
    for (const path of ["/health/live", "/health/ready", "/metrics"]) {
      expect((await fetch(worker.url + path)).status).toBe(200);
    }
    for (const path of ["/api/enrolments", "/api/tasks", "/docs"]) {
      expect((await fetch(worker.url + path)).status).toBe(404);
    }
  });
});
