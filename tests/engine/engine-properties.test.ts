import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Answer } from "../../src/engine/model/answer.js";
import { isKeyed, type Command } from "../../src/engine/model/commands.js";
import { runs } from "../core/seed.js";
import {
  acts,
  commandOf,
  FIRST,
  GENERATED,
  otherBody,
  type Act,
  type Stage,
  type Vocabulary,
} from "./random-commands.js";
import { armingOf, countBy, expectSame, MemoryWorld } from "./memory-world.js";

const START = Date.UTC(2026, 0, 5, 9);

/** An answer is drawn when somebody looks at it: what it tells, as a value. */
function told(answer: Answer): unknown {
  return JSON.parse(JSON.stringify(answer));
}

interface Script {
  /** What comes with each act: the same at once, or later, or another body under its key. */
  steps: { act: Act; again: "no" | "atOnce" | "otherBody" }[];
}

const scripts = (length: number): fc.Arbitrary<Script> =>
  fc.record({
    steps: fc.array(fc.record({ act: acts, again: fc.constantFrom("no", "no", "atOnce", "otherBody") }), {
      minLength: length / 2,
      maxLength: length,
    }),
  });

/** Plays a script on one enrolment, and judges every step of it. */
class Play {
  readonly answers: { command: Command; answer: unknown }[] = [];
  /** How often an arming of a timer was ever fired in one fold. */
  private readonly mostFired = new Map<string, number>();

  private constructor(
    readonly world: MemoryWorld,
    readonly id: string,
    private readonly vocabulary: Vocabulary,
  ) {}

  static async begin({ pathway, vocabulary }: Stage): Promise<Play> {
    const world = new MemoryWorld(pathway, START);
    return new Play(world, await world.enrol(), vocabulary);
  }

  async step({ act, again }: Script["steps"][number]): Promise<void> {
    const { world, id } = this;
    world.now += act.wait;
    const command = commandOf(world, id, this.vocabulary, act);
    const before = world.store.kept(id);
    const [answer, same] = await Promise.all([world.one(command), ...(again === "atOnce" ? [world.one(command)] : [])]);
    const isRemembered = isKeyed(command) && command.idempotency !== undefined && !isNotFound(answer!);
    if (isRemembered) {
      const answered = told(answer!);
      this.answers.push({ command, answer: answered });
      if (same) expectSame(told(same), answered);
      if (again === "otherBody") await this.expectOtherBodyRefused(otherBody(command));
    }
    this.expectRecorded(command, answer!, before.seq);
    this.expectSound();
  }

  /** The same keys once more, when everything is long over. */
  async repeatAll(): Promise<void> {
    const { world, id } = this;
    const { seq } = world.store.kept(id);
    for (const { command, answer } of this.answers) expectSame(told(await world.one(command)), answer);
    expectSame(world.store.kept(id).seq, seq);
    expectSame(world.store.verifyChain(id), []);
  }

  /** Sound, and no arming of a timer is on record as fired oftener than any fold so far has fired it. */
  expectSound(): void {
    const { world, id } = this;
    for (const [arming, times] of countBy(world.expectSound(id).map(armingOf)))
      this.mostFired.set(arming, Math.max(times, this.mostFired.get(arming) ?? 0));
    for (const [arming, times] of countBy(world.store.kept(id).firings.map(armingOf))) {
      expectSame([arming, times], [arming, Math.min(times, this.mostFired.get(arming) ?? 0)]);
    }
  }

  async wake(): Promise<void> {
    const { world, id } = this;
    await world.wake(id);
    expect(
      world.store.kept(id).timers.filter(({ status, dueAt }) => status === "pending" && dueAt <= world.now),
    ).toEqual([]);
    expect(await world.wake(id)).toEqual({ kind: "woken", fired: 0 });
    this.expectSound();
  }

  private async expectOtherBodyRefused(command: Command): Promise<void> {
    const { seq } = this.world.store.kept(this.id);
    expect(await this.world.one(command)).toMatchObject({ kind: "refused", refusal: { name: "key-reused" } });
    expect(this.world.store.kept(this.id).seq).toBe(seq);
  }

  /** A dry run, a question back and a doctor who finds nothing leave no record; a refusal leaves one. */
  private expectRecorded(command: Command, answer: Answer, seq: number): void {
    const added = this.world.store.newer(this.id, seq);
    const { lastRecordedAt } = this.world.store.kept(this.id);
    if (added.length > 0) expect(lastRecordedAt).toBe(this.world.now);
    if (answer.kind === "repaired") expect(answer.differences).toEqual([]);
    if (answer.kind === "repaired" || ("dryRun" in command && command.dryRun)) expect(added).toEqual([]);
    if (answer.kind === "refused") expect(added.every(({ kind }) => kind === "refusal")).toBe(true);
    if (answer.kind === "refused") expect(added.length).toBeLessThanOrEqual(1);
  }
}

function isNotFound(answer: Answer): boolean {
  return answer.kind === "refused" && answer.refusal.name === "not-found";
}

describe.each([
  { what: "generated pathways", stages: GENERATED, times: 60, length: 30 },
  { what: "the first pathway", stages: FIRST, times: 60, length: 60 },
])("on $what", ({ stages, times, length }) => {
  it("whatever comes in whatever order, rows are what the whole history gives, and a key has one outcome", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(stages, scripts(length), async (stage, { steps }) => {
        const play = await Play.begin(stage);
        for (const [index, step] of steps.entries()) {
          await play.step(step);
          if (index % 5 === 4) await play.wake();
        }
        await play.wake();
        await play.repeatAll();
        for (const { answer } of play.answers) seen.add(nameOf(answer as Answer));
      }),
      runs(times),
    );
    // Every outcome has been met.
    expect(OUTCOMES.filter((name) => !seen.has(name))).toEqual([]);
  });
});

const OUTCOMES = [
  ...["accepted", "setAside", "corrected", "task", "patient"],
  ...["event-refused", "consequences", "stale", "exited", "invalid-data", "invalid-time", "before-enrolment"],
  ...["reporter-not-allowed", "duplicate-source", "task-closed"],
];

function nameOf(answer: Answer): string {
  if (answer.kind === "refused") return answer.refusal.name;
  return answer.kind === "reported" ? answer.outcome : answer.kind;
}
