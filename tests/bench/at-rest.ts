/** What is asked of a followed cohort at rest. */
import { openDoctor } from "../../src/cli/open-doctor.js";
import { createDataSource } from "../../src/platform/database.js";
import { HORIZON_MS, type Cohort } from "./cohort.js";
import type { Figure } from "./figure.js";
import type { Servers } from "./servers.js";

/** Bytes per patient in PostgreSQL: every table of the schema with its indexes, after VACUUM. */
export async function idleBytes({ installation, patients }: Cohort): Promise<Figure> {
  const owner = await createDataSource(installation.database.url, { role: "owner", poolSize: 1 }).initialize();
  try {
    await owner.query("vacuum analyze");
    const [row] = await owner.query<{ bytes: number; records: number }[]>(
      `select (select sum(pg_total_relation_size(oid)) from pg_class
               where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'm'))::int8 as bytes,
              (select count(*) from record)::int8 as records`,
    );
    const note = `${patients} patients, ${(row!.records / patients).toFixed(1)} records each`;
    return { name: "idle.bytes", value: Math.round(row!.bytes / patients), unit: "bytes", note };
  } finally {
    await owner.destroy();
  }
}

/** `pathkeeper doctor` over everybody: each history folded again and compared with rows and jobs. */
export async function doctor({ installation }: Cohort, { redisUrl }: Servers): Promise<Figure> {
  const { dataSource, sealing, database } = installation;
  const options = { repair: false, horizonMs: HORIZON_MS };
  const opened = await openDoctor({ dataSource, sealing, databaseUrl: database.url, redisUrl }, options);
  try {
    const began = performance.now();
    const diagnosis = await opened.run();
    const value = performance.now() - began;
    if (diagnosis.differences > 0) throw new Error(`The doctor found ${diagnosis.differences} differences.`);
    return {
      name: "doctor",
      value,
      unit: "ms",
      note: `${diagnosis.enrolments} patients, all of them well; ${diagnosis.perSecond} folded and compared a second`,
    };
  } finally {
    await opened.close();
  }
}
