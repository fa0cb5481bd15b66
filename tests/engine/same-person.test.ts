import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { assembleEngine } from "../../src/engine/assemble.js";
import type { Answer } from "../../src/engine/model/answer.js";
import type { AboutPersons, Command } from "../../src/engine/model/commands.js";
import { headsOf, type Link } from "../../src/engine/model/persons.js";
import { searchPatients } from "../../src/engine/storage/patient-search.js";
import { renewTokens } from "../../src/engine/storage/renew-tokens.js";
import { Random } from "../bench/random.js";
import { until } from "../support/until.js";
import { done, key, somebody, who, World } from "./engine-world.js";

let world: World;
beforeAll(async () => void (world = await World.make("2026-09-01T10:00:00Z")));
afterAll(() => world.drop());

const by = () => ({ actor: who("coordinator"), idempotency: key() });
const join = (patientId: string, sameAs: string): AboutPersons => {
  return { kind: "joinPatients", ...by(), patientId, sameAs, reason: "Same passport" };
};
const part = (patientId: string): AboutPersons => ({ kind: "partPatient", ...by(), patientId, reason: "Two brothers" });
const exitCommand = (id: string) => world.reportCommand(id, "pathway.exited", { reason: "completed" });

async function former() {
  const patient = somebody();
  const { id, patientId } = await world.enrol({ patient });
  done("reported", await world.one(exitCommand(id)));
  return { id, patientId, patient };
}

/** What must hold whoever was faster. */
async function expectSound(): Promise<void> {
  const { owner } = world.database;
  const patients: { id: string; person: string }[] = await owner.query(`SELECT id, person_id AS person FROM patient`);
  const links: Link[] = await owner.query(
    `SELECT patient_id AS "patientId", same_as AS "sameAs", nth FROM patient_link`,
  );
  const ids = patients.map(({ id }) => id);
  expect(new Map(patients.map(({ id, person }) => [id, person]))).toEqual(headsOf(ids, links));
  const astray = await owner.query(
    `SELECT 'enrolment' FROM enrolment e JOIN patient p ON p.id = e.patient_id WHERE e.person_id <> p.person_id
     UNION ALL SELECT 'identifier' FROM patient_identifier i JOIN patient p ON p.id = i.patient_id WHERE p.person_id <> p.id
     UNION ALL SELECT 'twice' FROM enrolment WHERE status <> 'exited' GROUP BY person_id, pathway_id HAVING count(*) > 1`,
  );
  expect(astray).toEqual([]);
  const enrolments: { id: string }[] = await owner.query(`SELECT id FROM enrolment`);
  for (const { id } of enrolments) await world.expectConsistent(id);
}

it("two at once in two processes, with enrolments and reports meanwhile: each is done or refused, and all holds", async () => {
  const { engine: other } = assembleEngine(world.ground);
  const people = await Promise.all(Array.from({ length: 6 }, former));
  const random = new Random(7);
  const pick = () => people[random.below(people.length)]!;
  const active = new Set<string>();
  for (let round = 0; round < 12; round += 1) {
    const commands: Command[] = [
      join(pick().patientId, pick().patientId),
      join(pick().patientId, pick().patientId),
      part(pick().patientId),
      world.enrolCommand({ patient: { ...pick().patient }, confirm: true }),
      world.enrolCommand({
        patient: somebody({ identifiers: [...pick().patient.identifiers, ...pick().patient.identifiers] }),
      }),
      { kind: "amendPatient", ...by(), enrolmentId: pick().id, changes: { phone: String(round) } },
      world.correctCommand(pick().id, 1, { occurredAt: Date.parse("2026-08-31T10:00:00Z") - round }),
      ...[...active].slice(0, 2).map(exitCommand),
    ];
    const answers: Answer[] = await Promise.all(
      commands.map((command, n) => (n % 2 === 0 ? world.engine : other).execute(command)),
    );
    for (const answer of answers) if (answer.kind === "enrolled") active.add(answer.snapshot.id);
    await expectSound();
  }
  const kinds = await world.database.owner.query(`SELECT DISTINCT type FROM record WHERE kind = 'patient' ORDER BY 1`);
  expect(kinds.map(({ type }: { type: string }) => type)).toEqual([
    ...["patient.amended", "patient.joined", "patient.parted"],
  ]);
});

it("both are enrolled at once, by identifiers of either, after they were joined: one of them is", async () => {
  const { engine: other } = assembleEngine(world.ground);
  const [a, b] = [await former(), await former()];
  done("persons", await world.one(join(a.patientId, b.patientId)));
  const answers = await Promise.all([
    world.one(world.enrolCommand({ patient: a.patient })),
    other.execute(world.enrolCommand({ patient: b.patient })),
  ]);
  expect(answers.map(({ kind }) => kind).sort()).toEqual(["enrolled", "refused"]);
  await expectSound();
});

it("who waits to enrol while the two are joined enrols the one person", async () => {
  const { engine: other } = assembleEngine(world.ground);
  const [a, b] = [await former(), await former()];
  const { owner } = world.database;
  const waiting = async (): Promise<number> => {
    const [{ n }] = await owner.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return n;
  };
  const runner = owner.createQueryRunner();
  await runner.startTransaction();
  await runner.query(`SELECT FROM patient WHERE id = $1 FOR UPDATE`, [b.patientId]);
  const joined = world.one(join(b.patientId, a.patientId));
  await until(async () => (await waiting()) === 1);
  const enrolled = other.execute(world.enrolCommand({ patient: b.patient }));
  await until(async () => (await waiting()) === 2);
  await runner.commitTransaction();
  await runner.release();
  done("persons", await joined);
  expect(done("enrolled", await enrolled).snapshot.patientId).toBe(a.patientId);
  await expectSound();
});

it("the key of a join is answered alike when the two have parted since", async () => {
  const [a, b] = [await former(), await former()];
  const command = join(a.patientId, b.patientId);
  const first = await world.one(command);
  done("persons", await world.one(part(a.patientId)));
  expect(await world.one(command)).toEqual(first);
  expect(first).toMatchObject({ kind: "persons", person: b.patientId });
  expect(await world.one({ ...command, idempotency: { ...command.idempotency!, request: "other" } })).toMatchObject({
    refusal: { name: "key-reused" },
  });
});

it("histories keep the keys that they were sealed with, and tokens made anew are those of one person", async () => {
  const [a, b] = [await former(), await former()];
  const noted = await world.enrol({ patient: a.patient });
  const note = { note: "Seen with the brother" };
  done("reported", await world.tryReport(noted.id, "therapy.referred", {}, note));
  done("persons", await world.one(join(a.patientId, b.patientId)));
  done("patient", await world.one({ kind: "amendPatient", ...by(), enrolmentId: noted.id, changes: { phone: "1" } }));
  const history = await world.history(noted.id);
  expect(history.find(({ type }) => type === "therapy.referred")).toMatchObject(note);
  expect(history.at(-1)).toMatchObject({ type: "patient.amended", data: { changes: { phone: "1" } } });
  const tokens = () => world.database.owner.query(`SELECT * FROM patient_token ORDER BY 1, 2`);
  const before = await tokens();
  await world.database.owner.query(`UPDATE patient SET token_scheme = 1`);
  await renewTokens(world.database.app, world.ground.vault, 3);
  expect(await tokens()).toEqual(before);
  expect(await searchPatients(world.sql, world.ground.vault, a.patient.identifiers[0]!.value)).toEqual([b.patientId]);
});
