import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Body } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";

const MINUTE = 60_000;

describe("a sign-in ends by itself, and can be ended", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer({ at: "2026-06-15T08:00:00Z" });
  });
  afterAll(() => server.stop());
  const signIn = async (user: string): Promise<string> =>
    (await server.api.post("/api/session", { user }, { key: null })).body.token;
  const by = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const current = (token: string) => server.api.get("/api/session", by(token));
  const status = async (token: string) => (await current(token)).status;

  it("says who, where, in which roles, and until when", async () => {
    const token = await signIn("lead");
    expect(await current(token)).toMatchObject({
      status: 200,
      body: {
        id: expect.any(String),
        person: { id: "lead", name: "Demonstration lead", language: "en" },
        roles: ["lead"],
        sites: [
          {
            ...{ id: "main", name: expect.any(String), roles: ["lead"] },
            timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
          },
        ],
        startedAt: "2026-06-15T08:00:00.000Z",
        endsAt: "2026-06-15T08:30:00.000Z",
        endsAtLatest: "2026-06-15T20:00:00.000Z",
      },
    });
    expect(await server.api.get("/api/session")).toMatchObject({ status: 401 });
  });

  it("after 30 minutes without use", async () => {
    await server.clock.set("2026-06-15T09:00:00Z");
    const token = await signIn("lead");
    await server.clock.advance(30 * MINUTE - 1);
    expect(await status(token)).toBe(200);
    await server.clock.advance(30 * MINUTE - 1);
    expect((await current(token)).body).toMatchObject({ endsAt: "2026-06-15T10:29:59.998Z" });
    await server.clock.advance(30 * MINUTE);
    expect(await status(token)).toBe(401);
  });

  it("after 12 hours however much it is used", async () => {
    await server.clock.set("2026-06-16T08:00:00Z");
    const token = await signIn("lead");
    for (let minutes = 25; minutes < 12 * 60; minutes += 25) {
      await server.clock.set(Date.parse("2026-06-16T08:00:00Z") + minutes * MINUTE);
      expect(await status(token)).toBe(200);
    }
    await server.clock.set("2026-06-16T19:59:59.999Z");
    expect((await current(token)).body).toMatchObject({ endsAt: "2026-06-16T20:00:00.000Z" });
    await server.clock.set("2026-06-16T20:00:00Z");
    expect(await status(token)).toBe(401);
  });

  it("and notes its use once a minute, not at every request", async () => {
    await server.clock.set("2026-06-17T08:00:00Z");
    const token = await signIn("system");
    const noted = async () => {
      const [row] = await server.database.owner.query(
        `select xmin::text as version, used_at from session where person = 'system'`,
      );
      return row;
    };
    const first = await noted();
    await server.clock.advance(MINUTE - 1);
    for (let times = 0; times < 3; times++) expect(await status(token)).toBe(200);
    expect(await noted()).toEqual(first);
    await server.clock.advance(1);
    await Promise.all([status(token), status(token), status(token)]);
    const second = await noted();
    expect(second).not.toEqual(first);
    expect(await status(token)).toBe(200);
    expect(await noted()).toEqual(second);
  });

  it("goes on when one of the processes ends", async () => {
    const token = await signIn("lead");
    await server.restart();
    expect(await status(token)).toBe(200);
  });

  it("when its owner signs out", async () => {
    const [one, other] = [await signIn("clinician"), await signIn("clinician")];
    expect(await server.api.send("DELETE", "/api/session", undefined, by(one))).toMatchObject({ status: 204 });
    expect([await status(one), await status(other)]).toEqual([401, 200]);
  });

  it("is listed to its owner, and everybody's to an administrator, who may end it", async () => {
    await server.clock.set("2026-06-18T08:00:00Z");
    const [mine, alsoMine] = [await signIn("coordinator"), await signIn("coordinator")];
    await server.clock.advance(5 * MINUTE);
    const theirs = await signIn("clinician");
    const admin = await signIn("admin");
    const list = async (token: string): Promise<Body[]> =>
      (await server.api.get("/api/sessions", by(token))).body.items;
    const end = (id: string, token: string) => server.api.send("DELETE", `/api/sessions/${id}`, undefined, by(token));

    const own = await list(mine);
    expect(own.map(({ person, current: isIt }) => [person, isIt])).toEqual([
      ["coordinator", true],
      ["coordinator", false],
    ]);
    expect(Object.keys(own[0]!).sort()).toEqual(["current", "endsAt", "endsAtLatest", "id", "person", "startedAt"]);
    const all = await list(admin);
    expect(all.map(({ person }) => person).sort()).toEqual(["admin", "clinician", "coordinator", "coordinator"]);

    const clinicians = all.find(({ person }) => person === "clinician")!;
    expect(await end(clinicians.id, mine)).toMatchObject({ status: 404, body: { type: "/problems/not-found" } });
    expect(await status(theirs)).toBe(200);
    const other = own.find(({ current: isIt }) => !isIt)!;
    expect(await end(other.id, mine)).toMatchObject({ status: 204 });
    expect(await status(alsoMine)).toBe(401);
    expect(await end(clinicians.id, admin)).toMatchObject({ status: 204 });
    expect(await status(theirs)).toBe(401);
    expect(await end(clinicians.id, admin)).toMatchObject({ status: 404 });
  });

  it("leaves nothing behind once it has ended", async () => {
    await server.clock.set("2026-06-20T08:00:00Z");
    await signIn("lead");
    const [{ count }] = await server.database.owner.query(`select count(*)::int as count from session`);
    expect(count).toBe(1);
  });
});
