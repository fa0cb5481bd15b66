import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { assessment, MARKER, problemOf, somebody, START, World } from "./engine-world.js";

let world: World;
beforeAll(async () => void (world = await World.make("2026-09-01T10:00:00Z")));
afterAll(() => world.drop());

const pointersOf = (problem: object) =>
  (problem as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer).sort();
const good = { type: "radiotherapy.started", data: START, occurredAt: "2026-04-01" };
const scored = { type: "pain.scored", data: { index: 2, redFlags: [] }, occurredAt: "2026-05-01" };

it("an enrolment is told of every fault of every event and its own at once, and again in its replay", async () => {
  const source = { system: "his", id: "1" };
  const command = world.enrolCommand({
    patient: somebody({ birthDate: "1950-13" }),
    occurredAt: "2026-13-01",
    events: [
      { ...good, data: { ...START, intent: "wrong", [MARKER]: 1 }, source },
      { ...scored, type: "nothing.known", occurredAt: "2026-02-30" },
      { ...scored, data: { index: 11, redFlags: [] }, occurredAt: "2027-01-01" },
      { ...scored, performer: { person: "nobody" }, source },
      { type: "response.assessed", data: assessment("stable"), occurredAt: "2026-05-01" },
      scored,
    ],
  });
  const problem = problemOf(await world.one(command));
  expect(problem).toMatchObject({ name: "invalid-data", detail: "The request has 11 faults." });
  expect(pointersOf(problem)).toEqual([
    `/events/0/data/${MARKER}`,
    "/events/0/data/intent",
    "/events/1/occurredAt",
    "/events/1/type",
    "/events/2/data/index",
    "/events/2/occurredAt",
    "/events/3/performer",
    "/events/3/source",
    "/events/4/type",
    "/occurredAt",
    "/patient/birthDate",
  ]);
  expect(problemOf(await world.one(command))).toEqual(problem);
  const stored = await world.database.owner.query("select problem from idempotency_key where key = $1", [
    command.idempotency!.key,
  ]);
  expect(JSON.stringify(stored)).not.toContain(MARKER);
});

it("times and places of several events are one kind of fault", async () => {
  const attempt = async (more: object) => problemOf(await world.one(world.enrolCommand(more)));
  const unborn = { ...scored, occurredAt: "1940-01-01" };
  const times = await attempt({ events: [unborn, good, { ...scored, occurredAt: "2027-01-01" }, unborn] });
  expect(times.name).toBe("invalid-time");
  expect(pointersOf(times)).toEqual(["/events/0/occurredAt", "/events/2/occurredAt", "/events/3/occurredAt"]);
  const early = await attempt({ occurredAt: "2026-06-01", events: [good, scored] });
  expect(early.name).toBe("before-enrolment");
  expect(pointersOf(early)).toEqual(["/events/0/occurredAt", "/events/1/occurredAt"]);
});

it("those that only lack a role are forbidden, each with its place", async () => {
  const assessed = { type: "response.assessed", data: assessment("stable"), occurredAt: "2026-05-01" };
  const problem = problemOf(await world.one(world.enrolCommand({ events: [good, assessed, assessed] })));
  expect(problem).toMatchObject({ name: "reporter-not-allowed", reporters: expect.any(Array) });
  expect(problem["event"]).toBeUndefined();
  expect(pointersOf(problem)).toEqual(["/events/1/type", "/events/2/type"]);
});

it("an unknown pathway and an unknown site are told together", async () => {
  const command = world.enrolCommand({ pathway: "unknown", site: "elsewhere" });
  expect(pointersOf(problemOf(await world.one(command)))).toEqual(["/pathway", "/site"]);
});

it("a report and a correction are told of every fault as well, with the offer to date the enrolment back", async () => {
  const { id } = await world.enrol({ events: [good] });
  const wrong = { subjective: "better" };
  const early = { by: "coordinator", occurredAt: "2026-01-01" } as const;
  const reported = problemOf(await world.tryReport(id, "response.assessed", wrong, early));
  expect(reported).toMatchObject({ name: "invalid-data", offer: { correct: 1, occurredAt: "2026-01-01" } });
  expect(pointersOf(reported)).toEqual(expect.arrayContaining(["/data/subjective", "/occurredAt", "/type"]));
  const { event } = await world.report(id, "response.assessed", assessment("stable"));
  const late = { by: "coordinator", occurredAt: "2027-01-01", data: wrong } as const;
  const corrected = problemOf(await world.tryCorrect(id, event.seq, late));
  expect(pointersOf(corrected)).toEqual(expect.arrayContaining(["/data/subjective", "/occurredAt", "/type"]));
});

it("where no such site or version is there, everything else is judged all the same", async () => {
  const nameless = somebody({ familyName: undefined, givenName: undefined });
  const events = [{ ...scored, data: { index: 11, redFlags: [] }, occurredAt: "2039-01-01" }];
  const attempt = async (more: object) =>
    pointersOf(problemOf(await world.one(world.enrolCommand({ patient: nameless, events, ...more }))));
  const rest = ["/patient/familyName", "/site"];
  expect(await attempt({ site: "nope" })).toEqual(["/events/0/data/index", "/events/0/occurredAt", ...rest]);
  expect(await attempt({ version: "9.9.9" })).toEqual(["/events/0/occurredAt", "/patient/familyName", "/version"]);
  const early = somebody({ familyName: undefined, givenName: undefined, birthDate: "1980" });
  const unborn = { patient: early, events: [{ ...scored, occurredAt: "1979-12-31" }] };
  expect(await attempt({ site: "nope", ...unborn })).toEqual(["/events/0/occurredAt", ...rest]);
  expect(await attempt(unborn)).toEqual(["/events/0/occurredAt", "/patient/familyName"]);
  // A day that has begun at some site is not in the future there.
  expect(await attempt({ site: "nope", events: [], occurredAt: "2026-09-02" })).toEqual(rest);
});

it("every event that nothing takes is told with its place, each as if those before it had not been given", async () => {
  const attempt = async (events: object[]) => problemOf(await world.one(world.enrolCommand({ events } as object)));
  const resumed = { type: "pathway.resumed", data: {}, occurredAt: "2026-05-01" };
  const refused = await attempt([good, resumed]);
  const [{ detail }] = refused["errors"] as [{ detail: string }];
  expect(refused).toMatchObject({ name: "event-refused", event: 1, errors: [{ pointer: "/events/1" }] });
  expect(refused).toMatchObject({ detail: `Event 1: ${detail}`, acceptedEvents: expect.any(Array) });
  const both = await attempt([resumed, good, { ...resumed, occurredAt: "2026-05-02" }]);
  expect(both.name).toBe("event-refused");
  expect(both["event"]).toBeUndefined();
  expect(pointersOf(both)).toEqual(["/events/0", "/events/2"]);
});

it("a correction is told of its reason, its data and its time at once", async () => {
  const { id } = await world.enrol({ occurredAt: "2026-03-01" });
  const { seq } = (await world.report(id, good.type, good.data, { occurredAt: good.occurredAt })).event;
  const wrong = { data: { ...START, intent: "wrong" }, reason: " ", occurredAt: "2040-01-01" };
  expect(pointersOf(problemOf(await world.tryCorrect(id, seq, wrong)))).toEqual([
    ...["/data/intent", "/occurredAt", "/reason"],
  ]);
  const early = { ...wrong, occurredAt: "1940-01-01" };
  expect(pointersOf(problemOf(await world.tryCorrect(id, seq, early)))).toContain("/occurredAt");
  expect(pointersOf(problemOf(await world.tryCorrect(id, seq, { reason: " " })))).toEqual(["", "/reason"]);
});
