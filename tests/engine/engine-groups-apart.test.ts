/** What goes wrong for one of a group, in PostgreSQL: the others do not hear of it. */
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { PathwayDocument } from "../../src/core/index.js";
import type { Command } from "../../src/engine/model/commands.js";
import { done, key, problemOf, somebody, who, World } from "./engine-world.js";

/** `contact.made` meets a guard that reads a field which no event has. */
function withFault(document: PathwayDocument): void {
  const { reachable } = document.machine.states!["contact"]!.states!;
  reachable!.on!["contact.made"] = [{ guard: "event.data.minutes > 3", target: "reachable", reenter: true }, {}];
}

let world: World;
beforeAll(async () => void (world = await World.make("2026-09-01T10:00:00Z", withFault)));
afterAll(() => world.drop());

const pain = (id: string) => world.reportCommand(id, "pain.scored", { index: 1, redFlags: [] });

const phone = (enrolmentId: string, more: object = {}): Command => {
  const changes = { phone: "123", ...more };
  return { kind: "amendPatient", actor: who("coordinator"), idempotency: key(), enrolmentId, changes };
};

async function enrolled(count: number): Promise<{ id: string; seq: number; patientId: string }[]> {
  return Promise.all(Array.from({ length: count }, () => world.enrol()));
}

/** The transactions that wrote the newest records of these enrolments. */
async function transactionsOf(ids: readonly string[]): Promise<number> {
  const rows = await world.database.owner.query<object[]>(
    `SELECT DISTINCT xmin::text FROM record r
      WHERE enrolment_id = ANY($1) AND seq = (SELECT max(seq) FROM record WHERE enrolment_id = r.enrolment_id)`,
    [ids],
  );
  return rows.length;
}

/** Four more are handed in with it, so that it shares its transaction. */
async function amongOthers(commands: readonly Command[]) {
  const others = await enrolled(4);
  const outcomes = await Promise.allSettled(
    [...commands, ...others.map(({ id }) => pain(id))].map((command) => world.one(command)),
  );
  expect(outcomes.slice(commands.length).map(({ status }) => status)).toEqual(others.map(() => "fulfilled"));
  for (const { id } of others) await world.expectConsistent(id);
  return {
    outcomes: outcomes.slice(0, commands.length),
    transactions: await transactionsOf(others.map(({ id }) => id)),
  };
}

it("a guard that fails fails its own command, and leaves nothing of it", async () => {
  const [bad] = await enrolled(1);
  const { outcomes, transactions } = await amongOthers([
    world.reportCommand(bad!.id, "contact.made", { channel: "phone" }),
  ]);
  expect(outcomes).toMatchObject([{ status: "rejected", reason: { name: "ExpressionError" } }]);
  expect(transactions).toBeLessThanOrEqual(2);
  expect((await world.history(bad!.id)).length).toBe(bad!.seq);
  done("reported", await world.one(pain(bad!.id)));
});

it("a patient whose key was destroyed fails the commands that would seal something, and no others", async () => {
  const [erased] = await enrolled(1);
  await world.database.app.query(`UPDATE patient SET wrapped_key = NULL WHERE id = $1`, [erased!.patientId]);
  const noted = world.reportCommand(erased!.id, "pain.scored", { index: 1, redFlags: [] }, { note: "By telephone" });
  const { outcomes, transactions } = await amongOthers([noted]);
  expect(String((outcomes[0] as PromiseRejectedResult).reason)).toMatch("there is no key");
  expect(transactions).toBeLessThanOrEqual(2);
  expect((await world.history(erased!.id)).length).toBe(erased!.seq);
  done("reported", await world.one(pain(erased!.id)));
  await world.expectConsistent(erased!.id);
});

it("two of a group who enrol one patient by different identifiers are tried apart, and one wins", async () => {
  const [one, two] = [somebody().identifiers[0]!, somebody().identifiers[0]!];
  const { id } = await world.enrol({ patient: somebody({ identifiers: [one, two] }) });
  await world.report(id, "pathway.exited", { reason: "completed" });
  const again = [one, two].map((identifier) =>
    world.enrolCommand({ patient: somebody({ identifiers: [identifier] }) }),
  );
  const { outcomes } = await amongOthers(again);
  const answers = outcomes.map(
    (outcome) => (outcome as PromiseFulfilledResult<Awaited<ReturnType<World["one"]>>>).value,
  );
  const won = done(
    "enrolled",
    answers.find(({ kind }) => kind === "enrolled")!,
  ).snapshot;
  const lost = answers.find(({ kind }) => kind === "refused")!;
  expect(problemOf(lost)).toMatchObject({ name: "duplicate-enrolment", enrolment: won.id });
  await world.expectConsistent(won.id);
  const repeated = await Promise.all(again.map((command) => world.one(command)));
  expect(repeated).toEqual(answers);
});

it("two of a group who change one patient both do", async () => {
  const [one, two] = [somebody().identifiers[0]!, somebody().identifiers[0]!];
  const { id } = await world.enrol({ patient: somebody({ identifiers: [one] }) });
  await world.report(id, "pathway.exited", { reason: "completed" });
  const enrol = world.enrolCommand({ patient: somebody({ identifiers: [one, two] }) });
  const { outcomes } = await amongOthers([phone(id, { email: "q@example.org" }), enrol]);
  expect(outcomes).toMatchObject([{ value: { kind: "patient" } }, { value: { kind: "enrolled" } }]);
  const [loaded] = await world.loader.read(world.sql, [id]);
  const { identifiers, email } = loaded!.patient.reveal()!;
  expect({ identifiers, email }).toEqual({ identifiers: [one, two], email: "q@example.org" });
});

it("a patient whom somebody else holds keeps nobody waiting, and is changed once free", async () => {
  const [held] = await enrolled(1);
  const runner = world.database.owner.createQueryRunner();
  await runner.startTransaction();
  await runner.query(`SELECT FROM patient WHERE id = $1 FOR UPDATE`, [held!.patientId]);
  let isDone = false;
  const waiting = world.one(phone(held!.id)).finally(() => (isDone = true));
  await amongOthers([]);
  expect(isDone).toBe(false);
  await runner.rollbackTransaction();
  await runner.release();
  done("patient", await waiting);
  const [loaded] = await world.loader.read(world.sql, [held!.id]);
  expect(loaded!.patient.reveal()).toMatchObject({ phone: "123" });
});
