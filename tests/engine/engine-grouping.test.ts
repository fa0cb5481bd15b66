import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Answer } from "../../src/engine/model/answer.js";
import { isKeyed, type Command } from "../../src/engine/model/commands.js";
import { runs } from "../core/seed.js";
import { expectSame, MemoryWorld } from "./memory-world.js";
import { acts, commandOf, DAY, FIRST, GENERATED, type Act, type Stage } from "./random-commands.js";
import { told } from "./told.js";

const START = Date.UTC(2026, 0, 5, 9);
const ENROLLED_FIRST = 8;

type Line =
  | { kind: "act"; of: number; act: Act; times: number }
  /** The same patient may come several times, under a key of its own or the same. */
  | { kind: "enrol"; patient: number; times: number };

interface Batch {
  lines: Line[];
  wait: number;
  /** How many are handed in before the lane comes to it. */
  chunk: number;
  /** Held by somebody else at first. */
  held: number[];
  troubles: { when: "before" | "after"; afterGroups: number }[];
}

const line: fc.Arbitrary<Line> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("act"), of: fc.nat(ENROLLED_FIRST - 1), act: acts, times: often() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("enrol"), patient: fc.nat(7), times: often() }) },
);

function often(): fc.Arbitrary<number> {
  return fc.constantFrom(1, 1, 1, 1, 2, 3);
}

const batches: fc.Arbitrary<Batch[]> = fc.array(
  fc.record({
    lines: fc.array(line, { minLength: 1, maxLength: 40, size: "medium" }),
    wait: fc.integer({ min: 0, max: 20 * DAY }),
    chunk: fc.integer({ min: 1, max: 40 }),
    held: fc.uniqueArray(fc.nat(ENROLLED_FIRST - 1), { maxLength: 2 }),
    troubles: fc.array(fc.record({ when: fc.constantFrom("before", "after"), afterGroups: fc.nat(3) }), {
      maxLength: 3,
    }),
  }),
  { minLength: 1, maxLength: 4 },
);

/** One installation that is given the batches. */
class Side {
  readonly world: MemoryWorld;
  ids: string[] = [];
  readonly answers: { command: Command; answer: Answer }[] = [];

  constructor(
    private readonly stage: Stage,
    reading: "kept" | "afresh",
  ) {
    this.world = new MemoryWorld(stage.pathway, START, { reading });
  }

  async begin(): Promise<void> {
    for (let index = 0; index < ENROLLED_FIRST; index++) this.ids.push(await this.world.enrol());
  }

  /** What the lines come to where the enrolments stand before the batch. */
  commandsOf({ lines, wait }: Batch): Command[] {
    const { world } = this;
    world.now += wait;
    return lines.flatMap((one): Command[] => {
      const command =
        one.kind === "act"
          ? commandOf(world, this.ids[one.of]!, this.stage.vocabulary, one.act)
          : this.enrol(one.patient);
      return Array.from({ length: one.times }, () => command);
    });
  }

  async oneByOne(batch: Batch): Promise<void> {
    for (const command of this.commandsOf(batch)) {
      this.answers.push({ command, answer: await this.world.one(command) });
    }
  }

  async together(batch: Batch): Promise<void> {
    const { world } = this;
    const commands = this.commandsOf(batch);
    const letGo = batch.held.map((of) => world.store.hold(this.ids[of]!));
    for (const { when, afterGroups } of batch.troubles) {
      const error = Object.assign(new Error("Somebody was faster"), { code: "40001" });
      world.store.troubles.push(...Array.from({ length: afterGroups }, () => null), { when, error });
    }
    const waiting: Promise<Answer>[] = [];
    for (const [index, command] of commands.entries()) {
      waiting.push(world.one(command));
      if (index % batch.chunk === batch.chunk - 1) await new Promise(setImmediate);
    }
    await new Promise(setImmediate);
    for (const release of letGo) release();
    const answers = await Promise.all(waiting);
    this.answers.push(...answers.map((answer, index) => ({ command: commands[index]!, answer })));
    world.store.troubles.length = 0;
  }

  histories(): unknown[] {
    const { store } = this.world;
    const made = this.answers.flatMap(({ answer }) => (answer.kind === "enrolled" ? [answer.snapshot.id] : []));
    return [...this.ids, ...new Set(made)].map((id) => {
      const { row, tasks, timers, entries } = store.readAfresh(id);
      const read = store.read(id);
      const texts = entries.map(({ record }) => read.reveal(record.seq).texts);
      return [this.world.history(id), row, tasks, timers, texts];
    });
  }

  private enrol(patient: number): Command {
    const identifiers = [{ system: "mrn", value: `common ${patient}` }];
    return this.world.enrolCommand({ patient: { identifiers, familyName: "Roe", givenName: "R", birthDate: "1960" } });
  }
}

describe.each([
  { what: "generated pathways", stages: GENERATED, times: 20 },
  { what: "the first pathway", stages: FIRST, times: 40 },
])("on $what", ({ stages, times }) => {
  it("a random grouping, with locks of others and lost races in it, gives what one by one gives", async () => {
    const groups: number[] = [];
    await fc.assert(
      fc.asyncProperty(stages, batches, async (stage, given) => {
        const [alone, grouped] = [new Side(stage, "afresh"), new Side(stage, "kept")];
        await alone.begin();
        await grouped.begin();
        for (const batch of given) {
          await alone.oneByOne(batch);
          await grouped.together(batch);
        }
        expectSame(grouped.histories().map(told), alone.histories().map(told));
        // A bell that rings again after a commit of which nobody heard has nothing left to do.
        const keyed = ({ answers }: Side): unknown[] =>
          answers.flatMap(({ command, answer }) => (isKeyed(command) ? [told(answer)] : []));
        expectSame(keyed(grouped), keyed(alone));
        for (const id of grouped.world.store.enrolmentIds) {
          grouped.world.expectSound(id);
          expectSame(grouped.world.store.verifyChain(id), []);
        }
        groups.push(...grouped.world.store.groups);
      }),
      runs(times),
    );
    expect(Math.max(...groups)).toBeGreaterThan(4);
  });
});
