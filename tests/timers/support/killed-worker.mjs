// Takes a bell and never answers it; the test kills this process while it holds the bell.
import { createPostgresBackend, getDefaultBackendFactory, Worker } from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";

const { backend, url, prefix, lockMs } = JSON.parse(process.argv[2]);
const [connection, factory] =
  backend === "postgres"
    ? [new pg.Pool({ connectionString: url, options: "-c search_path=bullmq" }), createPostgresBackend]
    : [new Redis(url, { maxRetriesPerRequest: null }), getDefaultBackendFactory()];

const hold = async (job) => {
  process.send({ holding: job.id });
  await new Promise(() => undefined);
};
const worker = new Worker(
  "timers",
  hold,
  { connection, prefix, lockDuration: lockMs, stalledInterval: lockMs },
  factory,
);
worker.on("error", () => undefined);
