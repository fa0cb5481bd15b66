import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Body, User } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, IMPROVED, RADIOTHERAPY, report } from "./support/story.js";

const WEEK_MS = 7 * 24 * 3_600_000;

describe("a task that one person claimed and another one answered", () => {
  let server: Server;
  let id: string;
  let taskId: string;
  beforeAll(async () => void (server = await startServer({ at: "2026-06-15T10:00:00Z" })));
  afterAll(() => server.stop());
  beforeEach(async () => {
    id = (await enrol(server.api, { occurredAt: "2026-01-05T09:00:00Z" })).id;
    const start = { type: "radiotherapy.started", occurredAt: "2026-01-12T09:00:00Z", data: RADIOTHERAPY };
    const { enrolment } = (await report(server.api, id, start)).body;
    taskId = enrolment.tasks.find(({ key }: Body) => key === "treatment.responseReview").id;
    const claim = await server.api.post(`/api/tasks/${taskId}/claim`, undefined, { as: "clinician" });
    expect(claim.status).toBe(200);
  });
  const list = async (as: User, query = "?assignee=me"): Promise<Body> =>
    (await server.api.get(`/api/tasks${query}`, { as })).body;
  const noticesOf = async (as: User, query?: string): Promise<Body[]> =>
    (await list(as, query)).notices.filter(({ enrolmentId }: Body) => enrolmentId === id);
  // It happened weeks ago, and is heard of today.
  const answer = { type: "response.assessed", occurredAt: "2026-05-14T09:00:00Z", data: IMPROVED };
  const SENTENCE = expect.stringMatching(/^The task ".+" was claimed by clinician: /);

  it("is told to both, and the same on every resend and reading", async () => {
    const key = `answer-${id}`;
    const tried = await server.api.post(`/api/enrolments/${id}/events?dryRun=true`, answer, { as: "clinician2" });
    expect(tried.body.notices).toEqual([expect.stringMatching(/ was claimed by clinician: this would end it\.$/)]);
    const first = await report(server.api, id, answer, "clinician2", key);
    expect(first).toMatchObject({ status: 201, body: { notices: [SENTENCE] } });
    expect((await report(server.api, id, answer, "clinician2", key)).body).toEqual(first.body);
    for (let reading = 0; reading < 2; reading += 1) {
      expect(await noticesOf("clinician")).toEqual([
        {
          ...{ taskId, enrolmentId: id, patient: expect.objectContaining({ familyName: "Example" }) },
          ...{ title: expect.any(String), endedBy: "clinician2", endedAt: expect.stringMatching(/^2026-/) },
          detail: expect.stringMatching(/^You had claimed ".+": clinician2 ended it\.$/),
        },
      ]);
    }
    expect(await noticesOf("clinician2")).toEqual([]);
    const own = await noticesOf("clinician");
    for (const query of ["", "?assignee=clinician"]) expect(await noticesOf("clinician", query)).toEqual(own);
    for (const query of ["?assignee=none", "?assignee=clinician2"]) {
      expect(await noticesOf("clinician", query)).toEqual([]);
    }
    const { items } = (await server.api.get(`/api/enrolments/${id}/history?limit=500`, { as: "auditor" })).body;
    const closed = items.find((item: Body) => item.type === "task.closed" && item.detail.taskId === taskId);
    expect(closed.detail).toMatchObject({ assignee: "clinician", endedBy: "clinician2" });
    await server.clock.advance(5 * WEEK_MS);
    expect(await noticesOf("clinician")).toEqual([]);
  });

  it("is told of who did it, not of who typed it in", async () => {
    const own = { ...answer, performer: "clinician" };
    const reply = await report(server.api, id, own, "clinician2");
    expect(reply.status).toBe(201);
    expect(reply.body).not.toHaveProperty("notices");
    expect(await noticesOf("clinician")).toEqual([]);
  });

  it("is told of a correction that took it away, and no longer when it is back", async () => {
    const history = (await server.api.get(`/api/enrolments/${id}/history?limit=500`, { as: "auditor" })).body;
    const { seq } = history.items.find(({ type }: Body) => type === "radiotherapy.started");
    const correct = (occurredAt: string) =>
      server.api.post(
        `/api/enrolments/${id}/events/${seq}/correction`,
        { occurredAt, reason: "r" },
        { as: "coordinator" },
      );
    expect(await correct("2026-05-12")).toMatchObject({ status: 201, body: { notices: [SENTENCE] } });
    expect(await noticesOf("clinician")).toMatchObject([{ endedBy: "coordinator" }]);
    expect((await correct("2026-01-12")).body).not.toHaveProperty("notices");
    expect(await noticesOf("clinician")).toEqual([]);
    expect((await list("clinician")).items).toContainEqual(expect.objectContaining({ id: taskId }));
  });

  it("says nothing where the holder answers", async () => {
    expect((await report(server.api, id, answer, "clinician")).body).not.toHaveProperty("notices");
    expect(await noticesOf("clinician")).toEqual([]);
  });
});
