import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runningPostmaster } from "../../src/platform/embedded/postmaster.js";
import { startOf, waitForEnd } from "../../src/platform/processes.js";
import { openDirectory, pathkeeper, startServer } from "../support/command.js";
import { Api, type Body, type Reply } from "./support/api.js";
import { enrol, report } from "./support/story.js";

const PATIENTS = 3;
const REPORTS_EACH = 12;
/** So many were answered when the process is killed, and the others are on their way. */
const ANSWERED_FIRST = 8;
const DAY = 86_400_000;
const MINUTE = 60_000;

interface Sent {
  id: string;
  key: string;
  /** Another one in each report of an enrolment: by it a record is known again. */
  occurredAt: string;
  reply?: Reply;
}

describe("the program as built, killed in the midst of reports", () => {
  const dataDir = openDirectory();
  const env = { DATA_DIR: dataDir };
  let server: Awaited<ReturnType<typeof startServer>>;
  let api: Api;
  const sent: Sent[] = [];
  const start = async (): Promise<void> => {
    server = await startServer({ env });
    api = new Api(server.url);
  };
  beforeAll(start);
  afterAll(async () => {
    if (startOf(server.pid) !== null) process.kill(server.pid, "SIGINT");
    await server.ended;
    rmSync(dataDir, { recursive: true });
  });

  const postmaster = (): number => runningPostmaster(join(dataDir, "postgres"))!.pid;
  const send = async ({ id, key, occurredAt }: Sent): Promise<Reply> =>
    report(api, id, { type: "contact.made", occurredAt, data: { channel: "phone" } }, "clinician", key);

  /** Reports on new patients, all at once. */
  const prepare = async (): Promise<Sent[]> => {
    const enrolledAt = Date.now() - DAY;
    const ids: string[] = [];
    for (let n = 0; n < PATIENTS; n++)
      ids.push((await enrol(api, { occurredAt: new Date(enrolledAt).toISOString() }, "clinician")).id);
    return Array.from({ length: PATIENTS * REPORTS_EACH }, (_, n) => ({
      id: ids[n % PATIENTS]!,
      key: randomUUID(),
      occurredAt: new Date(enrolledAt + (n + 1) * MINUTE).toISOString(),
    }));
  };

  const sendAndKill = async (reports: readonly Sent[], pids: readonly number[]): Promise<void> => {
    let answered = 0;
    const outcomes = reports.map(async (one) => {
      one.reply = await send(one);
      if (++answered === ANSWERED_FIRST) for (const pid of pids) process.kill(pid, "SIGKILL");
    });
    await Promise.allSettled(outcomes);
    for (const pid of pids) expect(await waitForEnd(pid, 10_000)).toBe(true);
  };

  const expectEachOnce = async (): Promise<void> => {
    for (const id of new Set(sent.map((one) => one.id))) {
      const { items, nextCursor } = (await api.get(`/api/enrolments/${id}/history?limit=500`, { as: "auditor" })).body;
      expect(nextCursor ?? null).toBeNull();
      expect(items.map(({ seq }: Body) => seq)).toEqual(items.map((_: Body, index: number) => index + 1));
      const placed = ({ seq, occurredAt }: Body): [number, string] => [seq, occurredAt];
      const recorded = items.filter(({ type }: Body) => type === "contact.made").map(placed);
      const answered = sent.filter((one) => one.id === id).map(({ reply }) => placed(reply!.body.event));
      expect(recorded).toEqual(answered.toSorted(([a], [b]) => a - b));
    }
  };

  it.each([
    ["Node alone", () => [server.pid]],
    ["Node and its PostgreSQL", () => [server.pid, postmaster()]],
  ] as const)("loses nothing that was answered and doubles nothing that is sent again: %s", async (_, pidsOf) => {
    const reports = await prepare();
    sent.push(...reports);
    await sendAndKill(reports, pidsOf());
    const answered = reports.filter(({ reply }) => reply);
    const unanswered = reports.filter(({ reply }) => !reply);
    expect(answered.length).toBeGreaterThanOrEqual(ANSWERED_FIRST);
    expect(unanswered.length).toBeGreaterThan(0);

    await start();
    await Promise.all(unanswered.map(async (one) => (one.reply = await send(one))));
    for (const { reply, occurredAt } of reports)
      expect(reply).toMatchObject({ status: 201, body: { outcome: "accepted", event: { occurredAt } } });
    const again = await Promise.all(answered.map(send));
    expect(again.map(({ body }) => body.event)).toEqual(answered.map(({ reply }) => reply!.body.event));
    await expectEachOnce();
    const verified = await api.post("/api/audit/verifications", {}, { as: "auditor" });
    expect(verified.body).toEqual({ checked: new Set(sent.map(({ id }) => id)).size, broken: [] });
  });

  it("leaves states and timers' rows as the histories say", async () => {
    const doctor = pathkeeper(["doctor", "--json"], { env });
    expect([0, 1]).toContain(await doctor.ended);
    const { enrolments, timers, found } = JSON.parse(doctor.said.out) as Body;
    expect(enrolments).toBe(2 * PATIENTS);
    expect(timers).toBeGreaterThan(0);
    // A job may have died with its bell: the sweeper fires such a timer from its row.
    expect(found.filter(({ kind }: Body) => !kind.startsWith("job "))).toEqual([]);
  });
});
