import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Body } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, RADIOTHERAPY, report } from "./support/story.js";

describe("sites and their calendars", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer({ at: "2026-01-05T10:00:00Z" });
  });
  afterAll(() => server.stop());
  const add = (body: Record<string, unknown>) => server.api.post("/api/sites", body, { as: "admin" });
  const put = (id: string, body: Record<string, unknown>) =>
    server.api.send("PUT", `/api/sites/${id}/calendar`, body, { as: "admin" });
  const reviewOf = (enrolment: Body) => enrolment.timers.find((timer: Body) => timer.name === "responseReview").dueAt;

  it("has one from the start, in the machine's time zone", async () => {
    const { body } = await server.api.get("/api/sites", { as: "coordinator" });
    expect(body.items).toEqual([
      {
        id: "main",
        name: expect.any(String),
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        workingDays: [1, 2, 3, 4, 5],
        holidays: [],
        calendarVersion: 1,
        onCall: {},
      },
    ]);
  });

  it("adds one, and says so when the id is taken", async () => {
    const site = { id: "oslo", name: "Oslo", timeZone: "Europe/Oslo", onCall: { clinician: ["clinician2"] } };
    const added = await add(site);
    expect(added).toMatchObject({ status: 201, body: { ...site, workingDays: [1, 2, 3, 4, 5], holidays: [] } });
    expect((await add(site)).body).toEqual(added.body);
    expect(await add({ ...site, name: "Bergen" })).toMatchObject({
      status: 409,
      body: { type: "/problems/site-exists" },
    });
  });

  it("refuses time zones, days and ids that do not exist", async () => {
    const pointers = async (changes: Record<string, unknown>) => {
      const reply = await add({ id: "x", name: "X", timeZone: "Europe/Oslo", ...changes });
      expect(reply.status).toBe(422);
      return reply.body.errors.map((error: Body) => error.pointer);
    };
    expect(await pointers({ timeZone: "Mars/Olympus" })).toEqual(["/timeZone"]);
    expect(await pointers({ timeZone: "+02:00" })).toEqual(["/timeZone"]);
    for (const timeZone of ["EST", "US/Eastern", "Etc/GMT+5"]) {
      expect(await pointers({ timeZone })).toEqual(["/timeZone"]);
      expect(await put("oslo", { timeZone })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: "/timeZone" }] },
      });
    }
    const spelt = { id: "harbour", name: "Harbour", timeZone: "europe/oslo" };
    expect(await add(spelt)).toMatchObject({ status: 201, body: { timeZone: "Europe/Oslo" } });
    expect(await pointers({ holidays: ["2026-02-30"] })).toEqual(["/holidays/0"]);
    expect(await pointers({ holidays: ["Christmas"] })).toEqual(["/holidays/0"]);
    expect(await pointers({ workingDays: [0] })).toEqual(["/workingDays/0"]);
    expect(await pointers({ workingDays: [] })).toEqual(["/workingDays"]);
    expect(await pointers({ id: "No Spaces" })).toEqual(["/id"]);
    expect(await pointers({ onCall: { surgeon: ["x"] } })).toEqual(["/onCall/surgeon"]);
    expect(await put("nowhere", { timeZone: "Europe/Oslo" })).toMatchObject({ status: 404 });
  });

  it("re-times nobody when the calendar gets a new version", async () => {
    const { id } = await enrol(server.api, { site: "oslo" });
    const started = { type: "radiotherapy.started", occurredAt: "2026-01-05T10:00:00Z", data: RADIOTHERAPY };
    const before = (await report(server.api, id, started)).body.enrolment;
    expect(reviewOf(before)).toBe("2026-05-05T07:00:00.000Z");
    const changed = await put("oslo", {
      timeZone: "Europe/Oslo",
      holidays: ["2026-05-05"],
      workingDays: [5, 1, 2, 3, 4],
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { calendarVersion: 2, holidays: ["2026-05-05"], workingDays: [1, 2, 3, 4, 5] },
    });
    expect(reviewOf((await server.api.get(`/api/enrolments/${id}`, { as: "lead" })).body)).toBe(reviewOf(before));
    const next = await enrol(server.api, { site: "oslo", events: [started] });
    expect(reviewOf(next)).toBe("2026-05-06T07:00:00.000Z");
  });

  it("enrols at no site that does not exist", async () => {
    const reply = await server.api.post(
      "/api/enrolments",
      { pathway: "p", site: "atlantis", patient: {} },
      { as: "lead" },
    );
    expect(reply.status).toBe(422);
  });
});
