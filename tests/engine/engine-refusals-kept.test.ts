import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { at, done, problemOf, START, World } from "./engine-world.js";

let world: World;
let id: string;
beforeAll(async () => {
  world = await World.make("2026-06-01T10:00:00Z");
  ({ id } = await world.enrol({ occurredAt: at("2026-05-01T09:00:00Z") }));
});
afterAll(() => world.drop());

it("what would be accepted is told again as it was told first, whatever roles the person holds by now", async () => {
  const command = world.reportCommand(id, "relapse.excluded", { pain: 0, redFlags: [] });
  const first = done("refused", await world.one(command)).refusal;
  expect(first).toMatchObject({
    name: "event-refused",
    pathway: { version: "1.0.0" },
    acceptedEvents: expect.arrayContaining(["radiotherapy.started"]),
  });
  await world.report(id, "radiotherapy.started", START);
  const without = { person: "clinician", roles: ["auditor"] as const };
  expect(done("refused", await world.one({ ...command, actor: without })).refusal).toEqual(first);
});

it("only what the person may report is told", async () => {
  const told = async (by: string) =>
    problemOf(await world.tryReport(id, "pathway.enrolled", {}, { by }))["acceptedEvents"];
  expect(await told("clinician")).toContain("response.assessed");
  expect(await told("coordinator")).not.toContain("response.assessed");
});

it("a refusal is kept in codes and facts, without a sentence", async () => {
  const command = world.reportCommand(id, "therapy.referred", {}, { occurredAt: "2026-06-02" });
  problemOf(await world.one(command));
  expect(await keptOf(command.idempotency!.key)).toEqual({
    name: "invalid-time",
    errors: [{ pointer: "/occurredAt", code: "future-time" }],
  });
});

it("what an earlier version kept in words is told in these words", async () => {
  const command = world.reportCommand(id, "pain.scored", { index: 99, redFlags: [] });
  problemOf(await world.one(command));
  const { key } = command.idempotency!;
  const detail = "As it was put then.";
  const worded = { name: "invalid-data", detail, errors: [{ pointer: "/data/index", detail: "Then." }] };
  await world.database.owner.query(
    `INSERT INTO idempotency_key (person, route, key, request_hash, enrolment_id, seq, record_seq, answered_at, problem)
     SELECT person, route, 'earlier', request_hash, enrolment_id, seq, record_seq, answered_at, $2
       FROM idempotency_key WHERE key = $1`,
    [key, worded],
  );
  const earlier = { ...command, idempotency: { ...command.idempotency!, key: "earlier" } };
  expect(problemOf(await world.one(earlier))).toEqual(worded);
});

async function keptOf(key: string): Promise<unknown> {
  const [row] = await world.database.owner.query(`SELECT problem FROM idempotency_key WHERE key = $1`, [key]);
  return row.problem;
}
