/** The pure fold of a long history: 200 events of the first pathway over two years, with every timer in between. */
import { readFileSync } from "node:fs";
import {
  compile,
  makeCalendar,
  parseDocument,
  project,
  type FoldRecord,
  type JsonObject,
} from "../../src/core/index.js";
import { BareMachine, recordCourse } from "./bare-machine.js";
import { quantiles, type Figure } from "./figure.js";
import { assessment, DOCUMENT, radiotherapy } from "./patients.js";
import { Random } from "./random.js";

const EVENTS = 200;
/** Enrolled, treated, assessed: then the course begins. */
const OPENING = 3;
/** Different ones, so that nothing kept from one fold answers for the next. */
const HISTORIES = 10;
const START = Date.parse("2024-03-04T10:00:00Z");
const HOUR = 3_600_000;

export function longHistory(rounds: number): Figure {
  const document = parseDocument(readFileSync(DOCUMENT, "utf8")).document!;
  const pathway = compile(document);
  const calendar = makeCalendar({ timeZone: "Europe/London", workingDays: [1, 2, 3, 4, 5], holidays: [] });
  const histories = Array.from({ length: HISTORIES }, (_, seed) => history(seed)).map((records) => {
    const asOf = records.at(-1)!.recordedAt! + 24 * HOUR;
    return { records, asOf, course: recordCourse(document, calendar, records, asOf) };
  });
  const machine = new BareMachine(document);
  const folds: number[] = [];
  const floors: number[] = [];
  for (let round = -1; round < rounds; round++) {
    for (const { records, asOf, course } of histories) {
      const fold = took(() => project(pathway, calendar, records, asOf));
      const floor = took(() => machine.follow(course));
      const taken = fold.result.status === "active" && fold.result.setAside.length === 0;
      if (!taken) throw new Error("An event of a made-up history is not taken.");
      if (!floor.result.wentAs(course)) throw new Error("The bare machine went another way than the fold.");
      // The first round warms up.
      if (round < 0) continue;
      folds.push(fold.ms);
      floors.push(floor.ms);
    }
  }
  const value = quantiles(folds).p50;
  const floor = quantiles(floors).p50;
  const note = `${EVENTS} events over two years, ${HISTORIES} histories, ${folds.length} folds; floor: bare XState, the same steps`;
  return { name: "project.200", value, unit: "ms", ...quantiles(folds), floor, ratio: value / floor, note };
}

function took<T>(work: () => T): { result: T; ms: number } {
  const began = performance.now();
  const result = work();
  return { result, ms: performance.now() - began };
}

export function history(seed: number): FoldRecord[] {
  const random = new Random(seed + 17);
  const pain = (): JsonObject => ({ pain: random.below(11), redFlags: [] });
  const course: (() => [type: string, data: JsonObject])[] = [
    () => ["pain.scored", { index: 4 + random.below(7), redFlags: [] }],
    () => ["modality.started", { class: "topical", name: "lidocaine" }],
    () => ["contact.made", { channel: "phone" }],
    () => ["analgesia.reviewed", { changed: true }],
    () => ["pain.scored", { index: random.below(4), redFlags: [] }],
    () => ["relapse.excluded", pain()],
    () => ["sideEffect.reported", { kind: "causalgia", ...pain() }],
    () => ["contact.failed", { channel: "phone" }],
    () => ["sideEffect.reassessed", { control: "controlled", ...pain() }],
    () => ["therapy.started", { focus: ["gait"] }],
  ];
  const records: FoldRecord[] = [];
  let at = START + random.below(1_000) * HOUR;
  const add = (type: string, data: JsonObject, by: string): void => {
    records.push({ kind: "event", seq: records.length + 1, type, occurredAt: at, recordedAt: at + HOUR, by, data });
    at += (48 + random.below(80)) * HOUR;
  };
  add("pathway.enrolled", {}, "coordinator");
  add("radiotherapy.started", radiotherapy(random), "coordinator");
  add("response.assessed", assessment(random, 2), "clinician");
  while (records.length < EVENTS) {
    const by = random.pick(["coordinator", "clinician"]);
    const [type, data] = course[(records.length - OPENING) % course.length]!();
    add(type, data, by);
  }
  return records;
}
