import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { EnrolmentHeads, NoSuchRecord, type Reading } from "../../src/reads/index.js";
import { Installation } from "../timers/support/installation.js";

const READER = { id: "nurse" };
const TASK = "2d0c6c0e-5a53-4d8b-8a0b-0f6f0f1b7c42";
const NOBODY = "7f1b3a52-0f5c-4c7e-9d53-1f2f1d1c9a11";
const refuse = (site: string): never => {
  throw new Error(`Not at ${site}.`);
};

describe("whoever asks about an enrolment is judged at its site", () => {
  let at: Installation;
  let heads: EnrolmentHeads;
  let enrolment: string;
  let told: Reading[] = [];
  beforeAll(async () => {
    at = await Installation.open("redis");
    heads = new EnrolmentHeads(at.reads, at.clock);
    enrolment = await at.enrol();
    await at.database.owner.query(
      `insert into task (enrolment_id, id, key, opened_at, nth, title, role, urgency, due_at, reminders, escalations,
         status, held, site_id, pathway_id)
       values ($1, $2, 'review.due', pathkeeper_now(), 1, 'Review', 'clinician', 'routine', pathkeeper_now(), '[]', '[]',
         'open', false, 'main', 'ticking')`,
      [enrolment, TASK],
    );
    at.reads.listen((reading) => void told.push(reading));
  });
  afterAll(() => at?.close());

  const toldWhile = async (work: Promise<unknown>): Promise<Reading[]> => {
    told = [];
    await work;
    return told.filter(({ reader }) => reader === READER);
  };
  const reading = (purpose: string, outcome: string) => [{ reader: READER, purpose, subjects: [enrolment], outcome }];

  it("who is refused is told, whatever they were about to do", async () => {
    const doors = [
      () => heads.toRead(READER, "task", enrolment, refuse),
      () => heads.toAct(READER, "task", enrolment, refuse),
      () => heads.toActOnTask(READER, "task", TASK, refuse),
    ];
    for (const door of doors)
      expect(await toldWhile(expect(door()).rejects.toThrow("Not at main."))).toEqual(reading("task", "refused"));
    expect(await toldWhile(heads.turnAway(READER, "history", enrolment))).toEqual(reading("history", "refused"));
    expect(await toldWhile(heads.turnAway(READER, "task", TASK))).toEqual(reading("task", "refused"));
  });

  it("who acts is told before they do, who reads when they do", async () => {
    const judge = (site: string) => `${site} is theirs`;
    const head = expect.objectContaining({ id: enrolment, siteId: "main" });
    const expected = [head, "main is theirs"];
    const act = heads.toAct(READER, "report", enrolment, judge);
    expect(await toldWhile(expect(act).resolves.toEqual(expected))).toEqual(reading("report", "granted"));
    const onTask = heads.toActOnTask(READER, "task", TASK, judge);
    expect(await toldWhile(expect(onTask).resolves.toEqual(expected))).toEqual(reading("task", "granted"));
    const read = heads.toRead(READER, "history", enrolment, judge);
    expect(await toldWhile(expect(read).resolves.toEqual(expected))).toEqual([]);
  });

  it("nobody is told of a record that is not there", async () => {
    const missing = [
      () => heads.toRead(READER, "history", NOBODY, refuse),
      () => heads.toAct(READER, "report", NOBODY, refuse),
      () => heads.toActOnTask(READER, "task", NOBODY, refuse),
    ];
    for (const door of missing)
      expect(await toldWhile(expect(door()).rejects.toBeInstanceOf(NoSuchRecord))).toEqual([]);
  });
});
