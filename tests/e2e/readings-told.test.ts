import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Reading } from "../../src/reads/index.js";
import type { Body, Reply, User } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, patient, RADIOTHERAPY, report } from "./support/story.js";

interface Line extends Omit<Reading, "reader"> {
  msg: string;
  reader: string;
}

describe("whoever is shown a person's record is told: who, what for, and whose", () => {
  let server: Server;
  let one: Body;
  let other: Body;
  beforeAll(async () => {
    server = await startServer({ logLevel: "debug" });
    one = await enrol(server.api, { patient: patient({ familyName: "Onesuch" }) });
    await server.clock.set("2026-06-16T10:00:00Z");
    other = await enrol(server.api, { patient: patient({ familyName: "Othersuch" }) });
  });
  afterAll(() => server.stop());

  let reply: Reply;
  /** What listeners are told of people while a request is answered; the process's own readings left out. */
  const toldOf = async (status: number, request: () => Promise<Reply>): Promise<Omit<Line, "msg">[]> => {
    const from = server.log.length;
    reply = await request();
    expect([reply.status, reply.body]).toEqual([status, expect.anything()]);
    return server.log
      .slice(from)
      .map((line) => JSON.parse(line) as Line)
      .filter(({ msg, reader }) => msg === "read" && reader !== "pathkeeper")
      .map(({ reader, purpose, subjects, outcome }) => ({ reader, purpose, subjects: subjects.toSorted(), outcome }));
  };
  const granted = (reader: User, purpose: string, ...shown: Body[]) => [
    { reader, purpose, subjects: shown.map(({ id }) => id).sort(), outcome: "granted" },
  ];
  const refused = (reader: User, purpose: string, ...asked: Body[]) => [
    { ...granted(reader, purpose, ...asked)[0], outcome: "refused" },
  ];
  const get = (path: string, as: User) => () => server.api.get(path, { as });
  const post = (path: string, body: unknown, as: User) => () => server.api.post(path, body, { as });

  it("an enrolment, now, as it stood, and under whatever case of its id", async () => {
    const read = granted("auditor", "enrolment", one);
    expect(await toldOf(200, get(`/api/enrolments/${one.id}`, "auditor"))).toEqual(read);
    expect(await toldOf(200, get(`/api/enrolments/${one.id}?asOf=2026-06-01`, "auditor"))).toEqual(read);
    expect(await toldOf(200, get(`/api/enrolments/${one.id.toUpperCase()}`, "auditor"))).toEqual(read);
  });

  it("a history", async () => {
    const history = get(`/api/enrolments/${other.id}/history?limit=1`, "clinician");
    expect(await toldOf(200, history)).toEqual(granted("clinician", "history", other));
  });

  it("those on a page of enrolments, and nobody else", async () => {
    const list = granted("lead", "search", one, other);
    expect(await toldOf(200, get("/api/enrolments", "lead"))).toEqual(list);
    expect(await toldOf(200, get("/api/enrolments?limit=1", "lead"))).toEqual(granted("lead", "search", other));
    const search = (q: string) => post("/api/enrolments/search", { q }, "lead");
    expect(await toldOf(200, search("Onesuch"))).toEqual(granted("lead", "search", one));
    expect(await toldOf(200, search("Nobody"))).toEqual(granted("lead", "search"));
  });

  it("those on a page of tasks, each once", async () => {
    expect(await toldOf(200, get("/api/tasks", "coordinator"))).toEqual(granted("coordinator", "worklist", one, other));
    const { items } = (await server.api.get("/api/tasks?limit=1", { as: "coordinator" })).body;
    const [first] = items.map(({ enrolmentId: id }: Body) => ({ id }));
    const page = await toldOf(200, get("/api/tasks?limit=1", "coordinator"));
    expect(page).toEqual(granted("coordinator", "worklist", first));
  });

  it("a task that somebody takes or gives back", async () => {
    const task = one.tasks.find(({ role }: Body) => role === "coordinator").id;
    const did = granted("coordinator", "task", one);
    for (const operation of ["claim", "release"])
      expect(await toldOf(200, post(`/api/tasks/${task}/${operation}`, undefined, "coordinator"))).toEqual(did);
    const assign = post(`/api/tasks/${task}/assign`, { assignee: "coordinator" }, "coordinator");
    expect(await toldOf(200, assign)).toEqual(did);
    const snooze = (until: string) => post(`/api/tasks/${task}/snooze`, { until, reason: "-" }, "coordinator");
    expect(await toldOf(200, snooze("2026-06-16T10:00:01Z"))).toEqual(did);
    expect(await toldOf(422, snooze("2026-06-01"))).toEqual(did);
    await server.clock.advance(1000);
  });

  it("all whose tasks pass from one to another, once as they are chosen and once as each is passed on", async () => {
    const body = { from: "coordinator", to: "coordinator", reason: "-" };
    const did = granted("lead", "task", one)[0];
    expect(await toldOf(200, post("/api/tasks/reassign", body, "lead"))).toEqual([did, did]);
    expect(reply.body.counts).toEqual({ assigned: 1, refused: 0 });
  });

  it("what is next, and a search in the worklist", async () => {
    const next = await toldOf(200, get("/api/tasks/next", "coordinator"));
    expect(next).toEqual(granted("coordinator", "worklist", { id: reply.body.task.enrolmentId }));
    expect(await toldOf(200, get("/api/tasks/next", "system"))).toEqual(granted("system", "worklist"));
    const search = post("/api/tasks/search", { q: "Othersuch" }, "lead");
    expect(await toldOf(200, search)).toEqual(granted("lead", "worklist", other));
  });

  it("a worklist that leaves as a file", async () => {
    expect(await toldOf(200, get("/api/tasks.csv", "auditor"))).toEqual(granted("auditor", "export", one, other));
    expect(await toldOf(200, get("/api/tasks.csv?site=elsewhere", "lead"))).toEqual(granted("lead", "export"));
  });

  it("the enrolment in the answer to a command, and the event of a refusal", async () => {
    const body = { pathway: one.pathway.id, patient: patient() };
    const enrolling = await toldOf(201, post("/api/enrolments", body, "coordinator"));
    expect(enrolling).toEqual(granted("coordinator", "enrolment", reply.body));

    const event = { type: "radiotherapy.started", data: RADIOTHERAPY };
    const reported = granted("coordinator", "report", one);
    const events = `/api/enrolments/${one.id}/events`;
    expect(await toldOf(201, post(`${events}?dryRun=true`, event, "coordinator"))).toEqual(reported);
    expect(await toldOf(201, () => report(server.api, one.id, event))).toEqual(reported);
    expect(await toldOf(409, () => report(server.api, one.id, { ...event, ifSeq: 1 }))).toEqual(reported);

    const { items } = (await server.api.get(`/api/enrolments/${one.id}/history`, { as: "coordinator" })).body;
    const { seq } = items.find(({ type }: Body) => type === event.type);
    const correction = { reason: "Another dose.", data: { ...RADIOTHERAPY, course: "2" } };
    const corrected = await toldOf(201, post(`${events}/${seq}/correction`, correction, "coordinator"));
    expect(corrected).toEqual(granted("coordinator", "correction", one));

    const amend = () => server.api.send("PATCH", `/api/enrolments/${one.id}/patient`, { phone: "1" }, { as: "lead" });
    expect(await toldOf(200, amend)).toEqual(granted("lead", "amendment", one));

    const entrust = (id: string, as: User) => () =>
      server.api.send("PUT", `/api/enrolments/${id}/responsible`, { person: "coordinator" }, { as });
    expect(await toldOf(200, entrust(one.id, "lead"))).toEqual(granted("lead", "responsible", one));
    expect(await toldOf(403, entrust(one.id, "auditor"))).toEqual(refused("auditor", "responsible", one));
    const nurse = { id: "nurse", name: "N", email: "n@example.org", roles: [{ role: "coordinator", site: "main" }] };
    await server.api.post("/api/people", nurse, { as: "admin" });
    const handOver = { from: "coordinator", to: "nurse", enrolments: [one.id], reason: "-" };
    expect(await toldOf(200, post("/api/enrolments/responsible", handOver, "lead"))).toEqual(
      granted("lead", "responsible", one),
    );
  });

  it("the enrolments of all records that are said to be of one person, or no longer", async () => {
    const [{ patient: a }, { patient: b }] = [one, other];
    await report(server.api, other.id, { type: "pathway.exited", data: { reason: "transferred" } });
    const both = granted("coordinator", "patient", one, other)[0];
    const join = post(`/api/patients/${a.id}/same-as`, { patient: b.id, reason: "One card." }, "coordinator");
    expect(await toldOf(201, join)).toEqual([both, both, both]);
    const path = `/api/patients/${a.id}/same-as`;
    const part = () => server.api.send("DELETE", path, { reason: "Two cards." }, { as: "coordinator" });
    const own = granted("coordinator", "patient", one)[0];
    expect(await toldOf(200, part)).toEqual([both, own, own]);
    const barred = post(path, { patient: b.id, reason: "-" }, "auditor");
    expect(await toldOf(403, barred)).toEqual(refused("auditor", "patient"));
  });

  it("a verification of one, or of all, which shows nobody in particular", async () => {
    const verify = (body: object) => post("/api/audit/verifications", body, "auditor");
    expect(await toldOf(200, verify({ enrolment: one.id }))).toEqual(granted("auditor", "verification", one));
    expect(await toldOf(200, verify({}))).toEqual(granted("auditor", "verification"));
  });

  it("and whoever is turned away", async () => {
    expect(await toldOf(403, get(`/api/enrolments/${one.id}`, "admin"))).toEqual(refused("admin", "enrolment", one));
    expect(await toldOf(403, get(`/api/enrolments/${one.id}/history`, "admin"))).toEqual(
      refused("admin", "history", one),
    );
    expect(await toldOf(403, get("/api/enrolments", "admin"))).toEqual(refused("admin", "search"));
    expect(await toldOf(403, get("/api/tasks", "admin"))).toEqual(refused("admin", "worklist"));
    expect(await toldOf(403, get("/api/tasks.csv", "admin"))).toEqual(refused("admin", "export"));
    expect(await toldOf(403, get("/api/tasks/next", "auditor"))).toEqual(refused("auditor", "worklist"));
    expect(await toldOf(403, post("/api/tasks/search", {}, "admin"))).toEqual(refused("admin", "worklist"));
    expect(await toldOf(403, post("/api/tasks/reassign", {}, "auditor"))).toEqual(refused("auditor", "task"));
    const claim = post(`/api/tasks/${other.tasks[0].id}/claim`, undefined, "auditor");
    expect(await toldOf(403, claim)).toEqual(refused("auditor", "task", other));
    const amend = () =>
      server.api.send("PATCH", `/api/enrolments/${one.id}/patient`, { phone: "1" }, { as: "auditor" });
    expect(await toldOf(403, amend)).toEqual(refused("auditor", "amendment", one));
    const correction = post(`/api/enrolments/${one.id}/events/2/correction`, { reason: "-" }, "auditor");
    expect(await toldOf(403, correction)).toEqual(refused("auditor", "correction", one));
    const event = { type: "radiotherapy.started", data: RADIOTHERAPY };
    expect(await toldOf(403, () => report(server.api, one.id, event, "auditor"))).toEqual(
      refused("auditor", "report", one),
    );
    expect(await toldOf(403, post("/api/audit/verifications", { enrolment: one.id }, "lead"))).toEqual(
      refused("lead", "verification"),
    );
    expect(await toldOf(404, get("/api/enrolments/7f1b3a52-0f5c-4c7e-9d53-1f2f1d1c9a11", "lead"))).toEqual([]);
  });

  it("at every route that there is: the others show nobody's record", async () => {
    const { paths } = (await server.api.get("/docs/json")).body as { paths: Record<string, object> };
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const told = routes.filter((route) => /^\w+ \/api\/(enrolments|patients|tasks|audit)/.test(route));
    expect(told.sort()).toEqual([
      "delete /api/patients/{id}/same-as",
      "get /api/enrolments",
      "get /api/enrolments/{id}",
      "get /api/enrolments/{id}/history",
      "get /api/tasks",
      "get /api/tasks.csv",
      "get /api/tasks/next",
      "patch /api/enrolments/{id}/patient",
      "post /api/audit/verifications",
      "post /api/enrolments",
      "post /api/enrolments/responsible",
      "post /api/enrolments/search",
      "post /api/enrolments/{id}/events",
      "post /api/enrolments/{id}/events/{seq}/correction",
      "post /api/patients/{id}/same-as",
      "post /api/tasks/reassign",
      "post /api/tasks/search",
      "post /api/tasks/{id}/assign",
      "post /api/tasks/{id}/claim",
      "post /api/tasks/{id}/release",
      "post /api/tasks/{id}/snooze",
      "put /api/enrolments/{id}/responsible",
    ]);
    const quiet = /^\w+ \/(api\/(pathways|people|sessions?|sites|stream)\b|docs|health|metrics|problems)/;
    expect(routes.filter((route) => !told.includes(route) && !quiet.test(route))).toEqual([]);
  });
});
