/** What several do at once, or one after the other through several enrolments, about one person. */
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { assembleEngine } from "../../src/engine/assemble.js";
import type { Engine } from "../../src/engine/engine.js";
import type { Answer } from "../../src/engine/model/answer.js";
import type { AmendPatient, Command } from "../../src/engine/model/commands.js";
import { done, key, problemOf, somebody, who, World } from "./engine-world.js";

const DAY = 86_400_000;
const ROUNDS = 8;
let world: World;
let other: Engine;
beforeAll(async () => {
  world = await World.make("2026-09-21T10:00:00Z");
  other = assembleEngine(world.ground).engine;
});
afterAll(() => world.drop());

const ago = (days: number): number => world.clock.now() - days * DAY;

/** On the pathway for a while, and away. */
async function stay(patient: ReturnType<typeof somebody>, from: number, until: number) {
  const { id, patientId } = await world.enrol({ patient, occurredAt: from });
  const exited = { occurredAt: until };
  const { event } = await world.report(id, "pathway.exited", { reason: "transferred" }, exited);
  return { id, patientId, exit: event.seq };
}

/** Handed in at the same time, to one process or to two. */
async function atOnce(round: number, commands: readonly Command[]): Promise<Answer[]> {
  const engines = [world.engine, round % 2 === 0 ? other : world.engine];
  return Promise.all(commands.map((command, n) => engines[n]!.execute(command)));
}

function expectOne(answers: readonly Answer[]): void {
  const refused = answers.filter(({ kind }) => kind === "refused");
  expect(refused.map((answer) => problemOf(answer).name)).toEqual(["overlapping-enrolment"]);
}

it("an exit is moved past the beginning of an enrolment that comes at once: one of the two is refused", async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const patient = somebody();
    const first = await stay(patient, ago(10), ago(5));
    const later = world.correctCommand(first.id, first.exit, { occurredAt: ago(3) });
    expectOne(await atOnce(round, [later, world.enrolCommand({ patient, occurredAt: ago(4) })]));
  }
});

it("one enrolment's exit is moved later and another one's beginning earlier: one of the two is refused", async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const patient = somebody();
    const first = await stay(patient, ago(10), ago(6));
    const second = await stay(patient, ago(3), ago(1));
    const later = world.correctCommand(first.id, first.exit, { occurredAt: ago(4) });
    const earlier = world.correctCommand(second.id, 1, { occurredAt: ago(5), by: "coordinator" });
    expectOne(await atOnce(round, [later, earlier]));
    await world.expectConsistent(first.id);
    await world.expectConsistent(second.id);
  }
});

it("whatever else is corrected or reported waits for nobody who holds the person", async () => {
  const { id, patientId } = await world.enrol({ occurredAt: ago(2) });
  const scored = await world.report(id, "pain.scored", { index: 2, redFlags: [] });
  const runner = world.database.owner.createQueryRunner();
  await runner.startTransaction();
  try {
    await runner.query(`SELECT FROM patient WHERE id = $1 FOR UPDATE`, [patientId]);
    await world.correct(id, scored.event.seq, { data: { index: 3, redFlags: [] } });
    await world.report(id, "pathway.exited", { reason: "transferred" });
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
});

it("what an enrolment adds to a known patient is told in the histories of the others", async () => {
  const patient = somebody();
  const first = await stay(patient, ago(10), ago(5));
  const { seq } = await world.view(first.id);
  const [added] = somebody().identifiers;
  const second = await world.enrol({ patient: { ...patient, identifiers: [...patient.identifiers, added!] } });
  const late: AmendPatient = {
    ...{ kind: "amendPatient", actor: who("coordinator"), idempotency: key(), enrolmentId: first.id },
    ...{ changes: { identifiers: patient.identifiers }, ifSeq: seq },
  };
  expect(problemOf(await world.one(late))).toMatchObject({ name: "stale", seq: seq + 1 });
  done("patient", await world.one({ ...late, idempotency: key(), ifSeq: seq + 1 }));
  for (const id of [first.id, second.id]) await world.expectConsistent(id);
});
