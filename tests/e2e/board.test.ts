import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { until } from "../support/until.js";
import type { User } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol } from "./support/story.js";

const BOARD = "/operations/queues";

describe("the board of the queues", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  /** As a browser asks: with the cookie, and nothing else. */
  const browse = async (path: string, user: User = "admin", method = "GET") =>
    server.api.send(method, BOARD + path, undefined, {
      key: null,
      headers: { cookie: `pathkeeper=${await server.api.token(user)}` },
    });

  it("is for those who administer, and for nobody else", async () => {
    expect((await server.api.get(BOARD)).status).toBe(401);
    expect((await server.api.get(`${BOARD}/api/queues`)).status).toBe(401);
    for (const user of ["coordinator", "lead", "auditor", "system"] as const)
      for (const path of ["", "/", "/api/queues", "/static/js/x.js"])
        expect([user, path, (await browse(path, user)).status]).toEqual([user, path, 403]);
  });

  it("is a page with all that it loads, from here alone", async () => {
    for (const path of ["", "/", "/queue/timers"]) {
      const page = await browse(path);
      expect([page.status, page.type]).toEqual([200, "text/html"]);
      expect(page.body).toContain(`<base href="${BOARD}/" />`);
      expect(page.body).not.toContain("<%");
      expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'self';/);
      expect(page.headers.get("cache-control")).toBe("no-store");
      const assets = [...String(page.body).matchAll(/(?:src|href)="(static\/[^"]+)"/g)].map(([, asset]) => asset!);
      expect(assets.length).toBeGreaterThan(4);
      for (const asset of assets) expect([asset, (await browse(`/${asset}`)).status]).toEqual([asset, 200]);
    }
    for (const path of [
      "/static/..%2f..%2fpackage.json",
      "/static/..%2findex.ejs",
      "/static/none.js",
      "/none",
      "/queue/",
    ])
      expect([path, (await browse(path)).status]).toEqual([path, 404]);
  });

  it("shows the jobs of the timers, which carry ids and nothing else", async () => {
    const { id, timers } = await enrol(server.api);
    const jobs = async () => (await browse("/api/queues?activeQueue=timers&status=delayed")).body.queues[0];
    const queue = await until(async () => {
      const found = await jobs();
      return found.counts.delayed === timers.length && found;
    });
    expect(queue).toMatchObject({ name: "timers", readOnlyMode: true, allowRetries: false });
    for (const { data } of queue.jobs) {
      expect(data).toEqual({ enrolmentId: id, timerId: expect.any(String), generation: expect.any(Number) });
    }
    const [job] = queue.jobs;
    expect((await browse(`/api/queues/timers/${job.id}`)).body.job).toMatchObject({ id: job.id, name: job.name });
    expect((await browse("/api/redis/stats")).status).toBe(200);
  });

  it("changes nothing", async () => {
    const { jobs } = (await browse("/api/queues?activeQueue=timers&status=delayed")).body.queues[0];
    for (const [method, path] of [
      ["PUT", "/api/queues/timers/pause"],
      ["PUT", "/api/queues/timers/empty"],
      ["PUT", `/api/queues/timers/${jobs[0].id}/promote`],
      ["PUT", `/api/queues/timers/${jobs[0].id}/clean`],
    ] as const)
      expect([path, (await browse(path, "admin", method)).status]).toEqual([path, 404]);
  });
});
