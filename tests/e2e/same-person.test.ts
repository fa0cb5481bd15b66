import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Body, Reply } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, patient, PATHWAY, RADIOTHERAPY, report } from "./support/story.js";

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

  it("told of each other however fast one came after the other", async () => {
    const twin = (birthDate: string) =>
      patient({ identifiers: [some()], familyName: "Gemini", givenName: "Castor", birthDate });
    const pair = await Promise.all(["1951-05-06", "1951", "1951-05-06"].map((birthDate) => tryEnrol(twin(birthDate))));
    expect(pair.map(({ body }) => body.notices?.length ?? 0).sort()).toEqual([0, 1, 1]);
  });

  it("who is given as one of the joined records has it is asked nothing, and told of no difference", async () => {
    const [a, b] = [
      patient({ identifiers: [some()], familyName: "Aakre", givenName: "Giv", birthDate: "1950-01-01" }),
      patient({ identifiers: [some()], familyName: "Bakke", givenName: "Zed", birthDate: "1966-06-06" }),
    ];
    const [first, second] = [await enrol(server.api, { patient: a }), await enrol(server.api, { patient: b })];
    await exit(first.id);
    const path = `/api/patients/${first.patient.id}/same-as`;
    const joined = { patient: second.patient.id, reason: "One card." };
    expect((await server.api.post(path, joined, { as: "coordinator" })).status).toBe(201);
    const active = await tryEnrol(a);
    expect(active).toMatchObject({ status: 409, body: { enrolment: second.id } });
    expect(active.body).not.toHaveProperty("differs");
    await exit(second.id);
    const again = await tryEnrol(a);
    expect(again.status).toBe(201);
    expect(again.body).not.toHaveProperty("notices");
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

describe("an identifier of somebody else", () => {
  const other = { familyName: "Nilsson", givenName: "Per", birthDate: "1971-01-01" };
  const flag = { type: "redFlag.reported", data: { signs: ["newWeakness"] } };

  it("who is active: the answer says what differs, without what it says, and that it may be mistyped", async () => {
    const known = patient({ familyName: "Ångström", givenName: "Karin" });
    const { id } = await enrol(server.api, { patient: known });
    const refused = await tryEnrol({ ...known, ...other });
    expect(refused).toMatchObject({
      status: 409,
      body: {
        type: "/problems/duplicate-enrolment",
        enrolment: id,
        differs: ["familyName", "givenName", "birthDate"],
        detail: expect.stringMatching(/family name, given name, birth date.*may be mistyped/),
      },
    });
    expect(JSON.stringify(refused.body)).not.toMatch(/Ångström|Karin|1960|Nilsson/);
    const same = await tryEnrol(known);
    expect(same).toMatchObject({ status: 409, body: { detail: "The patient is active on this pathway already." } });
    expect(same.body).not.toHaveProperty("differs");
  });

  it("each question has a yes of its own: a date that is right says nothing of who it is", async () => {
    const known = patient({ familyName: "Ångström", givenName: "Karin" });
    const first = await enrol(server.api, { patient: known, occurredAt: "2026-06-10T08:00:00Z" });
    const error = { type: "pathway.exited", data: { reason: "enrolledInError" }, occurredAt: "2026-06-10T08:00:00Z" };
    expect((await report(server.api, first.id, error, "clinician")).status).toBe(201);
    const stranger = { ...known, ...other };
    const pointersOf = ({ status, body }: Reply) => {
      expect([status, body.type]).toEqual([409, "/problems/confirmation-required"]);
      return body.confirm.map(({ pointer }: Body) => pointer);
    };
    const occurredAt = "2017-05-02";
    const both = await tryEnrol(stranger, { occurredAt });
    expect(pointersOf(both)).toEqual(["/patient/confirm", "/confirm"]);
    expect(both.body.detail).toContain("with true at each of these places if it is right: /patient/confirm, /confirm.");
    expect(pointersOf(await tryEnrol(stranger, { occurredAt, confirm: true }))).toEqual(["/patient/confirm"]);
    const sure = { ...stranger, confirm: true };
    expect(pointersOf(await tryEnrol(sure, { occurredAt }))).toEqual(["/confirm"]);
    expect(pointersOf(await tryEnrol({ ...stranger, confirm: false }))).toEqual(["/confirm"]);
    const taken = await tryEnrol(sure, { occurredAt, confirm: true });
    expect(taken).toMatchObject({ status: 201, body: { patient: { id: first.patient.id } } });
    await exit(taken.body.id);
    const again = await tryEnrol(sure);
    expect(again).toMatchObject({ status: 201, body: { patient: { id: first.patient.id } } });
    expect(again.body.patient).not.toHaveProperty("confirm");
  });

  it("never takes a red flag with it: what is asked comes with the offer to report it", async () => {
    const known = patient({ familyName: "Ångström", givenName: "Karin" });
    await exit((await enrol(server.api, { patient: known })).id);
    const offer = { offer: { type: "redFlag.reported", data: { signs: ["newWeakness"] } } };
    const events = [{ ...flag, occurredAt: "2026-06-15T09:59:00Z" }];
    const stranger = await tryEnrol({ ...known, ...other }, { occurredAt: "2026-06-15T10:00:00Z" });
    expect(stranger.body).not.toHaveProperty("offer");
    const asked = await tryEnrol({ ...known, ...other }, { events });
    expect(asked).toMatchObject({ status: 409, body: { type: "/problems/confirmation-required", ...offer } });
    const started = { type: "radiotherapy.started", data: RADIOTHERAPY, occurredAt: "2016-06-14" };
    const mistyped = await tryEnrol(patient(), { events: [{ ...flag, occurredAt: "2026-06-14" }, started] });
    expect(mistyped).toMatchObject({
      status: 409,
      body: {
        ...offer,
        confirm: [{ pointer: "/events/1/confirm" }],
        detail: expect.stringContaining("redFlag.reported"),
      },
    });
  });

  it("who comes back on the day of the exit, by dates alone: told that instants help", async () => {
    const known = patient();
    const first = await enrol(server.api, { patient: known, occurredAt: "2026-06-01" });
    const exited = { type: "pathway.exited", data: { reason: "completed" }, occurredAt: "2026-06-10" };
    const { body } = await report(server.api, first.id, exited, "clinician");
    const refused = await tryEnrol(known, { occurredAt: "2026-06-10" });
    expect(refused).toMatchObject({
      status: 422,
      body: { type: "/problems/overlapping-enrolment", detail: expect.stringContaining("give both times as instants") },
    });
    const correction = { occurredAt: "2026-06-10T08:00:00Z", reason: "To the minute" };
    const path = `/api/enrolments/${first.id}/events/${body.event.seq}/correction`;
    expect((await server.api.post(path, correction, { as: "clinician" })).status).toBe(201);
    expect((await tryEnrol(known, { occurredAt: "2026-06-10T08:00:00Z" })).status).toBe(201);
    const before = await tryEnrol(patient({ identifiers: known["identifiers"] }), { occurredAt: "2026-06-05" });
    expect(before.status).toBe(409);
  });
});

describe("two records that are one person", () => {
  const join = (id: string, other: string, key?: string, reason = "Same passport") =>
    server.api.post(`/api/patients/${id}/same-as`, { patient: other, reason }, { as: "coordinator", key });
  const part = (id: string, reason = "Two brothers") =>
    server.api.send("DELETE", `/api/patients/${id}/same-as`, { reason }, { as: "coordinator" });
  const read = async (id: string): Promise<Body> =>
    (await server.api.get(`/api/enrolments/${id}`, { as: "clinician" })).body;
  const search = async (q: string): Promise<string[]> => {
    const { body } = await server.api.post("/api/enrolments/search", { q }, { as: "clinician", key: null });
    return body.items.map((item: Body) => item.id).sort();
  };
  const told = async (id: string): Promise<Body[]> => {
    const { body } = await server.api.get(`/api/enrolments/${id}/history?limit=500`, { as: "auditor" });
    return body.items.filter(({ kind }: Body) => kind === "patient");
  };
  const verified = async (id: string) => {
    const { body } = await server.api.post("/api/audit/verifications", { enrolment: id }, { as: "auditor", key: null });
    return body;
  };
  /** Somebody who has been on the pathway. */
  const former = async (changes: Record<string, unknown> = {}): Promise<Body> => {
    const enrolment = await enrol(server.api, { patient: patient({ familyName: randomUUID(), ...changes }) });
    await exit(enrolment.id);
    return enrolment;
  };

  it("are shown as one, told in both histories, and parted again", async () => {
    const a = await enrol(server.api, { patient: patient({ familyName: "Aaronsen", givenName: "Kim" }) });
    const b = await former({ familyName: "Bbronsen", phone: "555 0100", birthDate: "1961" });
    const both = [...a.patient.identifiers, ...b.patient.identifiers];
    const key = randomUUID();
    const joined = await join(b.patient.id, a.patient.id, key);
    expect(joined).toMatchObject({
      status: 201,
      body: { patient: { id: a.patient.id, familyName: "Aaronsen", identifiers: both } },
    });
    expect([...joined.body.patients].sort()).toEqual([a.patient.id, b.patient.id].sort());
    expect([...joined.body.enrolments].sort()).toEqual([a.id, b.id].sort());
    expect(await join(b.patient.id, a.patient.id, key)).toEqual({ ...joined, headers: expect.anything() });
    expect((await join(b.patient.id, a.patient.id)).body).toEqual(joined.body);
    for (const id of [a.id, b.id]) {
      expect((await read(id)).patient).toEqual(joined.body.patient);
      expect(await told(id)).toMatchObject([
        { type: "patient.joined", by: "coordinator", reason: "Same passport", data: { patient: b.patient.id } },
      ]);
      expect(await verified(id)).toEqual({ checked: 1, broken: [] });
    }
    for (const q of ["Aaronsen", "Bbronsen", b.patient.identifiers[0].value]) {
      expect(await search(q)).toEqual([a.id, b.id].sort());
    }
    const stored = await server.database.owner.query(`select string_agg(record::text, ' ') as text from record`);
    expect(stored[0].text).not.toContain("Same passport");

    const changes = { familyName: "Kimsen", addIdentifiers: [some()] };
    const path = `/api/enrolments/${b.id}/patient`;
    const amended = await server.api.send("PATCH", path, changes, { as: "coordinator" });
    expect(amended).toMatchObject({ status: 200, body: { patient: { id: a.patient.id, familyName: "Kimsen" } } });
    expect((await read(a.id)).patient).toEqual(amended.body.patient);

    const parted = await part(b.patient.id);
    expect(parted).toMatchObject({ status: 200, body: { patients: [b.patient.id], enrolments: [b.id] } });
    expect(parted.body.patient).toEqual(b.patient);
    expect((await read(b.id)).patient).toEqual(b.patient);
    expect((await read(a.id)).patient).toMatchObject({
      familyName: "Kimsen",
      identifiers: [...a.patient.identifiers, ...changes.addIdentifiers],
    });
    expect((await told(b.id)).map(({ type, reason }) => [type, reason])).toEqual([
      ["patient.joined", "Same passport"],
      ["patient.amended", undefined],
      ["patient.parted", "Two brothers"],
    ]);
    expect((await told(a.id)).at(-1)).toMatchObject({ type: "patient.parted", reason: "Two brothers" });
    expect(await search("Bbronsen")).toEqual([b.id]);
    expect(await part(b.patient.id)).toMatchObject({ status: 404, body: { type: "/problems/not-found" } });
    for (const id of [a.id, b.id]) expect(await verified(id)).toEqual({ checked: 1, broken: [] });
  });

  it("an enrolment with identifiers of either, or of both, is of the one person", async () => {
    const [a, b] = [await former(), await former()];
    const identifiers = [...a.patient.identifiers, ...b.patient.identifiers];
    const known = patient({ ...a.patient, id: undefined, identifiers });
    const refused = await tryEnrol(known);
    expect(refused).toMatchObject({ status: 409, body: { type: "/problems/duplicate-identifier" } });
    expect(refused.body.patients.map(({ id }: Body) => id).sort()).toEqual([a.patient.id, b.patient.id].sort());
    await join(b.patient.id, a.patient.id);
    for (const some of [identifiers, a.patient.identifiers, b.patient.identifiers]) {
      const third = await tryEnrol({ ...known, identifiers: some });
      expect(third).toMatchObject({ status: 201, body: { patient: { id: a.patient.id, identifiers } } });
      for (const again of [a, b]) {
        expect(await tryEnrol({ ...known, identifiers: again.patient.identifiers })).toMatchObject({
          status: 409,
          body: { type: "/problems/duplicate-enrolment", enrolment: third.body.id },
        });
      }
      await exit(third.body.id);
    }
  });

  it("two who are active on one pathway are refused until one has left it", async () => {
    const [a, b] = [await enrol(server.api), await enrol(server.api)];
    const refused = await join(a.patient.id, b.patient.id);
    expect(refused).toMatchObject({ status: 409, body: { type: "/problems/both-active", pathway: PATHWAY } });
    expect(refused.body.enrolments.sort()).toEqual([a.id, b.id].sort());
    expect(await told(a.id)).toEqual([]);
    await exit(b.id);
    expect((await join(a.patient.id, b.patient.id)).status).toBe(201);
    const history = (await server.api.get(`/api/enrolments/${b.id}/history?limit=500`, { as: "auditor" })).body.items;
    const { seq } = history.find(({ type }: Body) => type === "pathway.exited");
    const back = { strikeOut: true, reason: "Went on" };
    const path = `/api/enrolments/${b.id}/events/${seq}/correction`;
    expect(await server.api.post(path, back, { as: "clinician" })).toMatchObject({
      status: 409,
      body: { type: "/problems/another-active-enrolment" },
    });
  });

  it("in a chain, what is taken back is what was said, and the rest stands", async () => {
    const [a, b, c] = [await former(), await former(), await former()];
    await join(b.patient.id, a.patient.id);
    await join(c.patient.id, b.patient.id);
    const all = [a, b, c].flatMap(({ patient: { identifiers } }) => identifiers);
    for (const { id } of [a, b, c])
      expect((await read(id)).patient).toMatchObject({ id: a.patient.id, identifiers: all });
    expect((await part(b.patient.id)).body).toMatchObject({
      patient: { id: b.patient.id, identifiers: all.slice(1), familyName: b.patient.familyName },
    });
    expect((await read(a.id)).patient).toEqual(a.patient);
    expect((await read(c.id)).patient.id).toBe(b.patient.id);
    await join(a.patient.id, c.patient.id);
    expect((await part(c.patient.id)).body).toMatchObject({
      patients: expect.arrayContaining([c.patient.id, a.patient.id]),
    });
    expect((await read(b.id)).patient).toEqual(b.patient);
    expect((await read(a.id)).patient.id).toBe(c.patient.id);
    expect((await part(c.patient.id)).status).toBe(200);
    for (const each of [a, b, c]) {
      expect((await read(each.id)).patient).toEqual(each.patient);
      expect(await verified(each.id)).toEqual({ checked: 1, broken: [] });
    }
  });

  const amend = (id: string, changes: object, key?: string): Promise<Reply> =>
    server.api.send("PATCH", `/api/enrolments/${id}/patient`, changes, { as: "coordinator", key });
  const spread = (...ids: Body[]): Body[] => ids.flatMap(({ patient: { identifiers } }) => identifiers);

  it("each keeps an identifier of its own while they are one, so that none is without when they part", async () => {
    const [a, b] = [await former({ identifiers: [some(), some()] }), await former()];
    await join(b.patient.id, a.patient.id);
    const [one, two] = a.patient.identifiers;
    const why = expect.stringMatching(/^Several records are of this person, and each keeps an identifier/);
    for (const [changes, pointer] of [
      [{ removeIdentifiers: b.patient.identifiers }, "/removeIdentifiers"],
      [{ removeIdentifiers: [one, two] }, "/removeIdentifiers"],
      [{ addIdentifiers: [some()], removeIdentifiers: b.patient.identifiers }, "/removeIdentifiers"],
      [{ identifiers: a.patient.identifiers }, "/identifiers"],
      [{ identifiers: [some(), ...b.patient.identifiers, some()] }, undefined],
    ] as const) {
      const reply = await amend(b.id, changes);
      if (pointer) expect(reply).toMatchObject({ status: 422, body: { errors: [{ pointer, detail: why }] } });
      else expect(reply.status).toBe(200);
    }
    expect((await part(b.patient.id)).body.patient.identifiers).toEqual(b.patient.identifiers);
    expect((await read(a.id)).patient.identifiers).toHaveLength(2);
    await join(a.patient.id, b.patient.id);
    const added = some();
    expect((await amend(a.id, { addIdentifiers: [added] })).status).toBe(200);
    expect((await amend(a.id, { removeIdentifiers: [added] })).status).toBe(200);
  });

  it("what was given up is nobody's, and goes with whoever has it next", async () => {
    const [a, b, c] = [await former({ identifiers: [some(), some()] }), await former(), await former()];
    const [, moving] = a.patient.identifiers;
    await join(a.patient.id, b.patient.id);
    await amend(a.id, { removeIdentifiers: [moving] });
    await amend(c.id, { addIdentifiers: [moving] });
    await join(c.patient.id, b.patient.id);
    await part(a.patient.id);
    expect((await read(a.id)).patient.identifiers).toEqual([a.patient.identifiers[0]]);
    await part(c.patient.id);
    expect((await read(c.id)).patient.identifiers).toEqual([...c.patient.identifiers, moving]);
    expect((await read(b.id)).patient.identifiers).toEqual(b.patient.identifiers);
  });

  it("of three, each takes its own along, in whatever order they came and go", async () => {
    const [d, e, f] = [await former(), await former(), await former()];
    await join(f.patient.id, d.patient.id);
    await join(d.patient.id, e.patient.id);
    await part(f.patient.id);
    await join(f.patient.id, e.patient.id);
    await part(d.patient.id);
    expect((await read(d.id)).patient).toEqual(d.patient);
    expect((await read(e.id)).patient.identifiers).toEqual(spread(e, f));
    await part(f.patient.id);
    for (const each of [d, e, f]) expect((await read(each.id)).patient).toEqual(each.patient);
  });

  it("an enrolment by the identifier of one of them goes with that one when they part", async () => {
    const [d, e] = [await former(), await former()];
    await join(d.patient.id, e.patient.id);
    const added = some();
    const again = { ...patient({ familyName: d.patient.familyName }), identifiers: [...d.patient.identifiers, added] };
    const third = await tryEnrol(again);
    expect(third).toMatchObject({ status: 201, body: { patient: { id: e.patient.id } } });
    await exit(third.body.id);
    const both = await tryEnrol({ ...again, identifiers: spread(d, e) });
    await exit(both.body.id);
    const keys = await server.database.owner.query(`select patient_id from enrolment where id = any($1::uuid[])`, [
      [third.body.id],
    ]);
    expect(keys).toEqual([{ patient_id: d.patient.id }]);
    const parted = await part(d.patient.id);
    expect([...parted.body.enrolments].sort()).toEqual([d.id, third.body.id].sort());
    expect((await read(third.body.id)).patient).toEqual({
      ...d.patient,
      identifiers: [...d.patient.identifiers, added],
    });
    for (const id of [e.id, both.body.id]) expect((await read(id)).patient).toEqual(e.patient);
    expect(await verified(third.body.id)).toEqual({ checked: 1, broken: [] });
  });

  it("a key of a join that was so already is answered alike when they have parted", async () => {
    const [a, b] = [await former(), await former()];
    await join(a.patient.id, b.patient.id);
    const key = randomUUID();
    const again = await join(a.patient.id, b.patient.id, key);
    expect(again.body.patients).toHaveLength(2);
    await part(a.patient.id);
    const replayed = await join(a.patient.id, b.patient.id, key);
    expect(replayed).toMatchObject({ status: again.status, body: { patients: again.body.patients } });
    expect(replayed.body.enrolments).toEqual(again.body.enrolments);
  });

  it("a key that was told whose an identifier is tells it when that one was joined elsewhere since", async () => {
    const [a, b, c] = [await former(), await former(), await former()];
    const key = randomUUID();
    const refused = await amend(a.id, { addIdentifiers: b.patient.identifiers }, key);
    expect(refused).toMatchObject({ status: 409, body: { patients: [{ id: b.patient.id, enrolments: [b.id] }] } });
    await join(b.patient.id, c.patient.id);
    const { status, body } = await amend(a.id, { addIdentifiers: b.patient.identifiers }, key);
    expect({ status, detail: body.detail }).toEqual({ status: 409, detail: expect.stringContaining(b.patient.id) });
    expect(body.patients).toEqual([{ id: b.patient.id, enrolments: expect.arrayContaining([c.id, b.id]) }]);
  });

  it("the answer says which records were parted, those of a head all at once", async () => {
    const [a, b, c] = [await former(), await former(), await former()];
    await join(b.patient.id, a.patient.id);
    expect((await join(c.patient.id, a.patient.id)).body.parted).toBeUndefined();
    const key = randomUUID();
    const path = `/api/patients/${a.patient.id}/same-as`;
    const options = { as: "coordinator", key } as const;
    const parted = await server.api.send("DELETE", path, { reason: "Three brothers" }, options);
    expect(parted).toMatchObject({ status: 200, body: { patients: [a.patient.id] } });
    expect([...parted.body.parted].sort()).toEqual([b.patient.id, c.patient.id].sort());
    const replayed = await server.api.send("DELETE", path, { reason: "Three brothers" }, options);
    expect(replayed.body).toEqual(parted.body);
  });

  it("with itself, with nobody, without a reason or without the role nothing is said", async () => {
    const [a, b] = [await former(), await former()];
    expect((await join(a.patient.id, a.patient.id)).body.errors).toMatchObject([{ pointer: "/patient" }]);
    expect((await join(a.patient.id, randomUUID())).status).toBe(404);
    expect((await join(randomUUID(), a.patient.id)).status).toBe(404);
    expect((await join(a.patient.id, b.patient.id, undefined, " ")).body.errors).toMatchObject([
      { pointer: "/reason" },
    ]);
    const body = { patient: b.patient.id, reason: "x" };
    const path = `/api/patients/${a.patient.id}/same-as`;
    expect((await server.api.post(path, body, { as: "auditor" })).status).toBe(403);
    expect((await server.api.post(path, body, { as: "lead", key: null })).status).toBe(400);
    expect(await told(a.id)).toEqual([]);
  });
});
