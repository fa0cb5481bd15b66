import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { changeIdentifiers } from "../../src/engine/deciding/identifiers.js";
import { identifierText } from "../../src/engine/model/identifiers.js";
import { Sealing } from "../../src/platform/sealing.js";
import { problemOf, somebody, START, VAULT_KEY, World } from "./engine-world.js";

let world: World;
beforeAll(async () => void (world = await World.make("2026-09-01T10:00:00Z")));
afterAll(() => world.drop());

const known = (system: string, value: string) => somebody({ identifiers: [{ system, value }] });

const attempt = async (system: string, value: string) =>
  problemOf(await world.one(world.enrolCommand({ patient: known(system, value) })));

it.each(["\u200b", "\u200e", "\u2060", "\u00ad", "\ufeff", "\ufe0f", "\u034f"])(
  "%j in an identifier makes nobody another patient, in value and system alike",
  async (character) => {
    const value = `Q${character.codePointAt(0)!}`;
    const { id } = await world.enrol({ patient: known(`mrn${character}`, `${value}${character}`) });
    const taken = { name: "duplicate-enrolment", enrolment: id };
    for (const written of [value, `${character}${value}`, `${value.toLowerCase()} ${character}`]) {
      expect(await attempt("mrn", written)).toMatchObject(taken);
      expect(await attempt(` M${character}RN `, written)).toMatchObject(taken);
    }
  },
);

it("is kept as it shows, and once", async () => {
  const identifiers = [
    { system: " mrn", value: "Kept\u200b 7" },
    { system: "mrn", value: "KEPT7" },
  ];
  const patient = somebody({ identifiers, familyName: "\u202eMuster\u0007mann ", givenName: " Erika\tMaria" });
  const { patientId } = await world.enrol({ patient });
  expect((await world.loader.patients(world.sql, [patientId])).get(patientId)!.reveal()).toMatchObject({
    ...{ identifiers: [{ system: "mrn", value: "Kept 7" }], familyName: "Mustermann", givenName: "Erika Maria" },
  });
});

it("who has no identifier left since before is only asked for one where the request removes", () => {
  const [one] = somebody().identifiers;
  expect(changeIdentifiers([], {}, [])).toEqual({ changed: [] });
  expect(changeIdentifiers([], { addIdentifiers: [one!] }, [])).toEqual({ changed: [one] });
  const errors = [{ pointer: "/removeIdentifiers", code: "no-identifier" }];
  expect(changeIdentifiers([one!], { removeIdentifiers: [one!] }, [])).toMatchObject({ refusal: { errors } });
});

it("the normal form of what shows is as it always was", () => {
  expect(identifierText({ system: " Urn:Hospital ", value: "ＡＢ 12-3/x" })).toBe('["urn:hospital","ab12-3/x"]');
});

it("an identifier that was stored with something invisible is found as it was written", async () => {
  const { id } = await world.enrol({ patient: known("mrn", "stored then") });
  const hashOf = (text: string) => new Sealing(VAULT_KEY).keyedHash("identifier", text);
  const [present, former] = [hashOf('["mrn","storedthen"]'), hashOf('["mrn","storedthen\u200b"]')];
  await world.database.owner.query("update patient_identifier set hash = $2 where hash = $1", [present, former]);
  expect(await attempt("mrn", "Stored then\u200b")).toMatchObject({ name: "duplicate-enrolment", enrolment: id });
});

it("a source is the same with blanks around it, and another where its id differs in case", async () => {
  const started = { type: "radiotherapy.started", data: START, occurredAt: "2026-04-01" };
  const pain = (source: { system: string; id: string }) => ({
    ...{ type: "pain.scored", data: { index: 2, redFlags: [] }, occurredAt: "2026-05-01", source },
  });
  const twice = [pain({ system: "HIS ", id: "a1" }), pain({ system: "his\u200b", id: " a1" })];
  expect(problemOf(await world.one(world.enrolCommand({ events: [started, ...twice] })))).toMatchObject({
    errors: [{ pointer: "/events/2/source" }],
  });
  const { id } = await world.enrol({ events: [started, pain({ system: "HIS ", id: "a1" })] });
  const history = await world.history(id);
  expect(history.find(({ type }) => type === "pain.scored")).toMatchObject({ source: { system: "HIS", id: "a1" } });
  const { type, data, ...more } = pain({ system: "his", id: "a1" });
  const command = world.reportCommand(id, type, data, more);
  expect(problemOf(await world.one(command))).toMatchObject({ name: "duplicate-source" });
  await world.report(id, type, data, { ...more, source: { system: "his", id: "A1" } });
});
