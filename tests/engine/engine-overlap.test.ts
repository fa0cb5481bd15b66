import { afterAll, beforeAll, beforeEach, expect, it } from "@jest/globals";
import type { Answer } from "../../src/engine/model/answer.js";
import type { PatientInput } from "../../src/engine/model/commands.js";
import { formatInstant } from "../../src/core/index.js";
import { problemOf, somebody, World } from "./engine-world.js";

const DAY = 86_400_000;
let world: World;
let patient: PatientInput;
let first: string;
let exit: number;
const ago = (days: number): number => world.clock.now() - days * DAY;

beforeAll(async () => void (world = await World.make("2026-09-21T10:00:00Z")));
afterAll(() => world.drop());
/** On the pathway from ten days ago until five days ago. */
beforeEach(async () => {
  patient = somebody();
  ({ id: first } = await world.enrol({ patient, occurredAt: ago(10) }));
  exit = (await world.report(first, "pathway.exited", { reason: "transferred" }, { occurredAt: ago(5) })).event.seq;
});

const again = (occurredAt: number | string, more: object = {}): Promise<Answer> =>
  world.one(world.enrolCommand({ patient, occurredAt, ...more }));

function expectOverlap(answer: Answer, [pointer, of, from, until]: [string, string, number, number | null]): void {
  const problem = problemOf(answer);
  expect(problem).toMatchObject({ name: "overlapping-enrolment", errors: [{ pointer }], enrolment: of });
  for (const instant of [from, until]) {
    if (instant !== null) expect(problem.detail).toContain(formatInstant(instant));
  }
}

it("nobody is enrolled from before an exit of the same pathway on; from that instant on they are", async () => {
  const earlier = [first, ago(10), ago(5)] as const;
  expectOverlap(await again(ago(8)), ["/occurredAt", ...earlier]);
  expectOverlap(await again(ago(12)), ["/occurredAt", ...earlier]);
  expectOverlap(await again("2026-09-16"), ["/occurredAt", ...earlier]);
  const events = [{ type: "pain.scored", data: { index: 2, redFlags: [] }, occurredAt: ago(8) }];
  const selfDated = world.enrolCommand({ patient, events });
  expectOverlap(await world.one(selfDated), ["/events/0/occurredAt", ...earlier]);
  expect((await again(ago(5))).kind).toBe("enrolled");
});

it("an enrolment that ended before the other one began is told with its own exit", async () => {
  const events = [{ type: "pathway.exited", data: { reason: "transferred" }, occurredAt: ago(10) }];
  expectOverlap(await again(ago(20), { events: [{ ...events[0]!, occurredAt: ago(9) }] }), [
    ...(["/occurredAt", first, ago(10), ago(5)] as const),
  ]);
  expect((await again(ago(20), { events })).kind).toBe("enrolled");
});

it("nor may a correction of either enrolment's beginning or exit let them overlap", async () => {
  const { id: second } = await world.enrol({ patient, occurredAt: ago(3) });
  const back = { occurredAt: ago(6), by: "coordinator" };
  expectOverlap(await world.tryCorrect(second, 1, back), ["/occurredAt", first, ago(10), ago(5)]);
  await world.correct(second, 1, { ...back, occurredAt: ago(4) });
  expectOverlap(await world.tryCorrect(first, exit, { occurredAt: ago(2) }), ["/occurredAt", second, ago(4), null]);
  const { snapshot } = await world.correct(first, exit, { occurredAt: ago(4) });
  expect(snapshot.projection.status).toBe("exited");
  await world.expectConsistent(first);
  await world.expectConsistent(second);
});

it("an exit stays while the patient was here again, even if that has ended too", async () => {
  const { id: second } = await world.enrol({ patient, occurredAt: ago(3) });
  await world.report(second, "pathway.exited", { reason: "completed" }, { occurredAt: ago(1) });
  const struck = await world.tryCorrect(first, exit, { strikeOut: true });
  expectOverlap(struck, ["/strikeOut", second, ago(3), ago(1)]);
  const records = await world.history(first);
  expect(records.at(-1)!.kind).not.toBe("refusal");
  // A later exit, set aside so far, would take the place of the struck one.
  await world.correct(second, 1, { occurredAt: ago(2), by: "coordinator" });
  const earlier = await world.report(first, "pathway.exited", { reason: "died" }, { occurredAt: ago(6) });
  expect(earlier.setAside).toMatchObject([{ seq: exit }]);
  await world.correct(first, earlier.event.seq, { strikeOut: true });
  await world.expectConsistent(first);
});

it("who was never here, since they left as they came, is in nobody's way", async () => {
  await world.correct(first, exit, { occurredAt: ago(10) });
  expect((await again(ago(12))).kind).toBe("enrolled");
});

it("what overlaps since before may still be mended, and is not made worse", async () => {
  const { id: second } = await world.enrol({ patient, occurredAt: ago(3) });
  const row = `UPDATE enrolment SET enrolled_at = $2 WHERE id = $1`;
  await world.database.owner.query(row, [first, new Date(ago(10))]);
  await world.database.owner.query(`UPDATE enrolment SET stored = jsonb_set(stored, '{exit,at}', $2) WHERE id = $1`, [
    ...[first, JSON.stringify(ago(1))],
  ]);
  const back = { occurredAt: ago(4), by: "coordinator" };
  expectOverlap(await world.tryCorrect(second, 1, back), ["/occurredAt", first, ago(10), ago(1)]);
  await world.correct(second, 1, { ...back, occurredAt: ago(2) });
  expect((await world.view(second)).projection).toMatchObject({ enrolledAt: ago(2) });
});
