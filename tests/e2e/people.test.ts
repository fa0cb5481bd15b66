import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Body } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, patient, report } from "./support/story.js";

const NURSE = {
  id: "nurse",
  name: "Nora Zzyzxstaff",
  email: "Nora.Zzyzxstaff@Example.org",
  phone: "+47 000 999 888",
  language: "nb",
  roles: [{ role: "coordinator", site: "north" }],
};

describe("people, as an administrator keeps them", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer({ logLevel: "debug" });
    for (const id of ["north", "south"]) {
      await server.api.post("/api/sites", { id, name: id, timeZone: "Europe/Oslo" }, { as: "admin" });
    }
  });
  afterAll(() => server.stop());
  const add = (body: object, key?: string) => server.api.post("/api/people", body, { as: "admin", key });
  const change = (id: string, body: object) => server.api.send("PATCH", `/api/people/${id}`, body, { as: "admin" });
  const list = async (): Promise<Body[]> => (await server.api.get("/api/people", { as: "admin" })).body.items;
  const find = async (id: string) => (await list()).find((person) => person.id === id);
  const signedIn = async (user: string) => {
    const { body } = await server.api.post("/api/session", { user }, { key: null });
    return { headers: { authorization: `Bearer ${body.token}` } };
  };
  const faults = async (reply: Promise<Body>) => {
    const before = await list();
    const { status, body } = await reply;
    expect([status, body.type]).toEqual([422, "/problems/invalid-data"]);
    expect(await list()).toEqual(before);
    return body.errors.map(({ pointer, detail }: Body) => {
      expect(detail).toMatch(/^[A-Z`a-z].*\.$/);
      return pointer;
    });
  };

  it("has the demonstration's seven from the start, and makes none twice", async () => {
    const seven = await list();
    expect(seven.map(({ id, email }) => [id, email])).toEqual(
      ["admin", "auditor", "clinician", "clinician2", "coordinator", "lead", "system"].map((id) => [
        id,
        `${id}@example.org`,
      ]),
    );
    expect(seven.find(({ id }) => id === "clinician2")).toEqual({
      ...{ id: "clinician2", name: "Second demonstration clinician", email: "clinician2@example.org", language: "en" },
      roles: [{ role: "clinician", site: "*" }],
      told: { reminders: ["email"], escalations: ["email"], notifications: ["email"] },
      digest: true,
    });
    await change("clinician2", { language: "de" });
    await server.restart();
    expect(await find("clinician2")).toMatchObject({ language: "de" });
    expect(await list()).toHaveLength(7);
  });

  it("adds one, once, and lets only them have their id and their address", async () => {
    const added = await add(NURSE, "nurse");
    const told = { reminders: ["email"], escalations: ["email"], notifications: ["email"] };
    const expected = { ...NURSE, email: "nora.zzyzxstaff@example.org", told, digest: true };
    expect(added).toMatchObject({ status: 201, body: expected });
    expect((await add(NURSE, "nurse")).body).toEqual(added.body);
    expect((await add(NURSE)).body).toEqual(added.body);
    expect(await find("nurse")).toEqual(expected);
    const taken = { status: 409, body: { type: "/problems/person-exists", person: "nurse" } };
    expect(await add({ ...NURSE, name: "Another" })).toMatchObject(taken);
    expect(await add({ ...NURSE, id: "nurse2", email: "NORA.zzyzxstaff@example.org" })).toMatchObject(taken);
    expect(await change("lead", { email: "nora.zzyzxstaff@example.org" })).toMatchObject(taken);
    const { id: _, ...nameless } = { ...NURSE, email: "other@example.org" };
    const [one, again] = [await add(nameless), await add(nameless)];
    expect(one.body.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(again.body).toEqual(one.body);
  });

  it("changes what is given, and removes what is null", async () => {
    const absent = { from: "2026-07-01", to: "2026-07-14", deputy: "coordinator" };
    const told = { reminders: [], escalations: ["email", "webhook"] };
    expect(await change("nurse", { absent, told, digest: false })).toMatchObject({
      status: 200,
      body: { ...NURSE, email: "nora.zzyzxstaff@example.org", absent, told: { ...told, notifications: ["email"] } },
    });
    const { body } = await change("nurse", { phone: null, absent: null });
    expect(body).not.toHaveProperty("phone");
    expect(body).not.toHaveProperty("absent");
    expect(body).toMatchObject({ digest: false, told });
    expect(await change("nobody", { digest: true })).toMatchObject({ status: 404 });
  });

  it("refuses in a sentence what cannot be, and changes nothing", async () => {
    const absent = (deputy: string) => ({ absent: { from: "2026-07-01", to: "2026-07-14", deputy } });
    const other = { id: "other", name: "Other", email: "someone@example.org", roles: [] };
    expect(await faults(add({ ...other, email: "no address" }))).toEqual(["/email"]);
    expect(await faults(change("lead", { email: "lead@" }))).toEqual(["/email"]);
    expect(await faults(add({ ...other, roles: [{ role: "coordinator", site: "atlantis" }] }))).toEqual([
      "/roles/0/site",
    ]);
    expect(await faults(add({ ...other, roles: [{ role: "surgeon", site: "*" }] }))).toEqual(["/roles/0/role"]);
    expect(await faults(change("clinician", absent("nobody")))).toEqual(["/absent/deputy"]);
    expect(await faults(change("clinician", absent("clinician")))).toEqual(["/absent/deputy"]);
    expect(await faults(change("clinician", absent("coordinator")))).toEqual(["/absent/deputy"]);
    expect(await faults(change("clinician", {}))).toEqual([""]);
    expect(await change("clinician", absent("clinician2"))).toMatchObject({ status: 200 });
    expect(await faults(change("clinician2", absent("lead")))).toEqual(["/absent/deputy"]);
    expect(await faults(change("clinician2", absent("clinician")))).toEqual(["/absent/deputy"]);
    expect(await change("clinician", { absent: null })).toMatchObject({ status: 200 });
    expect(await change("clinician2", absent("clinician"))).toMatchObject({ status: 200 });
    expect(await faults(change("clinician", absent("lead")))).toEqual(["/absent/deputy"]);
    expect(await change("clinician2", { absent: null })).toMatchObject({ status: 200 });
  });

  it("lets one of two circles be, and no two absences that make one at once", async () => {
    const absent = (deputy: string) => ({ absent: { from: "2026-07-01", to: "2026-07-14", deputy } });
    const both = await Promise.all([
      change("clinician", absent("clinician2")),
      change("clinician2", absent("clinician")),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 422]);
    for (const id of ["clinician", "clinician2"]) await change(id, { absent: null });
  });

  it("shows whoever holds a role at one site nothing of another", async () => {
    const north = await enrol(server.api, { site: "north", patient: patient({ familyName: "Northern" }) });
    const south = await enrol(server.api, { site: "south", patient: patient({ familyName: "Southern" }) });
    const nurse = await signedIn("nurse");
    const { api } = server;
    expect((await api.get("/api/enrolments", nurse)).body.items.map(({ id }: Body) => id)).toEqual([north.id]);
    const { items } = (await api.get("/api/tasks?limit=500", nurse)).body;
    expect(new Set(items.map(({ enrolmentId }: Body) => enrolmentId))).toEqual(new Set([north.id]));
    const search = await api.post("/api/enrolments/search", { q: "Southern" }, { ...nurse, key: null });
    expect(search.body.items).toEqual([]);
    expect(await api.get(`/api/enrolments/${north.id}`, nurse)).toMatchObject({ status: 200 });
    const closed: [string, string, object?][] = [
      ["GET", `/api/enrolments/${south.id}`],
      ["GET", `/api/enrolments/${south.id}/history`],
      ["POST", `/api/tasks/${south.tasks[0].id}/claim`],
      ["PATCH", `/api/enrolments/${south.id}/patient`, { phone: "1" }],
      ["POST", `/api/enrolments/${south.id}/events`, { type: "pain.scored", data: { index: 5, redFlags: [] } }],
      ["POST", "/api/enrolments", { pathway: south.pathway.id, site: "south", patient: patient() }],
    ];
    for (const [method, path, body] of closed) {
      expect([path, (await api.send(method, path, body, nurse)).status]).toEqual([path, 403]);
    }
    await change("nurse", { roles: [{ role: "coordinator", site: "south" }] });
    expect((await api.get("/api/enrolments", nurse)).body.items.map(({ id }: Body) => id)).toEqual([south.id]);
    await change("nurse", { roles: [] });
    expect(await api.get("/api/enrolments", nurse)).toMatchObject({ status: 403 });
    await change("nurse", { roles: NURSE.roles });
  });

  it("knows them as performers at their sites", async () => {
    const event = { type: "pain.scored", performer: "nurse", data: { index: 5, redFlags: [] } };
    const [north, south] = [await enrol(server.api, { site: "north" }), await enrol(server.api, { site: "south" })];
    expect(await report(server.api, north.id, event)).toMatchObject({ status: 201 });
    expect(await report(server.api, south.id, event)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/performer" }] },
    });
  });

  it("says who is on call, and refuses whoever does not hold the role there", async () => {
    const put = (site: string, body: object) =>
      server.api.send("PUT", `/api/sites/${site}/on-call`, body, { as: "admin" });
    const night = { person: "nurse", days: [1, 2, 3, 4, 5], from: "18:00", to: "08:00" };
    const onCall = { coordinator: [night, "coordinator"], clinician: ["clinician2"] };
    expect(await put("north", onCall)).toMatchObject({ status: 200, body: { id: "north", onCall } });
    const { items } = (await server.api.get("/api/sites", { as: "auditor" })).body;
    expect(items.find(({ id }: Body) => id === "north")).toMatchObject({ onCall });
    expect(await put("nowhere", onCall)).toMatchObject({ status: 404 });
    const refused = async (body: object, site = "north") => {
      const reply = await put(site, body);
      expect([reply.status, reply.body.type]).toEqual([422, "/problems/invalid-data"]);
      return reply.body.errors;
    };
    expect(await refused(onCall, "south")).toEqual([
      {
        pointer: "/coordinator/0/person",
        detail: "nurse does not hold the role coordinator at the site south.",
      },
    ]);
    expect(await refused({ lead: ["nobody"] })).toEqual([
      { pointer: "/lead/0", detail: "Nobody is known by this id." },
    ]);
    for (const hours of [{ from: "18:00" }, { to: "18:00" }, { from: "25:00", to: "08:00" }, { days: [8] }]) {
      const errors = await refused({ coordinator: [{ person: "nurse", ...hours }] });
      expect(errors).not.toEqual([]);
      for (const { pointer } of errors) expect(pointer).toMatch(/^\/coordinator\/0/);
    }
    const site = { id: "east", name: "East", timeZone: "Europe/Oslo", onCall: { lead: ["nurse"] } };
    expect(await server.api.post("/api/sites", site, { as: "admin" })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/onCall/lead/0" }] },
    });
    expect((await server.api.get("/api/sites", { as: "auditor" })).body.items).toEqual(items);
  });

  it("tells the log nothing of anybody's name, address or telephone", () => {
    expect(server.log.join("\n")).not.toMatch(/zzyzxstaff|999 888|@example/i);
  });
});
