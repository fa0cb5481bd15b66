/** Bare dates end by the calendar that ruled then: one enrolment, moved by hand from London to New York to Tokyo. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { makeCalendar, parseDate, refold, type PlainDate } from "../../src/core/index.js";
import { assembleEngine } from "../../src/engine/assemble.js";
import { follow } from "../../src/engine/deciding/effects.js";
import { Ledger } from "../../src/engine/deciding/ledger.js";
import type { EnrolmentViews, Moment } from "../../src/engine/index.js";
import { foldRecordsOf } from "../../src/engine/model/loaded.js";
import { at, World } from "./engine-world.js";
import { goOn } from "./storage-samples.js";

const date = (text: string): PlainDate => parseDate(text)!;

let world: World;
let id: string;
/** Keeps nothing. */
let forgetful: EnrolmentViews;
const seqs: Record<string, number> = {};

async function pain(name: string, when: string): Promise<void> {
  await world.clock.set(when);
  seqs[name] = (await world.report(id, "pain.scored", { index: 1, redFlags: [] })).event.seq;
}

/** A calendar comes into force, and the enrolment is pinned to it. */
async function move(version: number, timeZone: string, when: string, site = "main"): Promise<void> {
  await world.clock.set(when);
  await world.database.owner.query(
    `INSERT INTO site_calendar (site_id, version, time_zone, working_days, holidays, recorded_at, recorded_by)
     VALUES ('main', $1, $2, '{1,2,3,4,5}', '{}', pathkeeper_now(), 'admin')`,
    [version, timeZone],
  );
  await goOn(world.database.app, id, (loaded) => {
    const { row, seq, tasks, timers, firings } = loaded.enrolment!;
    const ledger = new Ledger(
      { row: { ...row, calendarVersion: version }, isNew: false, seq, tasks, timers, firings },
      ...[world.pathway, world.clock.now(), "event" as const],
    );
    const detail = { pathway: row.pathway, calendar: { site, version } };
    ledger.append({ kind: "pin", type: "enrolment.pinned", by: "lead", role: "lead", detail });
    const step = refold(
      ...([
        world.pathway,
        calendars[version]!,
        foldRecordsOf(loaded.enrolment!),
        ledger.now,
        ledger.known(),
        1,
      ] as const),
    );
    follow(ledger, world.pathway, step.effects, null);
    return { ...ledger.write(step, []), idempotency: null, position: null };
  });
}

const calendars: Record<number, Parameters<typeof refold>[1]> = {};

beforeAll(async () => {
  world = await World.make("2026-03-02T10:00:00Z");
  forgetful = assembleEngine({ ...world.ground, historyCacheBytes: 0 }).views;
  for (const [version, timeZone] of Object.entries({ 2: "America/New_York", 3: "Asia/Tokyo", 4: "Asia/Tokyo" })) {
    calendars[Number(version)] = makeCalendar({ timeZone, workingDays: [1, 2, 3, 4, 5], holidays: [] });
  }
  ({ id } = await world.enrol());
  await pain("before midnight in New York", "2026-03-10T02:00:00Z");
  await move(2, "America/New_York", "2026-03-12T10:00:00Z");
  await pain("before midnight in New York again", "2026-03-13T02:00:00Z");
  await pain("after midnight in Tokyo", "2026-03-16T15:30:00Z");
  await move(3, "Asia/Tokyo", "2026-03-16T16:00:00Z");
  await pain("under Tokyo", "2026-03-16T18:00:00Z");
  await world.clock.set("2026-03-20T10:00:00Z");
});
afterAll(() => world.drop());

describe.each(["keeping", "forgetful"] as const)("a process that is %s", (which) => {
  const view = async (moment: Moment) => {
    const views = { keeping: world.views, forgetful }[which];
    const { seq, asOf } = (await views.snapshot(world.sql, id, moment))!;
    return { seq, asOf: new Date(asOf + 1).toISOString() };
  };
  const before = (name: string): number => seqs[name]! - 1;

  it("ends a day that was known under the first calendar by that one", async () => {
    expect(await view({ knownAt: date("2026-03-09"), asOf: date("2026-03-09") })).toEqual({
      ...{ seq: before("before midnight in New York"), asOf: "2026-03-10T00:00:00.000Z" },
    });
  });

  it("ends one that was known under the second by the second", async () => {
    expect(await view({ knownAt: date("2026-03-12"), asOf: date("2026-03-12") })).toEqual({
      ...{ seq: seqs["before midnight in New York again"]!, asOf: "2026-03-13T04:00:00.000Z" },
    });
  });

  it("ends one that is over by the third and not by the second where the third begins", async () => {
    expect(await view({ knownAt: date("2026-03-16"), asOf: date("2026-03-16") })).toEqual({
      ...{ seq: seqs["after midnight in Tokyo"]!, asOf: "2026-03-17T04:00:00.000Z" },
    });
  });

  it("shows an earlier day by the newest calendar where everything is known, and so under an instant", async () => {
    const { seq } = await view({});
    expect(await view({ asOf: date("2026-03-09") })).toEqual({ seq, asOf: "2026-03-09T15:00:00.000Z" });
    const known = at("2026-03-11T00:00:00Z");
    expect(await view({ knownAt: known, asOf: date("2026-03-09") })).toEqual({
      ...{ seq: seqs["before midnight in New York"]!, asOf: "2026-03-10T00:00:00.000Z" },
    });
  });
});

it("a pin has the site that its record names", async () => {
  await move(4, "Asia/Tokyo", "2026-03-21T10:00:00Z", "annex");
  for (const loader of [world.keeping, world.loader]) {
    const [loaded] = await loader.read(world.sql, [id]);
    expect(loaded!.pins.map(({ siteId }) => siteId)).toEqual(["main", "main", "main", "annex"]);
  }
});
