import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Body, User } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, IMPROVED, PATHWAY, RADIOTHERAPY, report } from "./support/story.js";

describe("the worklist says what is to be done, and people take tasks on", () => {
  let server: Server;
  let late: string;
  let urgent: string;
  beforeAll(async () => {
    server = await startServer({ at: "2026-06-15T10:00:00Z" });
    late = (await enrol(server.api, { occurredAt: "2026-01-05T09:00:00Z" })).id;
    await report(server.api, late, {
      type: "radiotherapy.started",
      occurredAt: "2026-01-12T09:00:00Z",
      data: RADIOTHERAPY,
    });
    urgent = (await enrol(server.api)).id;
    await report(server.api, urgent, { type: "redFlag.reported", data: { signs: ["newWeakness"] } });
    await report(server.api, urgent, { type: "pain.scored", data: { index: 5, redFlags: [] } });
    await server.clock.advance(1000);
  });
  afterAll(() => server.stop());
  const tasks = async (query = "", as: User = "clinician") => {
    const { status, body } = await server.api.get(`/api/tasks${query}`, { as });
    expect(status).toBe(200);
    return body;
  };
  const keys = (body: Body) => body.items.map((task: Body) => task.key);
  const find = async (key: string) => (await tasks("?limit=500")).items.find((task: Body) => task.key === key);

  it("gives the urgent ones first, then by due time", async () => {
    const body = await tasks();
    expect(keys(body)[0]).toBe("safety.urgent");
    const dues = body.items.slice(1).map((task: Body) => task.dueAt);
    expect(dues).toEqual([...dues].sort());
    expect(body.items[0]).toMatchObject({
      enrolmentId: urgent,
      patient: { familyName: "Example" },
      pathway: { id: PATHWAY, version: "1.1.0" },
      title: expect.any(String),
      role: "clinician",
      urgency: "urgent",
      overdue: true,
      resolves: expect.arrayContaining(["redFlag.reviewed"]),
    });
  });

  it("is the same task as in the enrolment", async () => {
    const { items } = await tasks("?limit=500", "coordinator");
    const enrolment = (await server.api.get(`/api/enrolments/${late}`, { as: "coordinator" })).body;
    const byId = (one: Body, other: Body) => (one.id < other.id ? -1 : 1);
    expect(enrolment.tasks.toSorted(byId)).toEqual(
      items.filter((task: Body) => task.enrolmentId === late).toSorted(byId),
    );
  });

  it("filters and counts", async () => {
    const all = await tasks();
    expect(keys(await tasks("?urgency=urgent"))).toEqual(["safety.urgent"]);
    expect((await tasks("?role=coordinator")).items.every((task: Body) => task.role === "coordinator")).toBe(true);
    expect(keys(await tasks("?role=lead"))).toEqual([]);
    expect(keys(await tasks("?site=elsewhere"))).toEqual([]);
    expect(keys(await tasks("?pathway=other"))).toEqual([]);
    const overdue = await tasks("?due=overdue");
    expect(keys(overdue)).toEqual(expect.arrayContaining(["safety.urgent", "treatment.responseReview"]));
    expect(overdue.items.every((task: Body) => task.overdue)).toBe(true);
    expect(overdue.counts).toEqual(all.counts);
    expect(all.counts).toMatchObject({ overdue: overdue.items.length, urgent: 1 });
    expect(all.counts.today).toBe((await tasks("?due=today")).items.length);
    expect(all.counts.week).toBe((await tasks("?due=week")).items.length);
    expect(keys(await tasks("?due=week"))).toContain("pain.review.soon");
    expect(keys(await tasks("?due=today"))).toEqual(["safety.urgent"]);
    expect((await tasks("?role=coordinator")).counts.urgent).toBe(0);
  });

  it("pages in every order", async () => {
    for (const sort of ["urgency", "dueAt", "openedAt"]) {
      const all = (await tasks(`?sort=${sort}`)).items;
      const pages: Body[] = [];
      for (let cursor = ""; ;) {
        const page = await tasks(`?sort=${sort}&limit=2${cursor}`);
        pages.push(...page.items);
        if (!page.nextCursor) break;
        cursor = `&cursor=${page.nextCursor}`;
      }
      expect(pages).toEqual(all);
    }
  });

  it("lets one person claim a task, and tells the next who has it", async () => {
    const { id } = await find("safety.urgent");
    expect((await tasks("?assignee=me")).items).toEqual([]);
    const claim = await server.api.post(`/api/tasks/${id}/claim`, undefined, { as: "clinician" });
    expect(claim).toMatchObject({ status: 200, body: { id, assignee: "clinician" } });
    expect(await server.api.post(`/api/tasks/${id}/claim`, undefined, { as: "clinician" })).toMatchObject({
      status: 200,
    });
    const second = await server.api.post(`/api/tasks/${id}/claim`, undefined, { as: "clinician2" });
    expect(second).toMatchObject({ status: 409, body: { type: "/problems/task-claimed" } });
    expect(JSON.stringify(second.body)).toContain('"clinician"');
    expect(keys(await tasks("?assignee=me"))).toEqual(["safety.urgent"]);
    expect(keys(await tasks("?assignee=clinician", "lead"))).toEqual(["safety.urgent"]);
    expect(keys(await tasks("?assignee=none"))).not.toContain("safety.urgent");
    expect(await server.api.post(`/api/tasks/${id}/claim`, undefined, { as: "coordinator" })).toMatchObject({
      status: 403,
    });
    const release = await server.api.post(`/api/tasks/${id}/release`, undefined, { as: "clinician" });
    expect(release.body).not.toHaveProperty("assignee");
    const lead = await server.api.post(`/api/tasks/${id}/claim`, undefined, {
      as: "lead",
      headers: { "content-type": "application/json" },
    });
    expect(lead).toMatchObject({ status: 200, body: { assignee: "lead" } });
    const { body } = await server.api.get(`/api/enrolments/${urgent}/history?limit=500`, { as: "auditor" });
    expect(body.items.slice(-3).map((item: Body) => [item.type, item.by])).toEqual([
      ["task.claimed", "clinician"],
      ["task.released", "clinician"],
      ["task.claimed", "lead"],
    ]);
  });

  it("lets only one of many claim at once", async () => {
    const { id } = await find("pain.review.soon");
    const claims = await Promise.all(
      (["clinician", "clinician2", "lead"] as const).map((as) =>
        server.api.post(`/api/tasks/${id}/claim`, undefined, { as }),
      ),
    );
    expect(claims.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  it("holds what is paused, and does not call it overdue", async () => {
    await report(server.api, late, { type: "pathway.paused", data: { reason: "away" } });
    expect((await find("treatment.responseReview")).overdue).toBe(false);
    expect(keys(await tasks("?due=overdue"))).not.toContain("treatment.responseReview");
    expect((await find("pathway.paused")).resolves).toEqual(expect.arrayContaining(["pathway.resumed"]));
    await report(server.api, late, { type: "pathway.resumed", data: {} });
  });

  it("tells with each task what the patient's flags warn of, as the patient's own answer does", async () => {
    const flagsOf = async (enrolment: string): Promise<Body[]> => {
      const { items } = await tasks("?limit=500");
      return items.filter((task: Body) => task.enrolmentId === enrolment).map(({ flags }: Body) => flags);
    };
    const { id } = await enrol(server.api, { occurredAt: "2026-05-04T09:00:00Z" });
    await report(server.api, id, { type: "radiotherapy.started", occurredAt: "2026-05-05", data: RADIOTHERAPY });
    expect((await flagsOf(id)).flat()).toEqual([]);
    const died = {
      volumes: [{ name: "sacral plexus", totalDose: { value: 600, unit: "cGy" }, fractionsDelivered: 2 }],
      reason: "died",
    };
    const { event, enrolment } = (await report(server.api, id, { type: "radiotherapy.stopped", data: died })).body;
    const all = enrolment.flags.filter(({ severity }: Body) => severity !== "info");
    const warnings = all.map(({ name, text }: Body) => ({ name, text }));
    expect(warnings).toEqual([{ name: "exitSuggested", text: expect.stringContaining("died or moved") }]);
    const open = enrolment.tasks.length;
    expect(await flagsOf(id)).toEqual(Array(open).fill(warnings));
    expect(enrolment.tasks.map(({ flags }: Body) => flags)).toEqual(Array(open).fill(warnings));
    const claimed = enrolment.tasks[0];
    const claim = await server.api.post(`/api/tasks/${claimed.id}/claim`, undefined, { as: "lead" });
    expect(claim.body.flags).toEqual(warnings);
    // Enrolled before rows told it.
    await server.database.owner.query("UPDATE enrolment SET warnings = NULL WHERE id = $1", [id]);
    expect(await flagsOf(id)).toEqual(Array(open).fill(warnings));
    const correction = `/api/enrolments/${id}/events/${event.seq}/correction`;
    const struck = await server.api.post(
      correction,
      { strikeOut: true, reason: "Another patient" },
      { as: "coordinator" },
    );
    expect(struck.status).toBe(201);
    expect((await flagsOf(id)).flat()).toEqual([]);
  });

  it("drops a task when an event answers it, and refuses to claim it from then on", async () => {
    const { id } = await find("treatment.responseReview");
    await report(server.api, late, { type: "response.assessed", data: IMPROVED }, "clinician");
    expect(await find("treatment.responseReview")).toBeUndefined();
    const closed = await tasks("?status=closed");
    expect(closed.items).toContainEqual(expect.objectContaining({ id, overdue: false, escalated: false }));
    const claim = await server.api.post(`/api/tasks/${id}/claim`, undefined, { as: "clinician" });
    expect(claim).toMatchObject({ status: 409, body: { type: "/problems/task-closed" } });
  });
});
