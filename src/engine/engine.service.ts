/**
 * The one path for everything that changes an enrolment: load -> decide -> write -> commit -> answer -> bells.
 *
 * E1 A decision is written whole in one transaction, and the caller is answered after its commit.
 * E2 Events of one enrolment are serialised by its row lock: a list is worked off in rounds that name each enrolment once.
 * E8 Bells are rung after the commit; losing one loses nothing.
 * A round that fails is tried member by member, so that one enrolment's fault is its own.
 */
import { randomUUID } from "node:crypto";
import { Inject, Injectable, Logger } from "@nestjs/common";
import { DataSource, type EntityManager } from "typeorm";
import type { Pathway, Role } from "../core/index.js";
import { CLOCK, type Clock } from "../platform/clock.js";
import type { Answer } from "./model/answer.js";
import { BELLS, type Bells } from "./bells.js";
import { calendarOf } from "./storage/calendars.js";
import type { Command } from "./model/commands.js";
import { crashPoint } from "./crash-points.js";
import { decide } from "./deciding/decide.js";
import type { Situation } from "./deciding/situation.js";
import type { Bell, Decision } from "./model/decision.js";
import { Loader } from "./storage/load.js";
import type { Loaded } from "./model/loaded.js";
import { MissingPathways, PinnedPathways } from "./storage/pinned-pathways.js";
import { PatientVault } from "./storage/patient-vault.js";
import { PATHWAYS, type Pathways, PEOPLE, type People } from "./ports.js";
import { inRounds } from "./rounds.js";
import { inTransaction } from "./storage/transaction.js";
import { Writer } from "./storage/write.js";

/** Losers of a race look again: what they lost to is on record then. */
const LOST_A_RACE = new Set(["23505", "40001", "40P01"]);
const ATTEMPTS = 8;

@Injectable()
export class Engine {
  private readonly logger = new Logger("Engine");
  private readonly loader: Loader;
  private readonly writer: Writer;
  private readonly pinned: PinnedPathways;

  constructor(
    private readonly dataSource: DataSource,
    vault: PatientVault,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PATHWAYS) pathways: Pathways,
    @Inject(PEOPLE) private readonly people: People,
    @Inject(BELLS) private readonly bells: Bells,
  ) {
    this.loader = new Loader(vault);
    this.writer = new Writer(vault);
    this.pinned = new PinnedPathways(pathways);
  }

  /** One answer for each command, in their order. Throws where a single command meets a fault: nothing is written then. */
  async execute(commands: readonly Command[]): Promise<Answer[]> {
    const answers = new Array<Answer>(commands.length);
    for (const round of inRounds(commands)) {
      const found = await this.together(round.map((index) => commands[index]!));
      round.forEach((index, place) => (answers[index] = found[place]!));
    }
    return answers;
  }

  private async together(commands: readonly Command[]): Promise<Answer[]> {
    if (commands.length === 1) return [await this.alone(commands[0]!)];
    try {
      return await this.attempt(commands);
    } catch (error) {
      this.logger.debug(`${commands.length} commands are tried one by one: ${messageOf(error)}`);
    }
    const answers: Answer[] = [];
    for (const command of commands)
      answers.push(await this.alone(command).catch((error) => this.faulty(command, error)));
    return answers;
  }

  private async alone(command: Command): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.attempt([command]))[0]!;
      } catch (error) {
        const again = error instanceof MissingPathways || LOST_A_RACE.has(codeOf(error));
        if (!again || attempt === ATTEMPTS) throw error;
        if (error instanceof MissingPathways) await this.pinned.fetch(error.missing);
      }
    }
  }

  private async attempt(commands: readonly Command[]): Promise<Answer[]> {
    await this.pinned.prepare(commands);
    const decisions = await inTransaction(this.dataSource, {
      load: (manager) => this.loader.load(manager, commands),
      act: (manager, loaded) => this.act(manager, commands, loaded),
    });
    await crashPoint("engine.afterCommit");
    await this.ring(decisions.flatMap(({ bells }) => bells));
    return decisions.map(({ answer }) => answer);
  }

  private async act(
    manager: EntityManager,
    commands: readonly Command[],
    loaded: readonly Loaded[],
  ): Promise<Decision[]> {
    await crashPoint("engine.afterLock");
    const items: { loaded: Loaded; decision: Decision }[] = [];
    for (const [index, command] of commands.entries()) {
      const situation = await this.situationOf(command, loaded[index]!);
      items.push({ loaded: loaded[index]!, decision: decide(command, situation) });
    }
    await crashPoint("engine.beforeWrite");
    await this.writer.write(manager, items);
    await crashPoint("engine.beforeCommit");
    return items.map(({ decision }) => decision);
  }

  private async situationOf(command: Command, loaded: Loaded): Promise<Situation> {
    const { enrolment, calendar } = loaded;
    const site = enrolment?.row.siteId ?? (command.kind === "enrol" ? command.site : "");
    const roles = await this.rolesAt(site, performersIn(command));
    return {
      loaded,
      pathway: this.pathwayOf(command, loaded),
      calendar: calendar && calendarOf(calendar),
      now: Math.max(this.clock.now(), enrolment?.lastRecordedAt ?? -Infinity),
      rolesOf: (person) => roles.get(person),
      ids: { enrolment: randomUUID(), patient: randomUUID() },
    };
  }

  private pathwayOf(command: Command, { enrolment }: Loaded): Pathway | null {
    if (enrolment) return this.pinned.ruling(enrolment.row);
    return command.kind === "enrol" ? this.pinned.chosen(command) : null;
  }

  private async rolesAt(site: string, people: readonly string[]): Promise<Map<string, readonly Role[]>> {
    const roles = new Map<string, readonly Role[]>();
    for (const person of people) {
      const held = await this.people.rolesOf(person, site);
      if (held) roles.set(person, held);
    }
    return roles;
  }

  private async ring(bells: readonly Bell[]): Promise<void> {
    if (bells.length === 0) return;
    await crashPoint("bells.beforeRing");
    try {
      await this.bells.ring(bells);
    } catch (error) {
      this.logger.warn(`${bells.length} bells were not rung; the sweeper fires their timers: ${messageOf(error)}`);
    }
    await crashPoint("bells.afterRing");
  }

  private faulty(command: Command, error: unknown): Answer {
    const about = "enrolmentId" in command ? ` of enrolment ${command.enrolmentId}` : "";
    this.logger.error(`A ${command.kind} command${about} failed: ${messageOf(error)}`);
    return {
      kind: "problem",
      problem: { name: "internal", detail: "A fault of ours. Nothing was changed by this command." },
    };
  }
}

function performersIn(command: Command): string[] {
  const events = command.kind === "enrol" ? command.events : command.kind === "report" ? [command.event] : [];
  return events.flatMap(({ performer }) => performer ?? []);
}

function codeOf(error: unknown): string {
  const { code, driverError } = (error ?? {}) as { code?: unknown; driverError?: { code?: unknown } };
  return String(code ?? driverError?.code ?? "");
}

/** Messages of PostgreSQL name constraints and columns, never values; those stand in its details. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
