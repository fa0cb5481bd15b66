import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Reply } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, patient, PATHWAY } from "./support/story.js";

let server: Server;
beforeAll(async () => void (server = await startServer()));
afterAll(() => server.stop());

const some = () => ({ system: "mrn", value: randomUUID() });
const tryEnrol = (person: object, more: object = {}, key?: string): Promise<Reply> =>
  server.api.post("/api/enrolments", { pathway: PATHWAY, patient: person, ...more }, { as: "coordinator", key });
const exit = (id: string): Promise<Reply> =>
  server.api.post(
    `/api/enrolments/${id}/events`,
    { type: "pathway.exited", data: { reason: "completed" } },
    { as: "clinician" },
  );

describe("probably the same person", () => {
  it("same names and birth date under another identifier: enrolled, and told with whom", async () => {
    const first = await enrol(server.api, {
      patient: patient({ familyName: "Wałęsa", givenName: "Anna Maria", birthDate: "1951-05-06" }),
    });
    const again = patient({ familyName: "walesa", givenName: "Maria Anna", birthDate: "1951-05-06" });
    const key = randomUUID();
    const second = await tryEnrol(again, {}, key);
    expect(second.status).toBe(201);
    expect(second.body.notices).toEqual([
      expect.stringContaining(`probably the same person as in enrolment ${first.id}:`),
    ]);
    expect(second.body.patient.id).not.toBe(first.patient.id);
    expect(await tryEnrol(again, {}, key)).toEqual({ ...second, headers: expect.anything() });
    const yearOnly = await tryEnrol(patient({ ...again, identifiers: [some()], birthDate: "1951" }));
    expect(yearOnly.body.notices[0]).toContain(first.id);
    expect(yearOnly.body.notices[0]).toContain(second.body.id);
    for (const other of [{ birthDate: "1952-05-06" }, { givenName: "Anna" }]) {
      expect((await tryEnrol(patient({ ...again, identifiers: [some()], ...other }))).body.notices).toBeUndefined();
    }
    const unborn = patient({ ...again, identifiers: [some()], birthDate: undefined, birthDateUnknown: true });
    expect((await tryEnrol(unborn)).body.notices).toBeUndefined();
  });

  it("an identifier in common while name and birth date both differ is asked about, never taken in silence", async () => {
    const known = patient({ familyName: "Ångström", givenName: "Karin" });
    const first = await enrol(server.api, { patient: known });
    await exit(first.id);
    const stranger = { ...known, familyName: "Nilsson", givenName: "Per", birthDate: "1971-01-01" };
    const counts = () => server.database.owner.query(`select count(*) from enrolment`);
    const before = await counts();
    const asked = await tryEnrol(stranger);
    expect(asked).toMatchObject({
      status: 409,
      body: {
        type: "/problems/confirmation-required",
        confirm: [{ pointer: "/confirm", detail: expect.stringContaining("another name and another birth date") }],
        patients: [{ id: first.patient.id, enrolments: [first.id] }],
      },
    });
    expect(JSON.stringify(asked.body)).not.toMatch(/Ångström|Karin|1960/);
    expect(await counts()).toEqual(before);
    const confirmed = await tryEnrol(stranger, { confirm: true });
    expect(confirmed).toMatchObject({
      status: 201,
      body: { patient: { id: first.patient.id, familyName: "Ångström", birthDate: "1960-04-12" } },
    });
    expect(confirmed.body.notices).toEqual([expect.stringContaining("family name, given name, birth date")]);
    await exit(confirmed.body.id);
    for (const alike of [
      { ...known, givenName: "Per", familyName: "Nilsson" },
      { ...known, birthDate: "1971" },
      { ...known, familyName: "angstrom", birthDate: "1971" },
      { ...known, familyName: undefined, birthDate: "1971" },
      { ...stranger, birthDate: "1960-04" },
      { ...stranger, birthDate: undefined, birthDateUnknown: true },
    ]) {
      const taken = await tryEnrol(alike);
      expect(taken.status).toBe(201);
      await exit(taken.body.id);
    }
  });
});
