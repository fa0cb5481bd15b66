/** One event on a long history by one on a short history: the same ordinary event, by a single caller, in turns. */
import { quantiles, type Figure } from "./figure.js";
import { HORIZON_MS } from "./cohort.js";
import { Installation } from "./installation.js";
import { workOff } from "./lanes.js";
import { stories, type Happening, type Story } from "./patients.js";
import type { Profiler } from "./profiler.js";
import type { Servers } from "./servers.js";

/** What leads to where both histories stand, and what leads from there to there again. */
const OPENING = 8;
const COURSE = ["contact.made", "pain.scored", "sideEffect.reported", "analgesia.reviewed", "sideEffect.reassessed"];

const LONG = { records: 2_000, enrolments: 4 };
/** More of them, since each event that is measured makes a short history longer. */
const SHORT = { records: 20, enrolments: 40 };
const WARM_UP = 20;

export async function longEvents(servers: Servers, profiler: Profiler, pairs: number): Promise<Figure> {
  const name = "events.long";
  const installation = await Installation.open(servers, { horizonMs: HORIZON_MS, redisUrl: servers.redisUrl });
  try {
    const all = stories(LONG.enrolments + SHORT.enrolments);
    const long = await grow(installation, all.slice(0, LONG.enrolments), LONG.records);
    const short = await grow(installation, all.slice(LONG.enrolments), SHORT.records);
    await samples(installation, long, short, WARM_UP);
    const taken = await profiler.part(name, () => samples(installation, long, short, pairs));
    const [onLong, onShort] = [quantiles(taken.long).p50, quantiles(taken.short).p50];
    const histories = `${LONG.enrolments} histories of ${LONG.records} records by ${SHORT.enrolments} of ${SHORT.records}`;
    const note = `${histories}, ${pairs} events each, alone; p50 ${onLong.toFixed(2)} ms by ${onShort.toFixed(2)} ms`;
    return { name, value: onLong / onShort, unit: "ratio", note };
  } finally {
    await installation.close();
  }
}

/** Enrols the patients and follows them until each has so many records; gives their enrolments. */
async function grow(installation: Installation, patients: readonly Story[], records: number): Promise<string[]> {
  const ids: string[] = [];
  await workOff(
    patients.map((story) => [story]),
    async (story) => {
      const id = await installation.enrol(story);
      for (const happening of story.happenings.slice(0, OPENING)) await installation.report(id, happening);
      while ((await installation.recordsOf(id)) < records) {
        for (const type of COURSE) await installation.report(id, last(story, type));
      }
      const reached = await installation.recordsOf(id);
      if (reached !== records) throw new Error(`A history of ${records} records has ${reached}.`);
      ids.push(id);
    },
    () => installation.settle(),
  );
  return ids;
}

async function samples(
  installation: Installation,
  long: readonly string[],
  short: readonly string[],
  pairs: number,
): Promise<{ long: number[]; short: number[] }> {
  const taken = { long: [] as number[], short: [] as number[] };
  const event: Happening = { type: "pain.scored", by: "coordinator", data: { index: 2, redFlags: [] } };
  const take = async (ids: readonly string[], pair: number): Promise<number> => {
    const began = performance.now();
    await installation.report(ids[pair % ids.length]!, event);
    return performance.now() - began;
  };
  for (let pair = 0; pair < pairs; pair++) {
    const longFirst = pair % 2 === 0;
    if (longFirst) taken.long.push(await take(long, pair));
    taken.short.push(await take(short, pair));
    if (!longFirst) taken.long.push(await take(long, pair));
  }
  return taken;
}

function last({ happenings }: Story, type: string): Happening {
  return happenings.findLast((happening) => happening.type === type)!;
}
