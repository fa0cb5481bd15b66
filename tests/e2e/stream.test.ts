import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { openDoctor } from "../../src/cli/open-doctor.js";
import { Sealing } from "../../src/platform/sealing.js";
import { until } from "../support/until.js";
import type { Body } from "./support/api.js";
import { EventStream, type FollowOptions } from "./support/event-stream.js";
import { PATIENT_KEY, type Server, startServer } from "./support/server.js";
import { enrol, report } from "./support/story.js";

const RED_FLAG = { type: "redFlag.reported", data: { signs: ["newWeakness"] } };

describe("the stream tells what changed, in whichever process", () => {
  let one: Server;
  let other: Server;
  const followed: EventStream[] = [];
  beforeAll(async () => {
    one = await startServer();
    other = await startServer({ beside: one });
  });
  afterAll(async () => {
    await other.stop();
    await one.stop();
  });
  afterEach(() => {
    for (const stream of followed.splice(0)) stream.close();
  });

  const follow = async (server: Server, options?: FollowOptions): Promise<EventStream> => {
    const stream = await EventStream.follow(server.api, options);
    followed.push(stream);
    return stream;
  };
  const ofEnrolment = (id: string) => (data: Body) => data.changed.some((change: Body) => change.enrolment === id);
  const changeOf = (id: string, data: Body) => data.changed.find((change: Body) => change.enrolment === id);
  const openStreams = async (server: Server): Promise<number> => {
    const { body } = await server.api.get("/metrics");
    return Number(/^pathkeeper_streams_open (\d+)$/m.exec(String(body))![1]);
  };

  it("a red flag is on every open screen within two seconds, by cookie and by token, with ids and nothing else", async () => {
    const { id } = await enrol(one.api);
    const cookie = `pathkeeper=${await one.api.token("clinician")}`;
    const screens = [await follow(one), await follow(other), await follow(other, { headers: { cookie } })];
    for (const { response } of screens) {
      expect(response.headers.get("content-type")).toBe("text/event-stream");
      expect(response.headers.get("cache-control")).toBe("no-store");
    }
    const reported = report(one.api, id, RED_FLAG);
    const told = await Promise.all(screens.map((screen) => screen.next("changed", ofEnrolment(id), 2_000)));
    const { enrolment, event } = (await reported).body;
    const urgent = enrolment.tasks.find(({ urgency }: Body) => urgency === "urgent").id;
    for (const { data } of told) {
      const change = changeOf(id, data);
      expect(change).toEqual({ enrolment: id, seq: enrolment.seq, tasks: expect.arrayContaining([urgent]) });
      expect(change.seq).toBeGreaterThanOrEqual(event.seq);
      expect(Object.keys(data)).toEqual(["changed"]);
    }
  });

  it("ids mean the same in every process: what was missed is told on resuming, in order and once", async () => {
    const before = await follow(one);
    const first = await enrol(other.api);
    const { id: seen } = await before.next("changed", ofEnrolment(first.id));
    before.close();
    const missed = [await enrol(one.api), await enrol(other.api)];
    // Both processes have heard both.
    for (const server of [one, other]) {
      const witness = await follow(server, { after: seen });
      for (const { id } of missed) await witness.next("changed", ofEnrolment(id));
    }
    for (const server of [one, other]) {
      const resumed = await follow(server, { after: seen });
      await resumed.next("changed", ofEnrolment(missed[1]!.id));
      const told = resumed.events.flatMap(({ data }) => data.changed.map((change: Body) => change.enrolment));
      expect(told).toEqual(missed.map(({ id }) => id));
      expect(resumed.ofKind("resync")).toEqual([]);
    }
  });

  it("whoever resumes from a place that nobody knows is told to read anew, and goes on from there", async () => {
    for (const after of ["7f1b3a52-0f5c-4c7e-9d53-1f2f1d1c9a11-4", "-", "nonsense"]) {
      const stream = await follow(other, { after });
      const { id } = await stream.next("resync");
      const resumed = await follow(one, { after: id });
      const { id: enrolment } = await enrol(one.api);
      await resumed.next("changed", ofEnrolment(enrolment));
      expect(resumed.ofKind("resync")).toEqual([]);
    }
  });

  it("nobody follows without a sign-in, or without a role that reads; a HEAD opens nothing", async () => {
    const open = await openStreams(one);
    const signedOut = await one.api.get("/api/stream");
    expect([signedOut.status, signedOut.body.type]).toEqual([401, "/problems/signed-out"]);
    const admin = await one.api.get("/api/stream", { as: "admin" });
    expect([admin.status, admin.body.type]).toEqual([403, "/problems/forbidden"]);
    const head = await one.api.send("HEAD", "/api/stream", undefined, { as: "lead", key: null });
    expect([head.status, head.type]).toEqual([200, "text/event-stream"]);
    expect(await openStreams(one)).toBe(open);
  });

  it("counts the open streams, and measures none of them as a slow answer", async () => {
    await until(async () => (await openStreams(one)) === 0, { what: "the end of earlier streams" });
    const stream = await follow(one);
    expect(await openStreams(one)).toBe(1);
    stream.close();
    await until(async () => (await openStreams(one)) === 0, { what: "the end to be noticed" });
    const { body } = await one.api.get("/metrics");
    expect(body).not.toMatch(/request_duration_seconds_count\{[^}]*route="\/api\/stream",status="200"/);
  });

  it("tells what the doctor repairs, who is a process of its own", async () => {
    const { id } = await enrol(one.api);
    const stream = await follow(other);
    await one.database.owner.query("delete from timer where enrolment_id = $1", [id]);
    const { app: dataSource, url: databaseUrl } = one.database;
    const sealing = new Sealing(PATIENT_KEY);
    const options = { repair: true, horizonMs: null };
    const doctor = await openDoctor({ dataSource, sealing, databaseUrl, redisUrl: null }, options);
    await doctor.run();
    await doctor.close();
    await stream.next("changed", ofEnrolment(id));
    expect(stream.ofKind("resync")).toEqual([]);
  });

  it("ends with the sign-in", async () => {
    const stream = await follow(one);
    // To follow is no use of it: a screen that nobody touches is signed out.
    await one.clock.advance(30 * 60_000);
    await until(() => stream.isOver, { what: "the end of the stream" });
    expect((await follow(one)).response.status).toBe(200);
  });

  it("ends when somebody signs out in another process", async () => {
    const stream = await follow(one, { as: "auditor" });
    const headers = { authorization: `Bearer ${await one.api.token("auditor")}` };
    expect((await other.api.send("DELETE", "/api/session", undefined, { headers, key: null })).status).toBe(204);
    await until(() => stream.isOver, { what: "the end of the stream" });
  });

  it("ends with the process, which waits for nobody; the other one's go on", async () => {
    const ending = await startServer({ beside: one });
    const stream = await follow(ending);
    const elsewhere = await follow(one);
    await ending.stop();
    await until(() => stream.isOver, { what: "the end of the stream" });
    const { id } = await enrol(one.api);
    await elsewhere.next("changed", ofEnrolment(id));
    expect(elsewhere.ofKind("resync")).toEqual([]);
  });

  it("says so when the connection to PostgreSQL was lost, and goes on", async () => {
    const streams = [await follow(one), await follow(other)];
    await one.database.owner.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pathkeeper broadcast' and datname = current_database()",
    );
    for (const stream of streams) await stream.next("resync");
    const { id } = await enrol(one.api);
    for (const stream of streams) await stream.next("changed", ofEnrolment(id));
  });
});
