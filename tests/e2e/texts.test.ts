import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Body } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, PATHWAY, patient, RADIOTHERAPY, report } from "./support/story.js";

describe("a body is text that says each thing once", () => {
  let server: Server;
  beforeAll(async () => void (server = await startServer()));
  afterAll(() => server.stop());

  async function send(body: Uint8Array<ArrayBuffer> | string, type = "application/json", path = "/api/enrolments") {
    const token = await server.api.token(path === "/api/enrolments" ? "coordinator" : "admin");
    const headers = { authorization: `Bearer ${token}`, "idempotency-key": randomUUID(), "content-type": type };
    const response = await fetch(server.api.url + path, { method: "POST", headers, body });
    return { status: response.status, body: (await response.json()) as Body };
  }

  const enrolment = (familyName = "Example"): string =>
    JSON.stringify({ pathway: PATHWAY, patient: patient({ familyName }) });

  it("400 for Latin-1, naming the byte, whether JSON or YAML", async () => {
    const body = enrolment("Müller");
    const byte = Buffer.from(body.slice(0, body.indexOf("ü"))).length + 1;
    const told = {
      type: "/problems/malformed-request",
      detail: expect.stringContaining(`Byte ${byte} of line 1 is not`),
    };
    expect(await send(Buffer.from(body, "latin1"))).toMatchObject({ status: 400, body: told });
    const yaml = await send(Buffer.from("id: x\ntitle: é\n", "latin1"), "application/yaml", "/api/pathways");
    expect(yaml).toMatchObject({ status: 400, body: { detail: expect.stringContaining("Byte 8 of line 2") } });
  });

  it("takes a byte order mark and any way to say UTF-8", async () => {
    for (const type of ["application/json; charset=utf-8", 'application/json;charset="UTF-8"', "application/json"]) {
      const { status, body } = await send(`\ufeff${enrolment("Müller")}`, type);
      expect([status, body.patient.familyName]).toEqual([201, "Müller"]);
    }
  });

  it("415 for another charset, 400 for UTF-16, which is named", async () => {
    for (const type of ["application/json; charset=iso-8859-1", "application/json; charset=utf-16"]) {
      const told = { type: "/problems/unsupported-media-type", detail: expect.stringContaining("UTF-8") };
      expect(await send(Buffer.from(enrolment(), "latin1"), type)).toMatchObject({ status: 415, body: told });
    }
    const yaml = await send("id: x", "text/yaml; charset=windows-1252", "/api/pathways");
    expect(yaml.status).toBe(415);
    const told = { detail: expect.stringContaining("UTF-16") };
    expect(await send(Buffer.from(`\ufeff${enrolment()}`, "utf16le"))).toMatchObject({ status: 400, body: told });
  });

  it("422 for a key given twice, with its pointer beside every other fault, in the order of the request", async () => {
    const body = enrolment().replace('"givenName":', '"givenName":"\\ud800","birthDate":"x","givenName":');
    const reply = await send(body.replace('"pathway":', '"pathway":"\\u0000","site":"\\u0000","pathway":'));
    expect(reply).toMatchObject({ status: 422, body: { type: "/problems/invalid-data" } });
    const pointers = ["/pathway", "/site", "/patient/givenName", "/patient/birthDate"];
    expect(reply.body.errors.map(({ pointer }: Body) => pointer)).toEqual(pointers);
    const json = '{"id":"x","title":"a","title":"b"}';
    const document = await send(json, "application/json", "/api/pathways");
    expect(document).toMatchObject({ status: 422, body: { errors: [{ pointer: "/title" }] } });
  });

  it("never takes a name for a prototype, and says where it stands", async () => {
    const body = enrolment().replace('"patient":{', '"patient":{"__proto__":{"phone":"1"},');
    const errors = [{ pointer: "/patient", detail: expect.stringContaining("`__proto__`") }];
    expect(await send(body)).toMatchObject({ status: 400, body: { type: "/problems/malformed-request", errors } });
    expect((await send("{")).body).not.toHaveProperty("errors");
  });

  const errorsOf = async (body: object): Promise<Body[]> => {
    const reply = await send(JSON.stringify({ pathway: PATHWAY, ...body }));
    expect(reply.status).toBe(422);
    return reply.body.errors;
  };
  const pointersOf = (errors: Body[]): string[] => errors.map(({ pointer }) => pointer);

  it("422 with all that is wrong, whatever else of the form is", async () => {
    expect(pointersOf(await errorsOf({ patient: { identifiers: [] } }))).toEqual([
      ...["/patient/identifiers", "/patient/familyName", "/patient/birthDate"],
    ]);
    const { familyName: _, givenName: __, ...nameless } = patient({ birthDate: "2050", zz: 1 });
    const assessed = { type: "response.assessed", data: {}, occurredAt: "2039-01-01" };
    const errors = pointersOf(await errorsOf({ patient: nameless, occurredAt: "2040-01-01", events: [assessed] }));
    expect(errors).toEqual(
      expect.arrayContaining([
        ...["/patient/zz", "/patient/familyName", "/patient/birthDate", "/occurredAt"],
        ...["/events/0/occurredAt", "/events/0/type", "/events/0/data/subjective"],
      ]),
    );
    expect(new Set(errors).size).toBe(errors.length);
    expect(pointersOf(await errorsOf({ site: "nope", version: "9.9.9", patient: nameless }))).toEqual([
      ...["/site", "/version", "/patient/birthDate", "/patient/zz", "/patient/familyName"],
    ]);
    // What is broken brings about no second fault.
    const broken = patient({ familyName: undefined, givenName: 5, birthDate: 1950 });
    const scored = { ...assessed, type: "pain.scored", data: { index: 2, redFlags: [] } };
    expect(
      pointersOf(await errorsOf({ site: 5, patient: broken, events: [scored, { ...assessed, data: 5 }] })),
    ).toEqual([
      ...["/site", "/patient/givenName", "/patient/birthDate"],
      ...["/events/0/occurredAt", "/events/1/data", "/events/1/occurredAt"],
    ]);
  });

  it("422 the same for a correction and for a patient's data", async () => {
    const started = { type: "radiotherapy.started", data: RADIOTHERAPY, occurredAt: "2026-06-01" };
    const { id } = await enrol(server.api, { occurredAt: "2026-05-01" });
    const { seq } = (await report(server.api, id, started)).body.event;
    const correct = async (body: object): Promise<string[]> => {
      const path = `/api/enrolments/${id}/events/${seq}/correction`;
      const reply = await server.api.post(path, body, { as: "clinician" });
      expect(reply.status).toBe(422);
      return pointersOf(reply.body.errors);
    };
    const wrong = { data: { ...RADIOTHERAPY, intent: "wrong" }, occurredAt: "2040-01-01" };
    expect(await correct({ ...wrong, reason: " " })).toEqual(["/data/intent", "/occurredAt", "/reason"]);
    expect(await correct({ ...wrong, zz: 1 })).toEqual(["/data/intent", "/occurredAt", "/zz", "/reason"]);
    const amend = async (body: object): Promise<string[]> => {
      const reply = await server.api.send("PATCH", `/api/enrolments/${id}/patient`, body, { as: "coordinator" });
      expect(reply.status).toBe(422);
      return pointersOf(reply.body.errors);
    };
    const removeIdentifiers = [{ system: "mrn", value: randomUUID() }];
    const nobody = { familyName: null, givenName: null, birthDate: "2050", removeIdentifiers };
    const pointers = ["/familyName", "/birthDate", "/removeIdentifiers/0"];
    expect(await amend(nobody)).toEqual(pointers);
    expect(await amend({ ...nobody, zz: 1 })).toEqual([...pointers, "/zz"]);
    const history = await server.api.get(`/api/enrolments/${id}/history?limit=500`, { as: "auditor" });
    const refusals = history.body.items.filter(({ kind }: Body) => kind === "refusal");
    expect(refusals).toMatchObject([{ type: "radiotherapy.started", corrects: seq }]);
  });

  it("one fault, one sentence, which says what to write", async () => {
    const empty = { identifiers: [{ system: "", value: " " }], familyName: "", birthDate: "12.4.60", email: "x" };
    const sentences = (await errorsOf({ patient: empty })).map(({ pointer, detail }) => [pointer, detail]);
    expect(sentences).toEqual([
      ["/patient/identifiers/0/system", "`patient.identifiers.0.system` must not be empty."],
      [
        "/patient/identifiers/0/value",
        "`patient.identifiers.0.value` does not fit its description: At least one letter or digit.",
      ],
      ["/patient/familyName", "`patient.familyName` must not be empty."],
      [
        "/patient/birthDate",
        "`patient.birthDate` does not fit its description: A date, a month or a year, such as 1950-03-17, 1950-03 or 1950.",
      ],
      ["/patient/email", "`patient.email` must be an e-mail address, such as ada@example.org."],
    ]);
    const { id } = await enrol(server.api);
    const amend = async (body: object): Promise<string[]> => {
      const reply = await server.api.send("PATCH", `/api/enrolments/${id}/patient`, body, { as: "coordinator" });
      return reply.body.errors.map(({ detail }: Body) => detail);
    };
    expect(await amend({})).toEqual(["The data must have at least 1 field."]);
    expect(await amend({ email: "x", familyName: " ", givenName: 5 })).toEqual([
      "`email` must be an e-mail address, such as ada@example.org.",
      "`familyName` does not fit its description: At least one character that can be seen.",
      "`givenName` must be a text or null.",
    ]);
  });

  it("422 for an identifier, a name or a source of which nothing is left", async () => {
    const identifiers = [{ system: "\u200b", value: "\u3164" }];
    const nobody = patient({ identifiers, familyName: "\u202e", givenName: "\u0007 " });
    const source = { system: "\u00ad", id: " " };
    const events = [{ type: "contact.made", occurredAt: "2026-06-01", data: { channel: "phone" }, source }];
    const reply = await send(JSON.stringify({ pathway: PATHWAY, patient: nobody, events }));
    expect(reply.status).toBe(422);
    const pointers = reply.body.errors.map(({ pointer }: Body) => pointer);
    expect(pointers.slice(0, 4).sort()).toEqual([
      ...["/patient/familyName", "/patient/givenName"],
      ...["/patient/identifiers/0/system", "/patient/identifiers/0/value"],
    ]);
    expect(pointers.slice(4)).toEqual(["/events/0/source/system", "/events/0/source/id"]);
  });

  it("422 with the faults of the form and of each event's data together, in the order of the request", async () => {
    const scored = { type: "pain.scored", occurredAt: "2026-05-01", data: { index: 11, redFlags: ["newWeakness"] } };
    const events = [
      scored,
      { ...scored, data: { index: 2, redFlags: [] }, occurredAt: "yesterday", nonsense: 1 },
      { ...scored, type: "nothing.known" },
      { type: 5 },
    ];
    const { identifiers: _, ...unidentified } = patient();
    const reply = await send(JSON.stringify({ patinet: 1, pathway: PATHWAY, events, patient: unidentified }));
    expect(reply).toMatchObject({ status: 422, body: { offer: { type: "redFlag.reported" } } });
    const [first, ...more] = reply.body.errors.map(({ pointer }: Body) => pointer);
    expect(first).toBe("/patinet");
    expect(more.slice(0, 4)).toEqual([
      ...["/events/0/data/index", "/events/1/occurredAt", "/events/1/nonsense", "/events/2/type"],
    ]);
    expect(more.slice(4)).toEqual(expect.arrayContaining(["/events/3/type", "/events/3/data", "/patient/identifiers"]));
    const { id } = await enrol(server.api);
    const event = { type: "pain.scored", data: { index: 11, redFlags: [] }, occurredAt: "yesterday", nto: "x" };
    const reported = await report(server.api, id, event);
    expect(reported.body.errors.map(({ pointer }: Body) => pointer)).toEqual(["/data/index", "/occurredAt", "/nto"]);
  });
});
