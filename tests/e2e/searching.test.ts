import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Body } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, patient, PATHWAY, report } from "./support/story.js";

describe("enrolments are listed and searched for", () => {
  let server: Server;
  const ids: string[] = [];
  beforeAll(async () => {
    server = await startServer({ at: "2026-06-15T10:00:00Z" });
    const people = [
      patient({ familyName: "Müller-Lüdenscheidt", givenName: "Anna", birthDate: "1950-03-02" }),
      patient({
        familyName: "Müller",
        givenName: "Bertha",
        birthDate: "1951",
        identifiers: [{ system: "nhs", value: "943 476 5919" }],
      }),
      patient({ familyName: "O'Neill", givenName: "Çelik", birthDate: "1952-07" }),
    ];
    for (const [index, one] of people.entries()) {
      ids.push((await enrol(server.api, { patient: one, occurredAt: `2026-01-0${index + 1}T09:00:00Z` })).id);
    }
    await report(server.api, ids[2]!, { type: "pathway.paused", data: { reason: "away" } });
  });
  afterAll(() => server.stop());
  const search = async (body: Record<string, unknown>) => {
    const { status, body: found } = await server.api.post("/api/enrolments/search", body, {
      as: "clinician",
      key: null,
    });
    expect(status).toBe(200);
    return found.items.map((item: Body) => ids.indexOf(item.id)).sort();
  };

  it("finds by name, whatever the case and the accents", async () => {
    expect(await search({ q: "muller" })).toEqual([0, 1]);
    expect(await search({ q: "MÜLLER anna" })).toEqual([0]);
    expect(await search({ q: "Müller-Lüdenscheidt" })).toEqual([0]);
    expect(await search({ q: "celik o'neill" })).toEqual([2]);
    expect(await search({ q: "Müller Çelik" })).toEqual([]);
    expect(await search({ q: "Mül" })).toEqual([]);
  });

  it("finds by identifier and by birth date", async () => {
    expect(await search({ q: "9434765919" })).toEqual([1]);
    expect(await search({ q: "943 476 5919" })).toEqual([1]);
    expect(await search({ q: "1950-03-02" })).toEqual([0]);
    expect(await search({ q: "Müller 1951" })).toEqual([1]);
  });

  it("filters by pathway, status, state and site, and by all together", async () => {
    expect(await search({ status: "paused" })).toEqual([2]);
    expect(await search({ status: "active", q: "müller" })).toEqual([0, 1]);
    expect(await search({ state: "treatment.awaitingRadiotherapy" })).toEqual([0, 1, 2]);
    expect(await search({ state: "treatment.responding" })).toEqual([]);
    expect(await search({ pathway: PATHWAY, site: "main" })).toEqual([0, 1, 2]);
    expect(await search({ site: "elsewhere" })).toEqual([]);
    const list = await server.api.get("/api/enrolments?status=paused", { as: "lead" });
    expect(list.body.items).toMatchObject([{ id: ids[2], status: "paused", patient: { familyName: "O'Neill" } }]);
  });

  it("gives the newest first, page by page", async () => {
    const first = (await server.api.get("/api/enrolments?limit=2", { as: "lead" })).body;
    expect(first.items.map((item: Body) => item.id)).toEqual([ids[2], ids[1]]);
    const second = (await server.api.get(`/api/enrolments?limit=2&cursor=${first.nextCursor}`, { as: "lead" })).body;
    expect(second).toMatchObject({ items: [{ id: ids[0] }], nextCursor: null });
  });
});

describe("people are found by what is known of them", () => {
  let server: Server;
  const ids: string[] = [];
  const people = [
    patient({ familyName: "Łukasiewicz", givenName: "Søren", birthDate: "1951-05-06" }),
    patient({ familyName: "Đặng", givenName: "Bjørn", birthDate: "1951" }),
    patient({ familyName: "O'Brien", givenName: "Anne-Marie", birthDate: "1951-05" }),
    patient({ familyName: "王", givenName: "小明", birthDate: "1952-05-06" }),
    patient({ familyName: "O’Brien", givenName: undefined, birthDate: undefined, birthDateUnknown: true }),
  ];
  beforeAll(async () => {
    server = await startServer({ at: "2026-06-15T10:00:00Z" });
    for (const one of people) ids.push((await enrol(server.api, { patient: one })).id);
  });
  afterAll(() => server.stop());
  const search = async (q: string): Promise<number[]> => {
    const { body } = await server.api.post("/api/enrolments/search", { q }, { as: "clinician", key: null });
    return body.items.map((item: Body) => ids.indexOf(item.id)).sort();
  };

  it("by year, month and day alike, whichever of them was entered", async () => {
    expect(await search("1951-05-06")).toEqual([0, 1, 2]);
    expect(await search("1951-05")).toEqual([0, 1, 2]);
    expect(await search("1951")).toEqual([0, 1, 2]);
    expect(await search("1951-06")).toEqual([1]);
    expect(await search("1951-05-07")).toEqual([1, 2]);
    expect(await search("Lukasiewicz 1951")).toEqual([0]);
    expect(await search("dang 1951-05-06")).toEqual([1]);
    expect(await search("1952-05-06")).toEqual([3]);
  });

  it("with letters and apostrophes as everybody types them, and names written together", async () => {
    expect(await search("Lukasiewicz")).toEqual([0]);
    expect(await search("ŁUKASIEWICZ")).toEqual([0]);
    expect(await search("soren")).toEqual([0]);
    expect(await search("bjorn")).toEqual([1]);
    expect(await search("dang")).toEqual([1]);
    for (const q of ["OBrien", "obrien", "O'Brien", "O`Brien", "O Brien"]) expect(await search(q)).toEqual([2, 4]);
    expect(await search("annemarie obrien")).toEqual([2]);
    expect(await search("Anne Marie")).toEqual([2]);
    for (const q of ["王小明", "小明王", "王 小明", "小明"]) expect(await search(q)).toEqual([3]);
    expect(await search("王明")).toEqual([]);
    expect(await search("brien anne")).toEqual([2]);
    expect(await search("marie brien soren")).toEqual([]);
  });

  it("also who was enrolled before it was so: tokens of an older scheme are made anew at the start", async () => {
    const { owner } = server.database;
    await owner.query(`delete from patient_token`);
    await owner.query(`update patient set token_scheme = 1`);
    const { patient: erased } = (await server.api.get(`/api/enrolments/${ids[1]}`, { as: "lead" })).body;
    expect(await search("lukasiewicz")).toEqual([]);
    const late = (await enrol(server.api, { patient: patient({ familyName: "Late" }) })).patient.id;
    await owner.query(`update patient set wrapped_key = null where id = $1`, [erased.id]);
    await server.restart();
    expect(await search("lukasiewicz 1951")).toEqual([0]);
    expect(await search("王小明")).toEqual([3]);
    const schemes = await owner.query(`select id, token_scheme as scheme from patient order by scheme`);
    expect(schemes).toHaveLength(people.length + 1);
    expect(schemes[0]).toEqual({ id: erased.id, scheme: 1 });
    expect(schemes.slice(1).every(({ scheme }: Body) => scheme === 2)).toBe(true);
    expect(schemes).toContainEqual({ id: late, scheme: 2 });
  });
});
