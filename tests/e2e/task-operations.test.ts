import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Body, Reply, User } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, IMPROVED, patient, RADIOTHERAPY, report } from "./support/story.js";

const HOUR = 3_600_000;

describe("people share the work: who does what, and what comes later", () => {
  let server: Server;
  let id: string;
  let taskId: string;
  beforeAll(async () => {
    server = await startServer({ at: "2026-06-15T10:00:00Z" });
    id = (await enrol(server.api, { occurredAt: "2026-02-01T09:00:00Z", patient: patient({ familyName: "Onesuch" }) }))
      .id;
    const start = { type: "radiotherapy.started", occurredAt: "2026-02-03T09:00:00Z", data: RADIOTHERAPY };
    const { enrolment } = (await report(server.api, id, start)).body;
    taskId = enrolment.tasks.find(({ key }: Body) => key === "treatment.responseReview").id;
  });
  afterAll(() => server.stop());

  const operate = (name: string, body: object | undefined, as: User, task = taskId, key?: string): Promise<Reply> =>
    server.api.post(`/api/tasks/${task}/${name}`, body, { as, ...(key && { key }) });
  const tasks = async (query = "", as: User = "clinician"): Promise<Body> =>
    (await server.api.get(`/api/tasks${query}`, { as })).body;
  const idsOf = ({ items }: Body): string[] => items.map((task: Body) => task.id);
  const history = async (): Promise<Body[]> =>
    (await server.api.get(`/api/enrolments/${id}/history?limit=500`, { as: "auditor" })).body.items;

  it("assigns to somebody who holds the role, and to nobody else", async () => {
    const given = await operate("assign", { assignee: "clinician2" }, "clinician");
    expect(given).toMatchObject({ status: 200, body: { id: taskId, assignee: "clinician2", site: "main" } });
    expect(idsOf(await tasks("?assignee=me", "clinician2"))).toContain(taskId);
    const refused = await operate("assign", { assignee: "coordinator" }, "lead");
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: "/assignee" }] } });
    expect(await operate("assign", { assignee: "Ada Example" }, "lead")).toMatchObject({ status: 422 });
    expect(JSON.stringify(server.log)).not.toContain("Ada Example");
    const second = await operate("assign", { assignee: "clinician" }, "clinician");
    expect(second).toMatchObject({ status: 409, body: { type: "/problems/task-claimed", assignee: "clinician2" } });
    expect(await operate("assign", {}, "lead")).toMatchObject({ status: 422 });
    expect(await operate("release", undefined, "clinician2")).toMatchObject({ status: 200 });
  });

  it("snoozes: out of the lists and the counts, in the list of what is snoozed, and back by itself", async () => {
    const counts = (await tasks()).counts;
    const { dueAt } = (await tasks()).items.find((task: Body) => task.id === taskId);
    const until = new Date(Date.parse("2026-06-15T10:00:00Z") + HOUR).toISOString();
    expect(await operate("snooze", { until: "2026-06-15T09:59:59Z" }, "clinician")).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/until", detail: expect.stringContaining("future") }] },
    });
    const unreasoned = await operate("snooze", { until: "2027-01-01" }, "clinician");
    expect(unreasoned).toMatchObject({ status: 422, body: { errors: [{ pointer: "/reason" }] } });
    expect(unreasoned.body.detail).toContain(dueAt);
    expect(await operate("snooze", { until: "tomorrow" }, "clinician")).toMatchObject({ status: 422 });
    expect((await tasks()).counts).toEqual(counts);
    expect((await history()).map(({ type }) => type)).not.toContain("task.snoozed");

    const body = { until, reason: "She is at the seaside" };
    const first = await operate("snooze", body, "clinician", taskId, "snooze-once");
    expect(first).toMatchObject({ status: 200, body: { id: taskId, snoozedUntil: until } });
    expect(await operate("snooze", body, "clinician", taskId, "snooze-once")).toMatchObject({ body: first.body });
    expect(idsOf(await tasks())).not.toContain(taskId);
    expect((await tasks()).counts).not.toEqual(counts);
    expect(idsOf(await tasks("?status=snoozed"))).toEqual([taskId]);
    const shown = (await server.api.get(`/api/enrolments/${id}`, { as: "clinician" })).body.tasks;
    expect(shown.find((task: Body) => task.id === taskId)).toEqual((await tasks("?status=snoozed")).items[0]);
    expect((await history()).at(-1)).toMatchObject({
      ...{ kind: "task", type: "task.snoozed", by: "clinician", role: "clinician", reason: body.reason },
      detail: { taskId, snoozedUntil: until },
    });
    await server.clock.set(until);
    expect(idsOf(await tasks())).toContain(taskId);
    expect(idsOf(await tasks("?status=snoozed"))).toEqual([]);
  });

  it("never snoozes what is urgent", async () => {
    await report(server.api, id, { type: "redFlag.reported", data: { signs: ["newWeakness"] } });
    const [urgent] = (await tasks("?urgency=urgent")).items;
    expect(await operate("snooze", { until: "2026-06-15T12:00:00Z" }, "clinician", urgent.id)).toMatchObject({
      status: 409,
      body: { type: "/problems/task-urgent" },
    });
    expect(idsOf(await tasks("?urgency=urgent"))).toEqual([urgent.id]);
  });

  describe("next for me", () => {
    const next = async (as: User): Promise<Body> => {
      const { status, body } = await server.api.get("/api/tasks/next", { as });
      expect(status).toBe(200);
      return body.task;
    };

    it("is the most urgent that is mine, or nobody's and for a role of mine", async () => {
      const [urgent, after] = (await tasks("?role=clinician")).items;
      expect(await next("clinician")).toEqual(urgent);
      await operate("claim", undefined, "clinician2", urgent.id);
      expect((await next("clinician")).id).toBe(after.id);
      expect((await next("clinician2")).id).toBe(urgent.id);
      expect((await next("coordinator")).role).toBe("coordinator");
      await operate("release", undefined, "clinician2", urgent.id);
    });

    it("leaves out what is snoozed or held, and says so where nothing is left", async () => {
      const { body } = await server.api.get("/api/tasks/next", { as: "lead" });
      expect(body).toEqual({ task: null, detail: expect.stringContaining("Nothing open is yours") });
      const first = (await tasks("?role=coordinator", "coordinator")).items[0];
      expect((await next("coordinator")).id).toBe(first.id);
      await report(server.api, first.enrolmentId, { type: "pathway.paused", data: { reason: "away" } });
      expect((await next("coordinator")).key).toBe("pathway.paused");
      await report(server.api, first.enrolmentId, { type: "pathway.resumed", data: {} });
      expect((await next("coordinator")).id).toBe(first.id);
    });
  });

  it("finds tasks by the patient, with the filters and counts of the list", async () => {
    const other = (await enrol(server.api, { patient: patient({ familyName: "Othersuch" }) })).id;
    const search = async (body: object) => (await server.api.post("/api/tasks/search", body, { as: "lead" })).body;
    const found = await search({ q: "othersuch ada" });
    expect(found.items.length).toBeGreaterThan(0);
    expect(found.items.every((task: Body) => task.enrolmentId === other)).toBe(true);
    expect(found.counts.overdue).toBe(0);
    expect((await search({ q: "Onesuch", urgency: "urgent" })).counts).toMatchObject({ urgent: 1 });
    expect(idsOf(await search({ q: "Nobodyatall" }))).toEqual([]);
    const { nextCursor, items } = await search({ q: "Othersuch", limit: 1 });
    const rest = await search({ q: "Othersuch", limit: 500, cursor: nextCursor });
    expect([...items, ...rest.items]).toEqual(found.items);
    expect(await search({})).toEqual(await tasks("", "lead"));
    expect(server.log.join("")).not.toMatch(/suchh?\b.*ada|Nobodyatall/i);
  });

  it("leaves as a file, in the same order, with formulas defused", async () => {
    const cunning = patient({ familyName: '=HYPERLINK("http://evil","x")', givenName: "Ann, the second" });
    const { tasks: open } = await enrol(server.api, { patient: cunning });
    const file = await server.api.get("/api/tasks.csv", { as: "coordinator" });
    expect(file).toMatchObject({ status: 200, type: "text/csv" });
    expect(file.headers.get("content-disposition")).toBe('attachment; filename="tasks.csv"');
    expect(file.headers.get("cache-control")).toBe("no-store");
    const [head, ...lines] = String(file.body).trimEnd().split("\r\n");
    expect(head).toMatch(/id,enrolment,site,/);
    expect(lines.map((line) => line.split(",")[0])).toEqual(idsOf(await tasks("?limit=500", "coordinator")));
    const line = lines.find((one) => one.startsWith(open[0].id))!;
    expect(line).toContain(`,"'=HYPERLINK(""http://evil"",""x"")","Ann, the second",`);
    const none = await server.api.get("/api/tasks.csv?site=elsewhere", { as: "coordinator" });
    expect(String(none.body).trimEnd().split("\r\n")).toHaveLength(1);
    expect((await server.api.get("/api/tasks.csv?limit=1", { as: "coordinator" })).status).toBe(400);
    expect((await server.api.get("/api/tasks.csv", { as: "admin" })).status).toBe(403);
  });

  it("leaves whole, however many pages it takes", async () => {
    const COLUMNS = `key, opened_at, nth, title, role, urgency, due_at, reminders, escalations, status, held, site_id, pathway_id`;
    await server.database.owner.query(
      `INSERT INTO task (enrolment_id, id, ${COLUMNS})
       SELECT enrolment_id, gen_random_uuid(), ${COLUMNS} FROM task, generate_series(1, 1200) WHERE id = $1`,
      [taskId],
    );
    const { body } = await server.api.get("/api/tasks.csv?role=clinician&sort=dueAt", { as: "clinician" });
    const ids = String(body)
      .trimEnd()
      .split("\r\n")
      .slice(1)
      .map((line) => line.split(",")[0]);
    const [{ count }] = await server.database.owner.query(
      `SELECT count(*)::int FROM task WHERE status = 'open' AND role = 'clinician'`,
    );
    expect(count).toBeGreaterThan(1200);
    expect([ids.length, new Set(ids).size]).toEqual([count, count]);
    await server.database.owner.query(`DELETE FROM task WHERE key = 'treatment.responseReview' AND id <> $1`, [taskId]);
  });

  describe("a colleague who is away", () => {
    const pass = (body: object, key: string, as: User = "lead") =>
      server.api.post("/api/tasks/reassign", { reason: "Two weeks off", ...body }, { as, key });
    const ofCoordinator = async () => idsOf(await tasks("?assignee=coordinator&limit=500", "lead"));
    let theirs: string[];
    beforeAll(async () => {
      for (let n = 0; n < 3; n += 1) await enrol(server.api);
      const open = await tasks("?role=coordinator&limit=500", "coordinator");
      theirs = idsOf(open).sort();
      for (const task of theirs) await operate("claim", undefined, "coordinator", task);
      await operate("assign", { assignee: "clinician" }, "clinician", taskId);
    });

    it("needs a key, a reason, and somebody who may do it", async () => {
      expect(await server.api.post("/api/tasks/reassign", {}, { as: "lead", key: null })).toMatchObject({
        status: 400,
      });
      expect(await pass({ from: "coordinator", to: "lead", reason: "" }, "k0")).toMatchObject({ status: 422 });
      const stranger = await pass({ from: "coordinator", to: "clinician" }, "k1");
      expect(stranger.body.counts).toEqual({ assigned: 0, refused: theirs.length });
      expect(stranger.body.items[0]).toEqual({
        ...{ id: theirs[0], outcome: "refused" },
        problem: { type: "/problems/invalid-data", detail: expect.stringContaining("coordinator") },
      });
      const notTheirs = await pass({ from: "coordinator", to: "lead" }, "k2", "clinician");
      expect(notTheirs.body.counts).toEqual({ assigned: 0, refused: theirs.length });
      expect((await ofCoordinator()).sort()).toEqual(theirs);
    });

    it("hands over page after page, tells of each task, and the same on a resend", async () => {
      const body = { from: "coordinator", to: "lead", limit: 2 };
      const first = await pass(body, "page-1");
      expect(first).toMatchObject({ status: 200, body: { counts: { assigned: 2, refused: 0 } } });
      expect(idsOf(first.body)).toEqual(theirs.slice(0, 2));
      const again = await operate("assign", { assignee: "coordinator" }, "lead", theirs[0]);
      expect(again.body.assignee).toBe("coordinator");
      expect((await pass(body, "page-1")).body).toEqual(first.body);
      expect(await ofCoordinator()).toContain(theirs[0]);
      expect(await pass({ ...body, limit: 3 }, "page-1")).toMatchObject({
        status: 422,
        body: { type: "/problems/key-reused" },
      });
      const rest = await pass({ ...body, limit: 500, cursor: first.body.nextCursor }, "page-2");
      expect(rest.body).toMatchObject({ nextCursor: null, counts: { assigned: theirs.length - 2, refused: 0 } });
      expect(await ofCoordinator()).toEqual([theirs[0]]);
      expect((await tasks("?assignee=clinician", "lead")).items.map((task: Body) => task.id)).toContain(taskId);
    });

    it("is finished by the same request where it was broken off", async () => {
      const [one, other] = theirs as [string, string];
      await operate("assign", { assignee: "coordinator" }, "lead", other);
      // As a process leaves it that put down what it was going to do, and did half of it.
      await server.database.owner.query(
        `INSERT INTO reassignment (person, key, tasks, next_cursor, made_at) VALUES ('lead', 'broken', $1, NULL, now())`,
        [[one, other]],
      );
      await operate("assign", { assignee: "lead" }, "lead", one);
      const { body } = await pass({ from: "coordinator", to: "lead" }, "broken");
      expect(body.counts).toEqual({ assigned: 2, refused: 0 });
      expect(await ofCoordinator()).toEqual([]);
    });

    it("stands in each history with its reason", async () => {
      const [task] = (await tasks("?assignee=lead&limit=500", "lead")).items;
      const { body } = await server.api.get(`/api/enrolments/${task.enrolmentId}/history?limit=500`, { as: "auditor" });
      expect(body.items.filter(({ type }: Body) => type === "task.assigned").at(-1)).toMatchObject({
        ...{ by: "lead", detail: { assignee: "lead" } },
      });
      expect(body.items.some(({ reason }: Body) => reason === "Two weeks off")).toBe(true);
    });
  });

  it("reads what it wrote, at once", async () => {
    for (const name of ["assign", "release"] as const) {
      await operate(name, name === "assign" ? { assignee: "clinician2" } : undefined, "lead");
      expect(idsOf(await tasks("?assignee=clinician2", "lead")).includes(taskId)).toBe(name === "assign");
    }
    await report(server.api, id, { type: "response.assessed", data: IMPROVED }, "clinician");
    expect(await operate("snooze", { until: "2026-07-01", reason: "-" }, "clinician")).toMatchObject({ status: 409 });
  });
});
