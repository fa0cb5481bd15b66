/**
 * The one path for everything that changes an enrolment: load -> decide -> write -> commit -> answer -> tell.
 *
 * E1 A decision is written whole in one transaction, and the caller is answered after its commit.
 * E2 Events of one enrolment are serialised: by the lane in this process, by its row lock between processes.
 * E8 Those who listen are told after the commit; losing it loses nothing.
 */
import { randomUUID } from "node:crypto";
import { Logger } from "@nestjs/common";
import type { Temporal } from "temporal-polyfill";
import { makeRule, parseDuration, type Rule } from "../core/index.js";
import { Breath } from "../platform/breath.js";
import type { Clock } from "../platform/clock.js";
import { isLostRace, isPassing, isPoolFull } from "../platform/database-faults.js";
import { crashPoint } from "./crash-points.js";
import { decide } from "./deciding/decide.js";
import type { Choice } from "./model/rules.js";
import { Lane, type Outcome } from "./lane.js";
import { meetingPlaces, sizeOf } from "./meeting-places.js";
import type { Answer } from "./model/answer.js";
import type { Command, Enrol } from "./model/commands.js";
import type { CommitListener, Committed } from "./model/committed.js";
import type { Decision } from "./model/decision.js";
import type { Loaded } from "./model/loaded.js";
import { MissingRules, Rulebook } from "./rulebook.js";
import { MayBeDone, StoreAway, type Store } from "./store.js";

const NO_CHOICE: Choice = { pathway: null, calendar: null };

export interface EngineSettings {
  /** What happened longer ago than this, when it is recorded, is taken once it is confirmed. Absent: a year. */
  confirmOlderThan?: Temporal.Duration;
}

const A_YEAR = parseDuration("P1Y")!;

export class Engine {
  private readonly logger = new Logger("Engine");
  private readonly farBack: Rule;
  private readonly listeners: CommitListener[] = [];
  private readonly lane = new Lane<Command, Answer>({
    attempt: (commands, options) => this.attempt(commands, options),
    meetingPlaces,
    sizeOf,
    isAway: (error) => error instanceof StoreAway,
    isForAll: (error) => error instanceof MayBeDone || isPoolFull(error),
    lostRace: isLostRace,
  });

  constructor(
    private readonly store: Store,
    private readonly rulebook: Rulebook,
    private readonly clock: Clock,
    { confirmOlderThan = A_YEAR }: EngineSettings = {},
  ) {
    this.farBack = makeRule(confirmOlderThan.negated(), undefined, false);
  }

  /** Answered once it is committed. Throws where it met a fault: see `lane.ts`. */
  execute(command: Command): Promise<Answer> {
    return this.lane.submit(command);
  }

  listen(listener: CommitListener): void {
    this.listeners.push(listener);
  }

  private async attempt(commands: readonly Command[], options: { wait: boolean }): Promise<Outcome<Answer>[]> {
    const choices = await this.choose(commands);
    const outcomes: Outcome<Answer>[] = [];
    const committed = new Map<number, Committed[]>();
    const failed = await this.store.commit(commands, options, async (loaded) => {
      await crashPoint("engine.afterLock");
      const decisions: (Decision | null)[] = [];
      const breath = new Breath();
      for (const [index, command] of commands.entries()) {
        await breath.take();
        const choice = (command.kind === "enrol" && choices.get(command)) || NO_CHOICE;
        const { outcome, decision } = this.decideOne(command, loaded[index] ?? null, choice);
        outcomes.push(outcome);
        decisions.push(decision);
        if (decision?.committed) committed.set(index, [decision.committed, ...alsoCommitted(decision)]);
        await crashPoint("engine.whileDeciding");
      }
      await crashPoint("engine.beforeWrite");
      return decisions;
    });
    for (const [index, error] of failed) {
      outcomes[index] = { kind: "failed", error };
      committed.delete(index);
    }
    try {
      await crashPoint("engine.afterCommit");
      await this.tell([...committed.values()].flat());
    } catch (error) {
      throw new MayBeDone(error);
    }
    return outcomes;
  }

  private async choose(commands: readonly Command[]): Promise<Map<Enrol, Choice>> {
    try {
      return await this.rulebook.choose(commands);
    } catch (error) {
      throw isPassing(error) && !isPoolFull(error) ? new StoreAway(error) : error;
    }
  }

  private decideOne(
    command: Command,
    loaded: Loaded | null,
    choice: Choice,
  ): { outcome: Outcome<Answer>; decision: Decision | null } {
    if (!loaded) return { outcome: { kind: "locked" }, decision: null };
    try {
      const decision = decide(command, {
        ...{ loaded, choice },
        ...{ rulesOf: (pin) => this.rulebook.rulesOf(pin), farBack: this.farBack },
        now: Math.max(this.clock.now(), loaded.enrolment?.lastRecordedAt ?? -Infinity),
        ids: { enrolment: randomUUID(), patient: randomUUID() },
      });
      return { outcome: { kind: "answered", answer: decision.answer }, decision };
    } catch (error) {
      if (!(error instanceof MissingRules)) return { outcome: { kind: "failed", error }, decision: null };
      const after = async (): Promise<void> => void (await this.rulebook.fetch(error.pin));
      return { outcome: { kind: "again", after }, decision: null };
    }
  }

  private async tell(committed: readonly Committed[]): Promise<void> {
    if (committed.length === 0) return;
    await crashPoint("engine.beforeTelling");
    for (const listener of this.listeners) {
      try {
        listener(committed);
      } catch (error) {
        this.logger.warn(`A listener failed after ${committed.length} commits: ${(error as Error).message}`);
      }
    }
    await crashPoint("engine.afterTelling");
  }
}

function alsoCommitted({ also }: Decision): Committed[] {
  return also?.others.map(({ committed }) => committed) ?? [];
}
