import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Server, startServer } from "./support/server.js";
import { enrol, patient, PATHWAY, report } from "./support/story.js";

const MARKER = "Zzyzxmarker";

describe("personal data stays where it belongs", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer({ logLevel: "trace" });
  });
  afterAll(() => server.stop());

  it("stands in no log line, no error and no clear column", async () => {
    const marked = patient({
      familyName: MARKER,
      givenName: `${MARKER}Given`,
      email: `${MARKER}@example.org`,
      phone: `${MARKER}1`,
      identifiers: [{ system: "urn:x", value: `${MARKER}-7` }],
    });
    const { id } = await enrol(server.api, { patient: marked });
    const errors = [
      await server.api.post("/api/enrolments", { pathway: PATHWAY, patient: marked }, { as: "coordinator" }),
      await server.api.post(
        "/api/enrolments",
        { pathway: MARKER, patient: { ...marked, birthDate: MARKER } },
        { as: "lead" },
      ),
      await server.api.post("/api/enrolments", `{"patient": "${MARKER}`, { as: "lead" }),
      await report(server.api, id, { type: "radiotherapy.declined", data: { reason: 7 }, note: MARKER }),
      await report(server.api, id, { type: "therapy.discharged", data: {}, note: MARKER }),
      await report(server.api, id, { type: "sideEffect.reported", data: { kind: MARKER, pain: MARKER }, note: MARKER }),
      await report(server.api, id, { type: "contact.made", data: { channel: "phone" }, occurredAt: MARKER }),
      await server.api.get(`/api/${MARKER}`, { as: "lead" }),
      await server.api.get(`/api/enrolments/${id}?asOf=${MARKER}`, { as: "lead" }),
      await server.api.get(`/api/enrolments?site=main&state=${MARKER}&limit=${MARKER}`, { as: "lead" }),
      await server.api.get(`/api/enrolments/${id}`, { as: "admin" }),
      await server.api.get(`/api/enrolments/${id}`),
    ];
    for (const { status, body } of errors) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify(body)).not.toContain(MARKER);
    }
    // The answer may name an unknown field; what is kept may not.
    const unknown = { type: "pain.scored", data: { index: 3, redFlags: [], [`Herr ${MARKER} Tel 030`]: 1 } };
    const refused = [
      await report(server.api, id, unknown),
      await server.api.post(
        "/api/enrolments",
        { pathway: PATHWAY, patient: patient(), events: [{ ...unknown, occurredAt: "2026-06-01" }] },
        { as: "coordinator" },
      ),
    ];
    expect(refused.map(({ status, body }) => [status, body.errors.length])).toEqual([
      [422, 1],
      [422, 1],
    ]);
    const declined = { type: "radiotherapy.declined", data: { reason: `${MARKER} reason` }, note: `${MARKER} note` };
    const accepted = await report(server.api, id, declined);
    expect(accepted.body.event).toMatchObject(declined);
    expect(accepted.body.enrolment.latest["radiotherapy.declined"].data).toEqual(declined.data);
    const found = await server.api.post("/api/enrolments/search", { q: MARKER }, { as: "lead", key: null });
    expect(found.body.items).toMatchObject([{ id, patient: marked }]);
    await server.api.send("PATCH", `/api/enrolments/${id}/patient`, { familyName: `${MARKER}Two` }, { as: "lead" });
    const history = await server.api.get(`/api/enrolments/${id}/history?limit=500`, { as: "auditor" });
    expect(history.body.items).toContainEqual(expect.objectContaining(declined));

    expect(server.log.length).toBeGreaterThan(0);
    expect(server.log.join("\n")).not.toContain(MARKER);
    expect(await stored(server)).not.toMatch(new RegExp(MARKER, "i"));
  });

  it("is gone from every answer once the patient's key is destroyed, and chains still verify", async () => {
    const { id, patient: person } = await enrol(server.api, { patient: patient({ familyName: MARKER }) });
    await report(server.api, id, { type: "radiotherapy.declined", data: { reason: MARKER }, note: MARKER });
    await server.database.owner.query("update patient set wrapped_key = null where id = $1", [person.id]);
    const read = await server.api.get(`/api/enrolments/${id}`, { as: "lead" });
    expect(read).toMatchObject({ status: 200, body: { patient: { id: person.id, erased: true } } });
    const history = await server.api.get(`/api/enrolments/${id}/history?limit=500`, { as: "auditor" });
    expect(history.status).toBe(200);
    expect(JSON.stringify([read.body, history.body])).not.toContain(MARKER);
    const { body } = await server.api.post("/api/audit/verifications", { enrolment: id }, { as: "auditor", key: null });
    expect(body).toEqual({ checked: 1, broken: [] });
  });
});

/** Everything in the tables, as text. */
async function stored(server: Server): Promise<string> {
  const tables = await server.database.owner.query<{ tablename: string }[]>(
    "select tablename from pg_tables where schemaname = 'public'",
  );
  const contents = await Promise.all(
    tables.map(({ tablename }) => server.database.owner.query(`select t::text as row from "${tablename}" t`)),
  );
  return JSON.stringify(contents);
}
