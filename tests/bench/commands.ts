/** What commands cost that somebody types: processor time and memory, each in a process of its own. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatInstant, type When } from "../../src/core/index.js";
import { PACKAGE_ROOT } from "../../src/platform/package-root.js";
import { quantiles, type Figure } from "./figure.js";
import { Installation, PATIENT_KEY } from "./installation.js";
import { history } from "./long-history.js";
import { DOCUMENT } from "./patients.js";
import { seed } from "./seeded.js";
import type { Servers } from "./servers.js";
import { spent } from "./spent.js";

const PROGRAM = join(PACKAGE_ROOT, "bin", "pathkeeper.js");
const EVENTS = 20;
/** For the doctor: with room to spare V8 puts off tidying, and what would be seen is its leisure. */
const HEAP_MIB = 64;

/** `pathkeeper pathways project`, in turns with a Node that does nothing. */
export async function projectFromShell(servers: Servers, runs: number): Promise<Figure> {
  const file = join(servers.directory, "events.ndjson");
  const lines = history(0).slice(0, EVENTS).map(line);
  writeFileSync(file, lines.join("\n"));
  const project: number[] = [];
  const nothing: number[] = [];
  for (let run = -1; run < runs; run++) {
    const [own, bare] = [
      await spent(servers, [PROGRAM, "pathways", "project", DOCUMENT, file]),
      await spent(servers, ["-e", "0"]),
    ];
    // The first reads the files into memory.
    if (run < 0) continue;
    project.push(own.cpuMs);
    nothing.push(bare.cpuMs);
  }
  const floor = quantiles(nothing).p50;
  const value = quantiles(project).p50 - floor;
  const note = `CPU time beyond that of node -e 0 (the floor); ${EVENTS} events, the median of ${runs}`;
  return { name: "project.cli", value, unit: "ms", floor, ratio: value / floor, note };
}

function line(record: ReturnType<typeof history>[number]): string {
  if (record.kind !== "event") throw new Error("A made-up history holds events alone.");
  const { type, occurredAt, recordedAt, data, by } = record;
  const instant = (at: When): string => (typeof at === "number" ? formatInstant(at) : at);
  return JSON.stringify({ type, occurredAt: instant(occurredAt), recordedAt: instant(recordedAt!), data, by });
}

/** The peak of `pathkeeper doctor` with many patients, and beside it with few: it reads by pages, so both are alike. */
export async function doctorMemory(servers: Servers, few: number, many: number): Promise<Figure> {
  const floor = await peakOfDoctor(servers, few);
  const value = await peakOfDoctor(servers, many);
  const note = `peak with ${many} patients; floor: with ${few}; heap of ${HEAP_MIB} MiB; patients copied from one`;
  return { name: "doctor.memory", value, unit: "bytes", floor, ratio: value / floor, note };
}

async function peakOfDoctor(servers: Servers, patients: number): Promise<number> {
  const installation = await Installation.open(servers, { horizonMs: 0, redisUrl: servers.redisUrl });
  try {
    await seed(installation, patients, Date.now());
    // Nothing is due within the horizon: what is compared are everybody's history and rows.
    const { peakBytes } = await spent(servers, [`--max-old-space-size=${HEAP_MIB}`, PROGRAM, "doctor"], {
      ...{ DATABASE_URL: installation.database.url, REDIS_URL: servers.redisUrl ?? "", DATA_DIR: servers.directory },
      ...{ PATIENT_KEY: PATIENT_KEY.toString("base64"), TIMER_HORIZON: "PT1M" },
    });
    return peakBytes;
  } finally {
    await installation.close();
  }
}
