import { ENTITIES } from "../entities.js";
import type { Config } from "../platform/config.js";
import { openInstallation } from "../platform/installation.js";
import { patientKey } from "../platform/patient-key.js";
import { connectAsApplication, refuseForeignDatabase } from "../platform/prepare-database.js";
import { Sealing } from "../platform/sealing.js";
import type { Diagnosis, Difference, Progress } from "../timers/index.js";
import { counted } from "./counted.js";
import { openDoctor, type Patient } from "./open-doctor.js";

interface Flags {
  repair?: boolean;
  json?: boolean;
}

const CONNECTIONS = 4;
const PROGRESS_EVERY_MS = 2_000;

/** Beside a running installation or on one that is stopped. Tells whether nothing is left to mend. */
export async function examineTimers(config: Config, flags: Flags): Promise<boolean> {
  const installation = await openInstallation(config, { join: true });
  try {
    const { databaseUrl } = installation;
    const sealing = new Sealing(patientKey(config));
    await refuseForeignDatabase(databaseUrl, sealing);
    const dataSource = await connectAsApplication(databaseUrl, { entities: ENTITIES, poolSize: CONNECTIONS });
    try {
      return await compare({ dataSource, sealing, databaseUrl, redisUrl: config.redisUrl }, config, flags);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await installation.close();
  }
}

async function compare(patient: Patient, config: Config, { repair = false, json = false }: Flags): Promise<boolean> {
  const found: { kind: Difference["kind"]; enrolment: string; sentence: string; repaired: boolean }[] = [];
  const doctor = await openDoctor(patient, {
    repair,
    horizonMs: config.timerHorizonMs,
    onDifference: ({ kind, enrolmentId, sentence }, repaired) => {
      if (json) found.push({ kind, enrolment: enrolmentId, sentence, repaired });
      else console.log(repaired ? `${sentence} Mended.` : sentence);
    },
    onProgress: progress(json),
  });
  try {
    const diagnosis = await doctor.run();
    const left = diagnosis.differences - diagnosis.repaired;
    if (json) console.log(JSON.stringify({ ...diagnosis, left, found }, null, 2));
    else {
      console.log(summary(diagnosis, left));
      console.error(rate(diagnosis));
    }
    return left === 0;
  } finally {
    await doctor.close();
  }
}

/** On the terminal's other channel, so that what is found can be piped. */
function progress(json: boolean): (progress: Progress) => void {
  let last = performance.now();
  return ({ enrolments, timers, jobs, perSecond }) => {
    if (json || performance.now() - last < PROGRESS_EVERY_MS) return;
    last = performance.now();
    console.error(`${looked(enrolments, timers, jobs)} so far. ${rate({ perSecond })}`);
  };
}

function rate({ perSecond }: Pick<Progress, "perSecond">): string {
  return `${counted(perSecond, "patient")} a second.`;
}

function summary({ enrolments, timers, jobs, differences, repaired }: Diagnosis, left: number): string {
  const done = looked(enrolments, timers, jobs);
  if (differences === 0) return `${done}: state, rows and queue agree.`;
  return `${done}: ${counted(differences, "difference")}, ${repaired} mended, ${left} left.`;
}

function looked(enrolments: number, timers: number, jobs: number): string {
  return `${counted(enrolments, "enrolment")}, ${counted(timers, "pending timer")} and ${counted(jobs, "job")} looked at`;
}
