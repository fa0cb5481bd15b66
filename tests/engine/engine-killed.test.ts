import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { CrashPoint } from "../../src/engine/crash-points.js";
import type { Answer } from "../../src/engine/model/answer.js";
import type { Command, Keyed } from "../../src/engine/model/commands.js";
import { until } from "../support/until.js";
import { assessment, at, done, FIRST_DOCUMENT, START, VAULT_KEY, who, World } from "./engine-world.js";

const NOW = "2026-09-01T10:00:00Z";
const PROGRAM = fileURLToPath(new URL("killed-engine.mjs", import.meta.url));

let world: World;
beforeAll(async () => void (world = await World.make(NOW)));
afterAll(() => world.drop());

/** One of a group: a command, and how its enrolment stood before it. */
interface Member {
  command: Keyed;
  /** Null: it enrols. */
  id: string | null;
  before: number;
}

/** Something of everything, each for a patient of its own; timers are due since it was last looked at. */
async function group(): Promise<Member[]> {
  const enrolled = at("2026-03-01T09:00:00Z");
  await world.clock.set(enrolled);
  const made = await Promise.all(Array.from({ length: 8 }, () => world.enrol()));
  const ids = made.map(({ id }) => id);
  const [late, corrected, exited, claimed, amended, paused, refused, scored] = ids as [
    string,
    string,
    string,
    ...string[],
  ];
  const started = await Promise.all(ids.map((id) => world.report(id, "radiotherapy.started", START)));
  await world.clock.set(NOW);
  const task = made[3]!.tasks.find(({ key }) => key === "rehabilitation.notReferred")!;
  const actor = who("coordinator");
  const commands: Keyed[] = [
    world.reportCommand(late, "response.assessed", assessment("improved"), { note: "By telephone" }),
    world.correctCommand(corrected, started[1]!.event.seq, { occurredAt: enrolled + 86_400_000 }),
    world.reportCommand(exited, "pathway.exited", { reason: "completed" }),
    {
      ...{ kind: "operateTask", actor, idempotency: world.enrolCommand().idempotency, enrolmentId: claimed! },
      ...{ taskId: task.id, operation: { name: "claim" } },
    },
    {
      ...{ kind: "amendPatient", actor, idempotency: world.enrolCommand().idempotency, enrolmentId: amended! },
      changes: { phone: "123" },
    },
    world.reportCommand(paused!, "pathway.paused", { reason: "Away" }),
    world.reportCommand(refused!, "radiotherapy.started", { course: "no such course" }),
    world.reportCommand(scored!, "pain.scored", { index: 1, redFlags: [] }),
    world.enrolCommand({ events: [{ type: "radiotherapy.started", occurredAt: enrolled, data: START }] }),
  ];
  return commands.map((command, index) => ({
    command,
    id: ids[index] ?? null,
    before: started[index]?.snapshot.seq ?? 0,
  }));
}

async function runKilled(commands: readonly Command[], point: CrashPoint, times: number): Promise<void> {
  const given = { url: world.database.url, key: VAULT_KEY.toString("base64"), document: FIRST_DOCUMENT };
  const argument = JSON.stringify({ ...given, now: world.clock.now(), commands, point, times });
  const child = spawn(process.execPath, [PROGRAM, argument], { stdio: "inherit" });
  const [, signal] = (await once(child, "exit")) as [number | null, string | null];
  expect(signal).toBe("SIGKILL");
  // The server has noticed: what was not committed is undone.
  await until(async () => (await transactionsOpen()) === 0, { what: "the end of the transactions of the dead" });
}

async function transactionsOpen(): Promise<number> {
  const [row] = await world.database.owner.query<{ count: number }[]>(
    `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
       AND xact_start IS NOT NULL AND pid <> pg_backend_pid()`,
  );
  return row!.count;
}

/** Whether all of it is there; throws where a part of it is. */
async function isThere({ command, id, before }: Member): Promise<boolean> {
  const { owner } = world.database;
  const keys = await owner.query<{ enrolment_id: string }[]>(
    `SELECT enrolment_id FROM idempotency_key WHERE key = $1`,
    [command.idempotency!.key],
  );
  const isRemembered = keys.length === 1;
  const made = id ?? keys[0]?.enrolment_id;
  const newest = made === undefined ? 0 : (await world.history(made)).at(-1)!.seq;
  expect(newest > before).toBe(isRemembered);
  if (made !== undefined) await world.expectConsistent(made);
  return isRemembered;
}

/** Every patient has an enrolment, and every row an enrolment or a patient. */
async function expectNoLooseEnds(): Promise<void> {
  const loose = await world.database.owner.query<{ what: string }[]>(
    `SELECT 'patient' AS what FROM patient p WHERE NOT EXISTS (SELECT FROM enrolment e WHERE e.patient_id = p.id)
     UNION ALL SELECT t FROM (
       SELECT 'record' AS t, enrolment_id FROM record UNION ALL SELECT 'task', enrolment_id FROM task
       UNION ALL SELECT 'timer', enrolment_id FROM timer) r
     WHERE NOT EXISTS (SELECT FROM enrolment e WHERE e.id = r.enrolment_id)
     UNION ALL SELECT 'identifier' FROM patient_identifier i WHERE NOT EXISTS (SELECT FROM patient p WHERE p.id = i.patient_id)`,
  );
  expect(loose).toEqual([]);
}

/** What one by one gives without any crash, told by kind. */
const OUTCOMES: readonly Answer["kind"][] = [
  ...(["reported", "corrected", "reported", "task", "patient", "reported", "refused"] as const),
  ...(["reported", "enrolled"] as const),
];

const BEFORE = ["engine.afterLock", "engine.whileDeciding", "engine.beforeWrite", "engine.beforeCommit"] as const;
const AFTER = ["engine.afterCommit", "engine.beforeTelling", "engine.afterTelling"] as const;

it.each([
  ...BEFORE.map((point) => ({ point, times: point === "engine.whileDeciding" ? 3 : 1, isDone: false })),
  ...BEFORE.map((point) => ({ point, times: point === "engine.whileDeciding" ? 8 : 2, isDone: null })),
  ...AFTER.map((point) => ({ point, times: 1, isDone: true })),
])(
  "a process killed at $point, passed $times times, leaves each of its group whole or absent, and a retry does it once",
  async ({ point, times, isDone }) => {
    const members = await group();
    const commands = members.map(({ command }) => command);
    await runKilled(commands, point, times);
    const there: boolean[] = [];
    for (const member of members) there.push(await isThere(member));
    await expectNoLooseEnds();
    // Those of one transaction share its fate. What is known of a person is changed beside the groups, alone.
    const grouped = there.filter((_, index) => commands[index]!.kind !== "amendPatient");
    if (isDone === false) expect(there).not.toContain(true);
    if (isDone === true) expect(grouped.filter(Boolean).length).toBeGreaterThanOrEqual(grouped.length / 2);
    const answers = await Promise.all(commands.map((command) => world.one(command)));
    expect(answers.map(({ kind }) => kind)).toEqual(OUTCOMES);
    const again = await Promise.all(commands.map((command) => world.one(command)));
    expect(again).toEqual(answers);
    for (const [index, member] of members.entries()) {
      expect(await isThere(member)).toBe(true);
      const id = member.id ?? done("enrolled", answers[index]!).snapshot.id;
      const byPeople = (await world.history(id)).filter(({ seq, by }) => seq > member.before && by !== null);
      expect(byPeople).toHaveLength(member.id === null ? 2 : 1);
    }
    await expectNoLooseEnds();
  },
);
