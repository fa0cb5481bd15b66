import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { assessment, at, done, key, keysOf, problemOf, somebody, START, standing, who, World } from "./engine-world.js";

let world: World;
beforeAll(async () => void (world = await World.make("2026-09-01T10:00:00Z")));
afterAll(() => world.drop());

const attempt = async (more: Parameters<World["enrolCommand"]>[0]) =>
  problemOf(await world.one(world.enrolCommand(more)));

it("with what happened already, in one go, dated to the earliest event", async () => {
  const enrolled = await world.enrol({
    events: [
      {
        type: "response.assessed",
        data: assessment("improved"),
        occurredAt: at("2026-06-01T12:00:00Z"),
        performer: who("clinician"),
      },
      { type: "radiotherapy.started", data: START, occurredAt: "2026-04-01" },
    ],
  });
  expect(standing(enrolled)).toMatchObject({
    enrolledAt: at("2026-03-31T23:00:00Z"),
    state: { treatment: { responding: "checkDue" } },
  });
  const history = await world.history(enrolled.id);
  const events = history.filter(({ kind }) => kind === "event");
  expect(events.map(({ type, occurredAt }) => [type, occurredAt])).toEqual([
    ["pathway.enrolled", "2026-04-01"],
    ["radiotherapy.started", "2026-04-01"],
    ["response.assessed", at("2026-06-01T12:00:00Z")],
  ]);
  await world.expectConsistent(enrolled.id);
});

it("all or nothing: one faulty event, and there is no enrolment, no patient", async () => {
  const patient = somebody();
  const good = { type: "radiotherapy.started", data: START, occurredAt: "2026-04-01" };
  const counts = () =>
    world.database.app.query(`SELECT (SELECT count(*) FROM enrolment) e, (SELECT count(*) FROM patient) p`);
  const before = await counts();
  const bad = { type: "pain.scored", data: { index: 11, redFlags: ["newWeakness"] }, occurredAt: "2026-05-01" };
  expect(await attempt({ patient, events: [good, bad] })).toMatchObject({
    ...{ name: "invalid-data", event: 1, errors: [{ pointer: "/events/1/data/index" }] },
  });
  const early = { type: "relapse.excluded", data: { pain: 0, redFlags: [] }, occurredAt: "2026-04-02" };
  expect(await attempt({ patient, events: [good, early] })).toMatchObject({ name: "event-refused", event: 1 });
  const ownTerms = { type: "response.assessed", data: assessment("stable"), occurredAt: "2026-05-01" };
  expect(await attempt({ patient, events: [good, ownTerms] })).toMatchObject({
    name: "reporter-not-allowed",
    event: 1,
  });
  const future = { ...good, occurredAt: "2026-09-02" };
  expect(await attempt({ patient, events: [future] })).toMatchObject({ errors: [{ pointer: "/events/0/occurredAt" }] });
  const source = { system: "his", id: "1" };
  expect(
    await attempt({
      patient,
      events: [
        { ...good, source },
        { ...good, source },
      ],
    }),
  ).toMatchObject({ errors: [{ pointer: "/events/1/source" }] });
  expect(await attempt({ patient, occurredAt: "2026-04-02", events: [good] })).toMatchObject({
    name: "before-enrolment",
  });
  expect(await counts()).toEqual(before);
});

it("asks to confirm each unusual event at its place", async () => {
  const data = { ...START, volumes: [{ name: "sacrum", plannedDose: { value: 30, unit: "cGy" } }] };
  const event = { type: "radiotherapy.started", data, occurredAt: "2026-04-01" };
  expect(await attempt({ events: [event] })).toMatchObject({
    name: "confirmation-required",
    confirm: [{ pointer: "/events/0/confirm" }],
  });
  await world.enrol({ events: [{ ...event, confirm: true }] });
});

it("the same patient twice on one pathway is refused, naming the enrolment, by any identifier in common", async () => {
  const patient = somebody();
  const { id } = await world.enrol({ patient });
  const more = { ...patient, identifiers: [{ system: "nhs", value: "1" }, ...patient.identifiers] };
  expect(await attempt({ patient: more })).toMatchObject({ name: "duplicate-enrolment", enrolment: id });
});

it("a patient who comes back is known, also by an identifier that was new then", async () => {
  const patient = somebody();
  const first = await world.enrol({ patient });
  await world.report(first.id, "pathway.exited", { reason: "completed" });
  const nhs = { system: "nhs", value: "second" };
  const second = await world.enrol({ patient: { ...patient, identifiers: [...patient.identifiers, nhs] } });
  expect(second.patientId).toBe(first.patientId);
  await world.report(second.id, "pathway.exited", { reason: "completed" });
  const third = await world.enrol({ patient: { ...patient, identifiers: [nhs] } });
  expect(third.patientId).toBe(first.patientId);
  expect((await world.history(second.id)).find(({ kind }) => kind === "patient")).toMatchObject({
    data: { fields: ["identifiers"] },
  });
});

it("identifiers of different patients are refused", async () => {
  const [one, two] = [somebody(), somebody()];
  await world.enrol({ patient: one });
  await world.enrol({ patient: two });
  const both = { ...one, identifiers: [...one.identifiers, ...two.identifiers] };
  expect((await attempt({ patient: both })).name).toBe("duplicate-identifier");
});

it("an unknown pathway, version or site, a birth date that is none or lies ahead, and somebody without the role are refused", async () => {
  expect(await attempt({ pathway: "unknown" })).toMatchObject({ errors: [{ pointer: "/pathway" }] });
  expect(await attempt({ version: "9.9.9" })).toMatchObject({ errors: [{ pointer: "/version" }] });
  expect(await attempt({ site: "elsewhere" })).toMatchObject({ errors: [{ pointer: "/site" }] });
  expect(await attempt({ patient: somebody({ birthDate: "1950-13" }) })).toMatchObject({
    errors: [{ pointer: "/patient/birthDate" }],
  });
  expect(await attempt({ patient: somebody({ birthDate: "2027" }) })).toMatchObject({
    errors: [{ pointer: "/patient/birthDate" }],
  });
  expect(await attempt({ occurredAt: "1949-01-01" })).toMatchObject({ name: "invalid-time" });
  expect(await attempt({ actor: { person: "auditor", roles: ["auditor"] } })).toMatchObject({
    name: "reporter-not-allowed",
  });
});

it("personal data is amended without clear values, and another patient's identifier is refused", async () => {
  const [one, two] = [somebody(), somebody()];
  const { id } = await world.enrol({ patient: one });
  await world.enrol({ patient: two });
  const amend = (changes: object) =>
    world.one({ kind: "amendPatient", actor: who("coordinator"), idempotency: key(), enrolmentId: id, changes });
  expect(problemOf(await amend({ identifiers: two.identifiers })).name).toBe("duplicate-identifier");
  done("patient", await amend({ phone: "555-0199", contactConsent: { sms: true } }));
  done("patient", await amend({ contactConsent: { email: false } }));
  const records = (await world.history(id)).filter(({ kind }) => kind === "patient");
  expect(records).toMatchObject([
    { data: { fields: ["phone", "contactConsent"], changes: { phone: "555-0199" } } },
    { data: { fields: ["contactConsent"] } },
  ]);
  const [row] = await world.database.owner.query(
    `SELECT data::text AS data FROM record WHERE enrolment_id = $1 AND kind = 'patient'`,
    [id],
  );
  expect(row.data).not.toContain("555");
});

it("every active enrolment has its first tasks", async () => {
  expect(keysOf(await world.enrol())).toEqual(["rehabilitation.notReferred", "treatment.awaitingRadiotherapy"]);
});
