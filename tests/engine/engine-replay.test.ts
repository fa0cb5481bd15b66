import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { Command } from "../../src/engine/model/commands.js";
import { assessment, at, done, key, problemOf, somebody, START, standing, who, World } from "./engine-world.js";

let world: World;
beforeAll(async () => void (world = await World.make("2026-09-01T10:00:00Z")));
afterAll(() => world.drop());

/** Runs a command, lets life go on, and asks again: the same outcome, and nothing written. */
async function expectReplayed(command: Command, meanwhile: () => Promise<unknown>): Promise<void> {
  const first = await world.one(command);
  await world.clock.advance(60_000);
  await meanwhile();
  const rows = () => world.database.app.query(`SELECT count(*) AS records FROM record`);
  const before = await rows();
  expect(await world.one(command)).toEqual(first);
  expect(await rows()).toEqual(before);
}

const enrolledAt = at("2026-03-01T09:00:00Z");

async function patientOnTreatment(): Promise<{ id: string; start: number }> {
  const { id } = await world.enrol({ occurredAt: enrolledAt });
  const { event } = await world.report(id, "radiotherapy.started", START, { occurredAt: at("2026-04-01T10:00:00Z") });
  return { id, start: event.seq };
}

it("an enrolment", async () => {
  const command = world.enrolCommand({
    events: [
      {
        type: "response.assessed",
        data: assessment("improved"),
        occurredAt: "2026-06-01",
        performer: who("clinician"),
        note: "Better",
      },
      { type: "radiotherapy.started", data: START, occurredAt: at("2026-04-01T10:00:00Z") },
    ],
  });
  await expectReplayed(command, async () => {
    const [row] = await world.database.app.query(`SELECT id FROM enrolment ORDER BY last_recorded_at DESC LIMIT 1`);
    await world.report(row.id, "relapse.reported", { pain: 3, redFlags: [] });
    await world.correct(row.id, 1, { occurredAt: "2026-03-15", by: "coordinator" });
  });
});

it("a report, with its free texts, after the event was corrected and struck out", async () => {
  const { id } = await patientOnTreatment();
  const data = { kind: "other", verbatim: "It burns", pain: 5, redFlags: [] };
  const command = world.reportCommand(id, "sideEffect.reported", data, {
    note: "Seen at home",
    source: { system: "his", id: "1" },
  });
  await expectReplayed(command, async () => {
    const { event } = done("reported", await world.one(command));
    await world.correct(id, event.seq, { data: { ...data, verbatim: "It pricks" } });
    await world.correct(id, event.seq, { strikeOut: true });
    await world.report(id, "pathway.exited", { reason: "completed" });
  });
});

it("a late report with consequences", async () => {
  const { id } = await patientOnTreatment();
  const accepted = {
    acceptConsequences: true,
    reason: "The other was typed twice",
    occurredAt: at("2026-03-20T10:00:00Z"),
  };
  const command = world.reportCommand(id, "radiotherapy.started", START, accepted);
  await expectReplayed(command, () => world.report(id, "response.assessed", assessment("improved")));
});

it("a report out of place that was kept aside", async () => {
  const { id } = await world.enrol({ occurredAt: enrolledAt });
  const aside = { keepAside: true, reason: "Out of order", occurredAt: at("2026-05-01T10:00:00Z") };
  const command = world.reportCommand(id, "relapse.excluded", { pain: 0, redFlags: [] }, aside);
  await expectReplayed(command, () => world.report(id, "radiotherapy.started", START));
});

it("a correction, both sides of its changes", async () => {
  const { id, start } = await patientOnTreatment();
  const command = world.correctCommand(id, start, { occurredAt: at("2026-08-03T10:00:00Z") });
  await expectReplayed(command, () => world.report(id, "response.assessed", assessment("improved")));
});

it("a claim and its release, and a claim that was there already", async () => {
  const { id } = await patientOnTreatment();
  const [task] = (await world.view(id)).tasks.filter(({ key }) => key === "treatment.responseReview");
  const operate = (person: string, name: "claim" | "release"): Command => {
    return {
      kind: "operateTask",
      actor: who(person),
      idempotency: key(),
      enrolmentId: id,
      taskId: task!.id,
      operation: { name },
    };
  };
  const again = operate("clinician", "claim");
  await expectReplayed(operate("clinician", "claim"), () => world.one(again));
  await expectReplayed(again, () => world.one(operate("clinician", "release")));
  await expectReplayed(operate("clinician2", "claim"), () =>
    world.report(id, "response.assessed", assessment("improved")),
  );
});

it("a change of the patient's data", async () => {
  const { id } = await patientOnTreatment();
  const command: Command = {
    ...{ kind: "amendPatient", actor: who("coordinator"), idempotency: key(), enrolmentId: id },
    changes: { phone: "555-0100" },
  };
  await expectReplayed(command, () => world.report(id, "response.assessed", assessment("improved")));
});

it("a refusal, though it would be taken by now", async () => {
  const { id } = await world.enrol({ occurredAt: enrolledAt });
  const command = world.reportCommand(id, "relapse.excluded", { pain: 0, redFlags: [] });
  await expectReplayed(command, async () => {
    await world.report(id, "radiotherapy.started", START);
    await world.report(id, "response.assessed", assessment("improved"));
  });
});

it("a question back, though the answer would be another by now", async () => {
  const { id, start } = await patientOnTreatment();
  const earlier = { occurredAt: at("2026-03-20T10:00:00Z") };
  const command = world.reportCommand(id, "radiotherapy.started", START, earlier);
  await expectReplayed(command, () => world.correct(id, start, { strikeOut: true, acceptConsequences: true }));
});

it("an enrolment that was refused", async () => {
  const command = world.enrolCommand({
    events: [{ type: "relapse.excluded", data: { pain: 0, redFlags: [] }, occurredAt: "2026-05-01" }],
  });
  await expectReplayed(command, async () => undefined);
  expect(problemOf(await world.one(command))).toMatchObject({ name: "event-refused", event: 0 });
});

it("the same key with another body is refused, and so is a resend that confirms", async () => {
  const { id } = await world.enrol({ occurredAt: enrolledAt });
  const dose = { ...START, volumes: [{ name: "sacrum", plannedDose: { value: 30, unit: "cGy" } }] };
  const command = world.reportCommand(id, "radiotherapy.started", dose);
  expect(problemOf(await world.one(command)).name).toBe("confirmation-required");
  const confirmed = { ...command, event: { ...command.event, confirm: true } };
  const sameKey = { ...command.idempotency!, request: "another" };
  expect(problemOf(await world.one({ ...confirmed, idempotency: sameKey })).name).toBe("key-reused");
  done("reported", await world.one({ ...confirmed, idempotency: key() }));
});

it("keys are a person's own, on one route", async () => {
  const { id } = await world.enrol({ occurredAt: enrolledAt });
  const idempotency = key();
  const CHANNEL = { channel: "phone" };
  await world.report(id, "contact.failed", CHANNEL, { idempotency });
  await world.report(id, "contact.failed", CHANNEL, { idempotency, by: "coordinator" });
  await world.report(id, "contact.failed", CHANNEL, { idempotency: { ...idempotency, route: "another" } });
  const failed = (await world.history(id)).filter(({ type }) => type === "contact.failed");
  expect(failed).toHaveLength(3);
});

it("a click sent twenty times at once enrols once", async () => {
  const command = world.enrolCommand({ patient: somebody() });
  const answers = await Promise.all(Array.from({ length: 20 }, () => world.one(command)));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(standing(done("enrolled", answers[0]!).snapshot).status).toBe("active");
});
