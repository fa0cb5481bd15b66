import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Body, Reply } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, patient, PATHWAY, RADIOTHERAPY, report } from "./support/story.js";

let server: Server;
beforeAll(async () => void (server = await startServer()));
afterAll(() => server.stop());

const some = () => ({ system: "mrn", value: randomUUID() });
const amend = (id: string, changes: object): Promise<Reply> =>
  server.api.send("PATCH", `/api/enrolments/${id}/patient`, changes, { as: "coordinator" });
const tryEnrol = (changes: Record<string, unknown>): Promise<Reply> =>
  server.api.post("/api/enrolments", { pathway: PATHWAY, patient: patient(changes) }, { as: "coordinator" });

describe("one name is enough, and a birth date may be unknown", () => {
  it("is shown as it was given", async () => {
    const mononymous = await enrol(server.api, { patient: patient({ familyName: "Suharto", givenName: undefined }) });
    expect(mononymous.patient).toEqual({
      ...{ id: expect.any(String), identifiers: expect.any(Array) },
      ...{ familyName: "Suharto", birthDate: "1960-04-12" },
    });
    const unknown = await enrol(server.api, {
      patient: patient({ familyName: undefined, birthDate: undefined, birthDateUnknown: true }),
    });
    expect(unknown.patient).toEqual({
      ...{ id: expect.any(String), identifiers: expect.any(Array) },
      ...{ givenName: "Ada", birthDateUnknown: true },
    });
    const { body } = await server.api.get(`/api/enrolments/${unknown.id}`, { as: "clinician" });
    expect(body.patient).toEqual(unknown.patient);
    const found = await server.api.post("/api/enrolments/search", { q: "suharto" }, { as: "lead", key: null });
    expect(found.body.items).toMatchObject([{ id: mononymous.id }]);
  });

  it("with no name at all, no birth date or one both given and unknown: one sentence for each fault, and all at once", async () => {
    const faults = async (changes: Record<string, unknown>) => {
      const { status, body } = await tryEnrol(changes);
      expect(status).toBe(422);
      return body.errors;
    };
    const noName = {
      pointer: "/patient/familyName",
      detail: "Give a family name or a given name: one is enough.",
    };
    const noBirth = {
      pointer: "/patient/birthDate",
      detail: "Give a birth date (a date, a month or a year), or birthDateUnknown: true where nobody knows it.",
    };
    const nameless = { familyName: undefined, givenName: undefined };
    expect(await faults(nameless)).toEqual([noName]);
    expect(await faults({ birthDate: undefined })).toEqual([noBirth]);
    expect(await faults({ birthDate: undefined, birthDateUnknown: false })).toEqual([noBirth]);
    expect(await faults({ birthDateUnknown: true })).toEqual([
      { pointer: "/patient/birthDateUnknown", detail: "A birth date is given or unknown, not both." },
    ]);
    expect(await faults({ ...nameless, birthDate: "1960-02-30" })).toMatchObject([
      { pointer: "/patient/birthDate" },
      noName,
    ]);
  });

  it("does not hold up what happened, whenever that was", async () => {
    const { id } = await enrol(server.api, {
      patient: patient({ birthDate: undefined, birthDateUnknown: true }),
      occurredAt: "2026-01-10",
    });
    const early = { type: "radiotherapy.started", occurredAt: "1900-01-01", data: RADIOTHERAPY };
    expect((await report(server.api, id, early)).body.type).toBe("/problems/before-enrolment");
  });

  it("can be added later, and a placeholder taken away", async () => {
    const person = patient({ givenName: ".", birthDate: undefined, birthDateUnknown: true });
    const { id } = await enrol(server.api, { patient: person });
    const known = await amend(id, { birthDate: "1948-03", givenName: null });
    expect(known.status).toBe(200);
    expect(known.body.patient).not.toHaveProperty("birthDateUnknown");
    expect(known.body.patient).not.toHaveProperty("givenName");
    expect(known.body.patient).toMatchObject({ familyName: "Example", birthDate: "1948-03" });
    expect((await amend(id, { familyName: null })).body.errors).toMatchObject([{ pointer: "/familyName" }]);
    expect((await amend(id, { birthDate: "2026-07-01" })).body.errors).toMatchObject([{ pointer: "/birthDate" }]);
    expect((await amend(id, { birthDate: "1948", birthDateUnknown: true })).status).toBe(422);
    const unknown = await amend(id, { birthDateUnknown: true });
    expect(unknown.body.patient).toMatchObject({ birthDateUnknown: true });
    expect(unknown.body.patient).not.toHaveProperty("birthDate");
  });
});

