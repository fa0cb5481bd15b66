/** What is set aside does not make each later event cost the whole history. */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { project, type EnrolledProjection } from "../../src/core/index.js";
import { foldRecordsOf } from "../../src/engine/model/loaded.js";
import { firstPathway } from "../core/first-pathway.js";
import { MemoryWorld } from "./memory-world.js";
import { DAY } from "./random-commands.js";

const START = Date.UTC(2026, 0, 5, 9);
const PAIN = { type: "pain.scored", data: { index: 1, redFlags: [] } };
const RESUMED = { type: "pathway.resumed", data: {} };

describe.each(["kept", "afresh"] as const)("with an enrolment that is read %s", (reading) => {
  let world: MemoryWorld;
  let id: string;
  beforeEach(async () => {
    world = new MemoryWorld(firstPathway(), START, { reading });
    id = await world.enrol();
  });

  const report = async (event: { type: string; data: object }, more: object = {}) => {
    world.now += DAY;
    const command = world.reportCommand(id, event as typeof PAIN, { reason: "Heard of it late", ...more });
    const answer = await world.one(command);
    if (answer.kind !== "reported") throw new Error(JSON.stringify(answer));
    world.expectSound(id);
    const records = foldRecordsOf(world.store.kept(id));
    const { trace: _, ...folded } = project(world.pathway, world.calendar, records, world.now) as EnrolledProjection;
    // Texts are cut out of what is folded.
    expect(answer.snapshot.projection).toEqual({ ...folded, latest: expect.anything() });
    return answer;
  };
  const standing = () => world.store.kept(id).position!.standing;

  it("an event that nothing takes is kept aside behind all others, as a whole fold would", async () => {
    await report(PAIN);
    const { log } = standing();
    const { event, outcome, snapshot } = await report(RESUMED, { keepAside: true });
    expect({ outcome, seq: event.seq }).toEqual({ outcome: "setAside", seq: snapshot.seq });
    expect(snapshot.projection).toMatchObject({ setAside: [{ seq: event.seq, type: RESUMED.type }] });
    // Gone on with: a fold would have made another.
    if (reading === "kept") expect(standing().log).toBe(log);
  });

  it("events behind it are taken as if there were none, and it is told with its reason each time", async () => {
    const aside = await report(RESUMED, { keepAside: true });
    const { setAside } = standing();
    expect(setAside).toMatchObject([{ event: { seq: aside.event.seq }, reason: "the pathway is not paused" }]);
    for (let n = 0; n < 5; n++) {
      const { snapshot } = await report(PAIN);
      expect(snapshot.projection).toMatchObject({ setAside: [{ seq: aside.event.seq, reason: setAside[0]!.reason }] });
      if (reading === "kept") expect(standing().setAside).toBe(setAside);
    }
  });

  it("only a change of the past lets it fit again", async () => {
    await report(PAIN);
    const before = world.now + DAY / 2;
    const { event } = await report(RESUMED, { keepAside: true });
    await report(PAIN);
    const late = { type: "pathway.paused", data: { reason: "Away" }, occurredAt: before };
    const { snapshot } = await report(late, { acceptConsequences: true });
    expect(snapshot.projection).toMatchObject({ status: "active", setAside: [] });
    expect(
      standing()
        .log.facts()
        .map(({ seq }) => seq),
    ).toContain(event.seq);
  });
});
