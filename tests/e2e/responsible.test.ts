import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Body, Options, User } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, patient, report } from "./support/story.js";

describe("an enrolment has a responsible coordinator", () => {
  let server: Server;
  /** Coordinators beside the demonstration's, signed in. */
  let berta: Options;
  let carla: Options;
  beforeAll(async () => {
    server = await startServer();
    await server.api.post("/api/sites", { id: "north", name: "North", timeZone: "UTC" }, { as: "admin" });
    berta = await signedIn("berta", "*");
    carla = await signedIn("carla", "main");
  });
  afterAll(() => server.stop());
  const signedIn = async (id: string, site: string): Promise<Options> => {
    const person = { id, name: id, email: `${id}@example.org`, roles: [{ role: "coordinator", site }] };
    expect(await server.api.post("/api/people", person, { as: "admin" })).toMatchObject({ status: 201 });
    const { body } = await server.api.post("/api/session", { user: id }, { key: null });
    return { headers: { authorization: `Bearer ${body.token}` } };
  };
  const responsibleFor = async (id: string) =>
    (await server.api.get(`/api/enrolments/${id}`, { as: "lead" })).body.responsible;
  const put = (id: string, body: object, as: User = "lead") =>
    server.api.send("PUT", `/api/enrolments/${id}/responsible`, body, { as });
  const handOver = (body: object, options: Options = { as: "lead" }) =>
    server.api.post("/api/enrolments/responsible", body, options);
  const mine = async (options: Options) => (await server.api.get("/api/tasks?assignee=me&limit=500", options)).body;
  const enrolmentsOf = ({ items }: Body) => [...new Set(items.map(({ enrolmentId }: Body) => enrolmentId))];

  it("who is the one that enrolled the patient", async () => {
    const { id } = await enrol(server.api);
    expect(await responsibleFor(id)).toBe("coordinator");
    expect(await responsibleFor((await enrol(server.api, {}, "clinician")).id)).toBeNull();
    const then = await server.api.get(`/api/enrolments/${id}?asOf=2026-06-15`, { as: "lead" });
    expect(then.body).not.toHaveProperty("responsible");
  });

  it("who is changed, with a record in the history", async () => {
    const { id } = await enrol(server.api);
    const reply = await put(id, { person: "berta", reason: "She knows the family." });
    expect(reply).toMatchObject({ status: 200, body: { id, responsible: "berta", status: "active" } });
    expect(await responsibleFor(id)).toBe("berta");
    const { items } = (await server.api.get(`/api/enrolments/${id}/history?limit=500`, { as: "auditor" })).body;
    expect(items.at(-1)).toMatchObject({
      ...{ kind: "enrolment", type: "enrolment.reassigned", by: "lead", reason: "She knows the family." },
      detail: { responsible: "berta", before: "coordinator" },
    });
    await put(id, { person: "berta" });
    const again = (await server.api.get(`/api/enrolments/${id}/history?limit=500`, { as: "auditor" })).body.items;
    expect(again).toEqual(items);
  });

  it("who holds the role at the site, else nothing is changed", async () => {
    const { id, seq } = await enrol(server.api, { site: "north" });
    for (const person of ["carla", "clinician", "lead", "nobody"]) {
      expect(await put(id, { person })).toMatchObject({
        status: 422,
        body: {
          type: "/problems/invalid-data",
          errors: [{ pointer: "/person", detail: `${person} does not hold the role coordinator at the site north.` }],
        },
      });
    }
    const { body } = await server.api.get(`/api/enrolments/${id}`, { as: "lead" });
    expect(body).toMatchObject({ responsible: "coordinator", seq });
    expect(await server.api.send("PUT", `/api/enrolments/${id}/responsible`, { person: "berta" }, carla)).toMatchObject(
      {
        status: 403,
      },
    );
    expect(await put(randomUUID(), { person: "berta" })).toMatchObject({ status: 404 });
  });

  it("to whom its coordinator's tasks fall, until somebody claims one", async () => {
    const { id, tasks } = await enrol(server.api, { occurredAt: "2026-04-01" });
    await report(server.api, id, { type: "redFlag.reported", data: { signs: ["newWeakness"] } });
    await put(id, { person: "carla" });
    const before = await mine(carla);
    expect(enrolmentsOf(before)).toEqual([id]);
    expect(before.items.map(({ key }: Body) => key).sort()).toEqual(tasks.map(({ key }: Body) => key).sort());
    expect(before.items.every(({ role, assignee }: Body) => role === "coordinator" && assignee === undefined)).toBe(
      true,
    );
    expect(before.counts).toMatchObject({ overdue: tasks.length, urgent: 0 });

    const [first, second, ...others] = before.items;
    await server.api.post(`/api/tasks/${first.id}/claim`, undefined, berta);
    await server.api.post(`/api/tasks/${second.id}/claim`, undefined, carla);
    const after = await mine(carla);
    expect(after.items.map((task: Body) => task.id)).toEqual([second, ...others].map((task: Body) => task.id));
    expect((await mine(berta)).items.map((task: Body) => task.id)).toContain(first.id);
    await put(id, { person: "coordinator" });
    expect((await mine(carla)).items.map((task: Body) => task.id)).toEqual([second.id]);
    await server.api.post(`/api/tasks/${second.id}/release`, undefined, carla);
    expect((await mine(carla)).items).toEqual([]);
    const closed = await server.api.get("/api/tasks?assignee=me&status=closed", { as: "coordinator" });
    expect(closed.body.items).toEqual([]);
  });

  it("who hands all of theirs over at once, or some of them", async () => {
    const dora = await signedIn("dora", "*");
    const made = await Promise.all(
      ["main", "main", "north", "main"].map(async (site) => {
        const body = { pathway: (await server.api.get("/api/pathways", { as: "lead" })).body.items[0].id, site };
        return (await server.api.post("/api/enrolments", { ...body, patient: patient() }, dora)).body.id as string;
      }),
    );
    const [one, two, north, exited] = made as [string, string, string, string];
    await report(server.api, exited, { type: "pathway.exited", data: { reason: "completed" } });

    const some = { from: "dora", to: "berta", enrolments: [one.toUpperCase(), exited, randomUUID()], reason: "Away" };
    const key = randomUUID();
    const first = await handOver(some, { as: "lead", key });
    expect(first).toMatchObject({ status: 200, body: { changed: [one] } });
    expect(first.body.unchanged.map(({ enrolment }: Body) => enrolment)).toEqual(some.enrolments.slice(1));
    expect(first.body.unchanged[0].detail).toMatch(/dora is responsible/);
    expect(await handOver({ ...some, to: "carla" }, { as: "lead", key })).toMatchObject({
      status: 422,
      body: { type: "/problems/key-reused" },
    });
    expect([await responsibleFor(one), await responsibleFor(two)]).toEqual(["berta", "dora"]);

    expect(await handOver({ from: "dora", to: "carla", reason: "Away" })).toMatchObject({
      status: 422,
      body: {
        errors: [{ pointer: "/to", detail: "carla does not hold the role coordinator at the site north." }],
      },
    });
    expect([await responsibleFor(two), await responsibleFor(north)]).toEqual(["dora", "dora"]);

    // At her own site only, and nobody's who has left.
    const hers = await handOver({ from: "dora", to: "carla", reason: "Away" }, carla);
    expect(hers).toMatchObject({ status: 200, body: { changed: [two], unchanged: [] } });
    const rest = await handOver({ from: "dora", to: "berta", reason: "Away" });
    expect(rest.body).toEqual({ changed: [north], unchanged: [] });
    const ends = await Promise.all([one, two, north, exited].map(responsibleFor));
    expect(ends).toEqual(["berta", "carla", "berta", "dora"]);
    expect(await handOver({ from: "dora", to: "berta" })).toMatchObject({ status: 422 });
    expect(await handOver({ from: "berta", to: "berta", reason: "-" })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/to", detail: "They are responsible already." }] },
    });
  });
});
