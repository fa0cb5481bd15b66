import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Body } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, IMPROVED, patient, PATHWAY, RADIOTHERAPY, report, taskKeys } from "./support/story.js";

const ENROLLED = "2026-01-05T09:00:00Z";

describe("reporting an event is answered as the contract says", () => {
  let server: Server;
  let id: string;
  beforeAll(async () => {
    server = await startServer({ at: "2026-06-15T10:00:00Z" });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    id = (await enrol(server.api, { occurredAt: ENROLLED })).id;
  });
  const started = (changes: Record<string, unknown> = {}) => ({
    type: "radiotherapy.started",
    occurredAt: "2026-01-12T09:00:00Z",
    data: RADIOTHERAPY,
    ...changes,
  });
  const seqOf = async () => (await server.api.get(`/api/enrolments/${id}`, { as: "auditor" })).body.seq;

  it("201 with the event, the tracks that took it and all consequences", async () => {
    const { status, body } = await report(
      server.api,
      id,
      started({ note: "by phone", source: { system: "ris", id: "7" } }),
    );
    expect(status).toBe(201);
    expect(body.event).toMatchObject({
      seq: expect.any(Number),
      type: "radiotherapy.started",
      occurredAt: "2026-01-12T09:00:00.000Z",
      recordedAt: "2026-06-15T10:00:00.000Z",
      by: "coordinator",
      data: RADIOTHERAPY,
      note: "by phone",
      source: { system: "ris", id: "7" },
    });
    expect(body).toMatchObject({ outcome: "accepted", takenBy: ["treatment"], setAside: [] });
    // Five months late: the review is overdue at once.
    expect(body.enrolment.state.treatment).toBe("responseReview");
    const review = body.enrolment.tasks.find((task: Body) => task.key === "treatment.responseReview");
    expect(review).toMatchObject({
      role: "clinician",
      overdue: true,
      resolves: expect.arrayContaining(["response.assessed"]),
    });
    expect(body.enrolment.latest["radiotherapy.started"].data).toEqual(RADIOTHERAPY);
  });

  it("takes now where no time is given, and up to five minutes ahead as now", async () => {
    const first = await report(server.api, id, { type: "contact.made", data: { channel: "phone" } });
    expect(first.body.event.occurredAt).toBe("2026-06-15T10:00:00.000Z");
    const ahead = { type: "contact.made", data: { channel: "phone" }, occurredAt: "2026-06-15T10:04:59Z" };
    expect((await report(server.api, id, ahead)).body.event.occurredAt).toBe("2026-06-15T10:00:00.000Z");
  });

  it("422 for the future, before birth, before the enrolment and what is no time", async () => {
    const at = (occurredAt: string) => report(server.api, id, started({ occurredAt }));
    expect(await at("2026-06-15T10:05:01Z")).toMatchObject({ status: 422, body: { type: "/problems/invalid-time" } });
    expect(await at("1950-01-01")).toMatchObject({ status: 422, body: { type: "/problems/invalid-time" } });
    expect(await at("2026-01-04T09:00:00Z")).toMatchObject({
      status: 422,
      body: { type: "/problems/before-enrolment" },
    });
    for (const none of [
      "yesterday",
      "2026-02-30",
      "2026-01-12T09:00:00",
      "2026-01-12T25:00:00Z",
      "",
      "1768208400000",
    ]) {
      const reply = await at(none);
      expect([none, reply.status, reply.body.type]).toEqual([none, 422, "/problems/invalid-time"]);
      expect(reply.body.errors[0].pointer).toBe("/occurredAt");
    }
  });

  it("keeps a bare date as typed", async () => {
    const { body } = await report(server.api, id, started({ occurredAt: "2026-01-12" }));
    expect(body.event.occurredAt).toBe("2026-01-12");
  });

  it("422 with JSON pointers where the data does not fit its schema", async () => {
    const data = { ...RADIOTHERAPY, intent: "hopeful", extra: 1 };
    const reply = await report(server.api, id, started({ data }));
    expect(reply).toMatchObject({ status: 422, body: { type: "/problems/invalid-data" } });
    expect(reply.body.errors.map((error: Body) => error.pointer).sort()).toEqual(["/data/extra", "/data/intent"]);
    expect(await report(server.api, id, { type: "radiotherapy.began", data: {} })).toMatchObject({ status: 422 });
    expect(await report(server.api, id, { type: "xstate.stop", data: {} })).toMatchObject({ status: 422 });
  });

  it("409 with what would be accepted where no state takes it, and 201 when it is kept aside", async () => {
    const event = { type: "radiotherapy.completed", data: { volumes: [] }, occurredAt: "2026-01-20T09:00:00Z" };
    const data = { volumes: [{ name: "a", totalDose: { value: 3000, unit: "cGy" }, fractionsDelivered: 10 }] };
    const refused = await report(server.api, id, { ...event, data });
    expect(refused).toMatchObject({ status: 409, body: { type: "/problems/event-refused" } });
    expect(JSON.stringify(refused.body.acceptedEvents)).toContain("radiotherapy.started");
    const kept = await report(server.api, id, { ...event, data, keepAside: true, reason: "the start is on its way" });
    expect(kept).toMatchObject({ status: 201, body: { outcome: "setAside", takenBy: [] } });
    expect(kept.body.enrolment.setAside).toMatchObject([{ seq: kept.body.event.seq, type: "radiotherapy.completed" }]);
    expect(kept.body.enrolment.flags).toMatchObject([{ name: "setAside" }]);
    const back = await report(server.api, id, started());
    expect(back.body.enrolment.setAside).toEqual([]);
  });

  it("403 for a reporter without the role, with an offer where red flags would be lost", async () => {
    await report(server.api, id, started());
    const event = { type: "response.assessed", data: { ...IMPROVED, redFlags: ["saddleNumbness"] } };
    const reply = await report(server.api, id, event, "coordinator");
    expect(reply).toMatchObject({ status: 403, body: { type: "/problems/reporter-not-allowed" } });
    expect(JSON.stringify(reply.body)).toContain("redFlag.reported");
    expect(JSON.stringify(reply.body)).toContain("saddleNumbness");
    expect(
      (await report(server.api, id, { type: "response.assessed", data: IMPROVED }, "coordinator")).body,
    ).not.toHaveProperty("offer");
    expect(await report(server.api, id, { type: "response.assessed", data: IMPROVED }, "clinician")).toMatchObject({
      status: 201,
    });
  });

  it("offers the red flags of a report that is refused for its form", async () => {
    const data = { index: 5, redFlags: ["newWeakness"] };
    for (const wrong of [{ nonsense: 1 }, { occurredAt: "now" }, { data: { ...data, index: 11 } }]) {
      const { status, body } = await report(server.api, id, { type: "pain.scored", data, ...wrong });
      expect(status).toBe(422);
      expect(body.offer).toMatchObject({ type: "redFlag.reported", data: { signs: ["newWeakness"] } });
      expect(await report(server.api, id, body.offer)).toMatchObject({ status: 201 });
    }
  });

  it("offers them to whoever may report nothing at all", async () => {
    const data = { index: 5, redFlags: ["newWeakness"] };
    const { status, body } = await report(server.api, id, { type: "pain.scored", data }, "auditor");
    expect({ status, offer: body.offer }).toEqual({
      status: 403,
      offer: { type: "redFlag.reported", data: { signs: ["newWeakness"] } },
    });
  });

  it("offers them whatever else stands in the way, and not where the same request may come again", async () => {
    const source = { system: "lis", id: "1" };
    const url = `/api/enrolments/${id}/events`;
    const scored = (more: Body = {}) => ({ type: "pain.scored", data: { index: 5, redFlags: [] }, ...more });
    const flagged = (more: Body = {}) => scored({ data: { index: 5, redFlags: ["newWeakness"] }, ...more });
    await server.api.post(url, scored({ source }), { as: "coordinator", key: "red flags later" });
    const { seq } = (await report(server.api, id, scored())).body.event;
    const past = { ...flagged(), occurredAt: "2026-02-01T09:00:00Z" };
    const body = { pathway: PATHWAY, patient: patient(), events: [past, { type: "pathway.resumed", data: {} }] };
    const refused = [
      ["stale", await report(server.api, id, flagged({ ifSeq: 1 }))],
      ["duplicate-source", await report(server.api, id, flagged({ source }))],
      ["key-reused", await report(server.api, id, flagged(), "coordinator", "red flags later")],
      ["idempotency-key-missing", await report(server.api, id, flagged(), "coordinator", null)],
      [
        "stale",
        await server.api.post(
          `${url}/${seq}/correction`,
          { ...flagged(), type: undefined, reason: "r", ifSeq: 1 },
          { as: "lead" },
        ),
      ],
      ["invalid-data", await server.api.post("/api/enrolments", body, { as: "coordinator" })],
    ] as const;
    for (const [name, reply] of refused) {
      expect(reply.body).toMatchObject({
        type: `/problems/${name}`,
        detail: expect.stringContaining("The red flags in it are not recorded"),
        offer: { type: "redFlag.reported", data: { signs: ["newWeakness"] } },
      });
    }
    expect((await report(server.api, id, scored({ ifSeq: 1 }))).body).not.toHaveProperty("offer");
  });

  it("offers them whatever the engine refused it for, and again in each replay", async () => {
    const redFlags = ["newWeakness"];
    const scored = { type: "pain.scored", data: { index: 5, redFlags } };
    const refused: [string, number, Body][] = [
      ["invalid-data", 422, { ...scored, data: { index: 11, redFlags } }],
      ["invalid-time", 422, { ...scored, occurredAt: "2026-06-16" }],
      ["before-enrolment", 422, { ...scored, occurredAt: "2026-01-04T09:00:00Z" }],
      ["reporter-not-allowed", 403, { type: "response.assessed", data: { ...IMPROVED, redFlags } }],
    ];
    for (const [name, status, event] of refused) {
      const first = await report(server.api, id, event, "coordinator", `lost: ${name}`);
      expect(first).toMatchObject({
        status,
        body: {
          type: `/problems/${name}`,
          detail: expect.stringMatching(/ The red flags in it are not recorded: [^.]*redFlag\.reported now\.$/),
          offer: { type: "redFlag.reported", data: { signs: redFlags } },
        },
      });
      const again = await report(server.api, id, event, "coordinator", `lost: ${name}`);
      expect({ status: again.status, body: again.body }).toEqual({ status, body: first.body });
      const dry = await server.api.post(`/api/enrolments/${id}/events?dryRun=true`, event, { as: "coordinator" });
      expect(dry.body.offer).toEqual(first.body.offer);
      if (name === "before-enrolment") expect(first.body.offer).toMatchObject({ correct: 1 });
    }
  });

  it("offers the signs that are known and no other text, and the offer opens what they call for", async () => {
    const data = { index: 99, redFlags: ["newWeakness", "Mustermann"] };
    const { status, body } = await report(server.api, id, { type: "pain.scored", data });
    expect(status).toBe(422);
    expect(body.offer).toEqual({ type: "redFlag.reported", data: { signs: ["newWeakness"] } });
    expect(JSON.stringify(body)).not.toContain("Mustermann");
    const reported = await report(server.api, id, body.offer);
    expect(reported).toMatchObject({ status: 201, body: { outcome: "accepted" } });
    expect(taskKeys(reported.body.enrolment)).toContain("safety.urgent");
  });

  it("offers them once for an enrolment whose past events are refused, and again in its replay", async () => {
    const occurredAt = "2026-05-01";
    const [good, flagged] = [started({ occurredAt: "2026-04-01" }), { type: "pain.scored", occurredAt }];
    const bad = { ...flagged, data: { index: 11, redFlags: ["newWeakness"] } };
    const body = { pathway: PATHWAY, patient: patient(), events: [good, bad] };
    const send = () => server.api.post("/api/enrolments", body, { as: "coordinator", key: "lost with the enrolment" });
    const first = await send();
    expect(first).toMatchObject({
      status: 422,
      body: {
        type: "/problems/invalid-data",
        event: 1,
        errors: [{ pointer: "/events/1/data/index" }],
        offer: { type: "redFlag.reported", data: { signs: ["newWeakness"] } },
      },
    });
    expect(first.body.detail.match(/redFlag\.reported/g)).toHaveLength(1);
    expect((await send()).body).toEqual(first.body);
  });

  it("takes a performer who may do what the reporter may not", async () => {
    const event = { type: "response.assessed", data: IMPROVED };
    await report(server.api, id, started());
    expect(await report(server.api, id, event, "system")).toMatchObject({ status: 403 });
    expect(await report(server.api, id, { ...event, performer: "lead" }, "system")).toMatchObject({ status: 403 });
    expect(await report(server.api, id, { ...event, performer: "nobody" }, "system")).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/performer" }] },
    });
    const { status, body } = await report(server.api, id, { ...event, performer: "clinician" }, "system");
    expect([status, body.event.by, body.event.performer]).toEqual([201, "system", "clinician"]);
  });

  it("409 for an implausible dose until it is confirmed, and nothing is recorded before", async () => {
    const data = { ...RADIOTHERAPY, volumes: [{ name: "a", plannedDose: { value: 30, unit: "cGy" } }] };
    const before = await seqOf();
    const asked = await report(server.api, id, started({ data }));
    expect(asked).toMatchObject({ status: 409, body: { type: "/problems/confirmation-required" } });
    expect(await seqOf()).toBe(before);
    const confirmed = await report(server.api, id, started({ data, confirm: true }));
    expect(confirmed).toMatchObject({ status: 201 });
    expect(confirmed.body.event.data).toEqual(data);
  });

  it("409 with the consequences where later events would no longer fit, 201 with consent", async () => {
    await report(server.api, id, started());
    await report(
      server.api,
      id,
      { type: "response.assessed", data: IMPROVED, occurredAt: "2026-02-12T09:00:00Z" },
      "clinician",
    );
    await report(server.api, id, {
      type: "relapse.excluded",
      data: { pain: 1, redFlags: [] },
      occurredAt: "2026-03-12T09:00:00Z",
    });
    const before = await seqOf();
    const again = started({ data: { ...RADIOTHERAPY, reirradiation: true }, occurredAt: "2026-03-01T09:00:00Z" });
    const asked = await report(server.api, id, again);
    expect(asked).toMatchObject({
      status: 409,
      body: {
        type: "/problems/consequences",
        setAside: [{ type: "relapse.excluded", occurredAt: "2026-03-12T09:00:00.000Z" }],
      },
    });
    expect(asked.body.changes).toMatchObject({
      before: { state: expect.anything() },
      after: { state: expect.anything() },
    });
    expect(await seqOf()).toBe(before);
    const taken = await report(server.api, id, { ...again, acceptConsequences: true, reason: "a second course" });
    expect(taken).toMatchObject({ status: 201, body: { setAside: [{ type: "relapse.excluded" }] } });
  });

  it("409 naming the event that the same source made", async () => {
    const source = { system: "ris", id: "42" };
    const first = await report(server.api, id, started({ source }), "system");
    const again = await report(server.api, id, started({ source }), "system");
    expect(again).toMatchObject({ status: 409, body: { type: "/problems/duplicate-source" } });
    expect(again.body.seq ?? again.body.event?.seq).toBe(first.body.event.seq);
  });

  it("409 where the record has moved on", async () => {
    const seq = await seqOf();
    const event = { type: "contact.made", data: { channel: "phone" } };
    expect(await report(server.api, id, { ...event, ifSeq: seq })).toMatchObject({ status: 201 });
    expect(await report(server.api, id, { ...event, ifSeq: seq })).toMatchObject({
      status: 409,
      body: { type: "/problems/stale" },
    });
  });

  it("409 after the exit, with a sentence of its own for red flags", async () => {
    const exit = await report(server.api, id, { type: "pathway.exited", data: { reason: "withdrew" } });
    expect(exit).toMatchObject({
      status: 201,
      body: { enrolment: { status: "exited", exitReason: "withdrew", tasks: [], timers: [] } },
    });
    await server.clock.advance(60_000);
    const late = await report(server.api, id, { type: "contact.made", data: { channel: "phone" } });
    expect(late).toMatchObject({ status: 409, body: { type: "/problems/exited" } });
    const flag = await report(server.api, id, { type: "redFlag.reported", data: { signs: ["newWeakness"] } });
    expect(flag).toMatchObject({ status: 409, body: { type: "/problems/exited" } });
    expect(flag.body.detail).not.toBe(late.body.detail);
    const before = { type: "redFlag.reported", occurredAt: "2026-06-15T09:00:00Z", data: { signs: ["newWeakness"] } };
    const taken = await report(server.api, id, before);
    expect(taken).toMatchObject({ status: 201, body: { outcome: "accepted", enrolment: { tasks: [] } } });
    expect(taken.body.notices).toEqual([expect.stringContaining("Nobody watches here any more")]);
  });

  it("opens the urgent task before the answer returns, whatever else the event says", async () => {
    const { body } = await report(server.api, id, {
      type: "pain.scored",
      data: { index: 5, redFlags: ["newWeakness"] },
    });
    expect([...body.takenBy].sort()).toEqual(["pain", "safety"]);
    expect(body.enrolment.tasks[0]).toMatchObject({ key: "safety.urgent", urgency: "urgent" });
  });

  it("shows on a dry run what would be, and records nothing", async () => {
    const before = await server.api.get(`/api/enrolments/${id}/history`, { as: "auditor" });
    const reply = await server.api.post(`/api/enrolments/${id}/events?dryRun=true`, started(), {
      as: "coordinator",
      key: null,
    });
    expect(reply).toMatchObject({ status: 201, body: { outcome: "accepted", takenBy: ["treatment"] } });
    expect(reply.body.changes.before.state.treatment).toBe("awaitingRadiotherapy");
    expect(reply.body.changes.after.state.treatment).toBe("responseReview");
    expect(reply.body.enrolment.state.treatment).toBe("responseReview");
    expect((await server.api.get(`/api/enrolments/${id}/history`, { as: "auditor" })).body).toEqual(before.body);
  });

  it("enrols with what happened before, all or nothing", async () => {
    const events = [
      started(),
      { type: "contact.made", occurredAt: "2026-01-13T09:00:00Z", data: { channel: "phone" } },
    ];
    const body = await enrol(server.api, { events });
    expect(body).toMatchObject({ enrolledAt: "2026-01-12T09:00:00.000Z", state: { treatment: "responseReview" } });
    expect(taskKeys(body)).toContain("treatment.responseReview");
    const wrong = {
      pathway: PATHWAY,
      patient: patient(),
      events: [events[0], { ...events[1], data: { channel: "owl" } }],
    };
    const reply = await server.api.post("/api/enrolments", wrong, { as: "coordinator" });
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ pointer: "/events/1/data/channel" }] } });
    const found = await server.api.post(
      "/api/enrolments/search",
      { q: wrong.patient["identifiers"] ? (wrong.patient["identifiers"] as Body)[0].value : "" },
      { as: "lead" },
    );
    expect(found.body.items).toEqual([]);
  });

  it("409 for a patient who is active on the pathway already, by any identifier", async () => {
    const identifiers = [
      { system: "urn:a", value: "A 1" },
      { system: "urn:b", value: "B1" },
    ];
    const first = await enrol(server.api, { patient: patient({ identifiers }) });
    const second = await server.api.post(
      "/api/enrolments",
      { pathway: PATHWAY, patient: patient({ identifiers: identifiers.slice(1) }) },
      { as: "coordinator" },
    );
    expect(second).toMatchObject({ status: 409, body: { type: "/problems/duplicate-enrolment", enrolment: first.id } });
    await report(server.api, first.id, { type: "pathway.exited", data: { reason: "completed" } });
    const third = await enrol(server.api, { patient: patient({ identifiers: identifiers.slice(1) }) });
    expect(third.patient.id).toBe(first.patient.id);
  });
});
