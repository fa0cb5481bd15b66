import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Body } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, PATHWAY, patient, report } from "./support/story.js";

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

  it("never takes a name for a prototype", async () => {
    const body = enrolment().replace('"patient":{', '"patient":{"__proto__":{"phone":"1"},');
    expect(await send(body)).toMatchObject({ status: 400 });
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