describe("two people change one patient at once", () => {
  it("who looked before the other has written is told so", async () => {
    const { id, seq, patient: person } = await enrol(server.api);
    const [a] = person.identifiers;
    const [b, c] = [some(), some()];
    const [first, second] = await Promise.all([
      amend(id, { identifiers: [a, b], ifSeq: seq }),
      amend(id, { identifiers: [a, c], ifSeq: seq }),
    ]);
    const [done, stale] = first.status === 200 ? [first, second] : [second, first];
    expect(done.status).toBe(200);
    expect(stale).toMatchObject({ status: 409, body: { type: "/problems/stale", seq: done.body.seq } });
    const { body } = await server.api.get(`/api/enrolments/${id}`, { as: "clinician" });
    expect(body.patient.identifiers).toEqual(done.body.patient.identifiers);
  });

  it("who read another enrolment of the patient is told as well that the data has changed since", async () => {
    const person = patient();
    const [a] = person["identifiers"] as Body[];
    const first = await enrol(server.api, { patient: person });
    await server.api.post(
      `/api/enrolments/${first.id}/events`,
      { type: "pathway.exited", data: { reason: "completed" } },
      { as: "clinician" },
    );
    const second = await enrol(server.api, { patient: person });
    const read = async (id: string): Promise<Body> =>
      (await server.api.get(`/api/enrolments/${id}`, { as: "clinician" })).body;
    const [one, two] = [await read(first.id), await read(second.id)];
    const [b, c] = [some(), some()];
    expect((await amend(first.id, { identifiers: [a, b], ifSeq: one.seq })).status).toBe(200);
    const late = await amend(second.id, { identifiers: [a, c], ifSeq: two.seq });
    expect(late).toMatchObject({ status: 409, body: { type: "/problems/stale", seq: two.seq + 1 } });
    const { seq, patient: now } = await read(second.id);
    expect(now.identifiers).toEqual([a, b]);
    expect((await amend(second.id, { identifiers: [a, b, c], ifSeq: seq })).status).toBe(200);
    const { body } = await server.api.get(`/api/enrolments/${first.id}/history?limit=500`, { as: "auditor" });
    expect(body.items.filter(({ kind }: Body) => kind === "patient")).toMatchObject([
      { type: "patient.amended", by: "coordinator", data: { changes: { identifiers: [a, b] } } },
      { type: "patient.amended", by: "coordinator", data: { changes: { identifiers: [a, b, c] } } },
    ]);
  });

  it("a patient has at most twenty identifiers, and the sentence says so", async () => {
    const person = patient({ identifiers: Array.from({ length: 19 }, some) });
    const { id } = await enrol(server.api, { patient: person });
    const [one, two] = [some(), some()];
    expect((await amend(id, { addIdentifiers: [one] })).status).toBe(200);
    const detail = "A patient has at most 20 identifiers: remove those that hold no more.";
    expect(await amend(id, { addIdentifiers: [two] })).toMatchObject({
      status: 422,
      body: { detail, errors: [{ pointer: "/addIdentifiers", detail }] },
    });
    expect((await amend(id, { addIdentifiers: [two], removeIdentifiers: [one] })).status).toBe(200);
    await server.api.post(
      `/api/enrolments/${id}/events`,
      { type: "pathway.exited", data: { reason: "completed" } },
      { as: "clinician" },
    );
    const again = { ...person, identifiers: [two, one] };
    const body = { pathway: PATHWAY, patient: again };
    expect(await server.api.post("/api/enrolments", body, { as: "coordinator" })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/patient/identifiers", detail }] },
    });
  });

  it("that a birth date is not unknown is neither kept nor shown", async () => {
    const { id, patient: shown } = await enrol(server.api, { patient: patient({ birthDateUnknown: false }) });
    expect(shown).not.toHaveProperty("birthDateUnknown");
    const read = (await server.api.get(`/api/enrolments/${id}`, { as: "clinician" })).body.patient;
    expect(read).toEqual(shown);
  });

  it("single identifiers are added and removed, and nobody undoes what the other did", async () => {
    const { id, patient: person } = await enrol(server.api);
    const [a] = person.identifiers;
    const [b, c] = [some(), some()];
    await Promise.all([amend(id, { addIdentifiers: [b] }), amend(id, { addIdentifiers: [c] })]);
    const both = (await server.api.get(`/api/enrolments/${id}`, { as: "clinician" })).body.patient.identifiers;
    expect(both).toHaveLength(3);
    expect(both).toEqual(expect.arrayContaining([a, b, c]));
    const spelled = { ...b, value: b.value.toUpperCase() };
    expect((await amend(id, { addIdentifiers: [spelled] })).body.patient.identifiers).toHaveLength(3);
    const left = await amend(id, { removeIdentifiers: [a, spelled] });
    expect(left.body.patient.identifiers).toEqual([c]);
    const { body } = await server.api.get(`/api/enrolments/${id}/history?limit=500`, { as: "auditor" });
    const records = body.items.filter(({ kind }: Body) => kind === "patient");
    expect(records.map(({ data }: Body) => data.fields)).toEqual([["identifiers"], ["identifiers"], ["identifiers"]]);
    const [stored] = await server.database.owner.query(
      `select string_agg(data::text, ' ') as data from record where enrolment_id = $1 and kind = 'patient'`,
      [id],
    );
    expect(stored.data).not.toContain(c.value);
    await enrol(server.api, { patient: patient({ identifiers: [a] }) });
  });

  it("the last identifier stays, what the patient has not got cannot be removed, and the list goes with neither", async () => {
    const { id, patient: person } = await enrol(server.api);
    const [a] = person.identifiers;
    expect(await amend(id, { removeIdentifiers: [a] })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/removeIdentifiers", detail: "A patient keeps at least one identifier." }] },
    });
    expect((await amend(id, { removeIdentifiers: [some(), a] })).body.errors).toEqual([
      { pointer: "/removeIdentifiers/0", detail: "The patient has no such identifier." },
    ]);
    expect((await amend(id, { identifiers: [a], addIdentifiers: [some()] })).body.errors).toEqual([
      { pointer: "/identifiers", detail: "Give either all identifiers, or those to add and to remove." },
    ]);
    expect((await amend(id, { addIdentifiers: [some()], removeIdentifiers: [a] })).status).toBe(200);
  });

  it("an identifier of another patient is refused, and the answer names whose it is to who may read it", async () => {
    const other = await enrol(server.api);
    const { id, patient: person } = await enrol(server.api);
    const [identifier] = other.patient.identifiers;
    const refused = await amend(id, { addIdentifiers: [identifier] });
    expect(refused).toMatchObject({
      status: 409,
      body: {
        type: "/problems/duplicate-identifier",
        detail: `One of the identifiers belongs to another patient. See patient ${other.patient.id} (enrolment ${other.id}). If they are one person, say so with POST /api/patients/{id}/same-as.`,
        patients: [{ id: other.patient.id, enrolments: [other.id] }],
      },
    });
    expect(JSON.stringify(refused.body)).not.toContain(identifier.value);
    const both = await tryEnrol({ identifiers: [identifier, ...person.identifiers] });
    expect(both).toMatchObject({ status: 409, body: { type: "/problems/duplicate-identifier" } });
    expect(both.body.patients).toHaveLength(2);
    expect(both.body.patients).toEqual(
      expect.arrayContaining([
        { id: person.id, enrolments: [id] },
        { id: other.patient.id, enrolments: [other.id] },
      ]),
    );
  });

  it("language and consent are personal data as well", async () => {
    const { id } = await enrol(server.api, { patient: patient({ language: "pl" }) });
    const changes = { language: "zh-Hant", phone: "555 0199", contactConsent: { sms: true } };
    expect((await amend(id, changes)).body.patient).toMatchObject(changes);
    expect((await amend(id, { contactConsent: { email: false } })).body.patient.contactConsent).toEqual({
      ...{ sms: true, email: false },
    });
    expect((await amend(id, { phone: null, language: null })).body.patient).not.toHaveProperty("phone");
    expect((await amend(id, { language: "not a tag" })).body.errors).toMatchObject([{ pointer: "/language" }]);
    const [{ text }] = await server.database.owner.query(
      `select string_agg(record::text, ' ') as text from record where enrolment_id = $1`,
      [id],
    );
    expect(text).not.toMatch(/zh-Hant|555 0199/);
  });
});
