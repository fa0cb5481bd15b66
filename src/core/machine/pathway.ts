import { Temporal } from "temporal-polyfill";
import { makeRule, timeOfDay, type Rule } from "../calendar.js";
import { contentHash } from "../canonical.js";
import type {
  DueRule,
  EventDeclaration,
  JsonObject,
  NoticeDeclaration,
  PathwayDocument,
  Role,
  RungDeclaration,
  StateConfig,
  TaskDeclaration,
  TellingDeclaration,
} from "../document/document.js";
import {
  EXITED,
  expandWildcards,
  findEvent,
  makeRedFlags,
  makeValidator,
  ownProperty,
  PAUSED,
  RESUMED,
  type DataFault,
  type RedFlags,
} from "../document/index.js";
import { compileExpressions, type Expressions } from "../expressions/index.js";
import type { Telling } from "../fold/stored.js";
import { Interpreter } from "./interpreter.js";

export interface CompiledTimer {
  name: string;
  rule: Rule;
  from?: string;
  /** Counted from the instant at which it fires. */
  reminders: CompiledRung[];
  runsWhilePaused: boolean;
}

export interface CompiledRung {
  rule: Rule;
  /** Counted from the due instant; else from the opening of the task. */
  fromDue: boolean;
  telling: Telling;
}

export interface CompiledTask {
  title: string;
  role: Role;
  urgency: "routine" | "urgent";
  due: Rule;
  reminders: CompiledRung[];
  escalations: CompiledRung[];
  runsWhilePaused: boolean;
  /** Event types that the declaring state, a state within it or one around it names with a way out. */
  resolves: string[];
}

/** Key of the engine's own task that stands while an enrolment is paused. */
export const RESUME_TASK = PAUSED;

/** A document ready to run. Make one with `compile`. */
export class Pathway {
  readonly id: string;
  readonly version: string;
  /** SHA-256 of the document's canonical JSON. */
  readonly hash: string;
  readonly expressions: Expressions;
  readonly interpreter: Interpreter;
  /** States whose newest entry expressions ask for (`since`). */
  readonly remembered: ReadonlySet<string>;
  /** How long a pause may last before somebody is asked. */
  readonly pauseReview: Rule;
  /** Which events carry red flags, and where. */
  readonly redFlags: RedFlags;
  /** Faults of an event's data; pointers are relative to the data. */
  readonly validate: (type: string, data: JsonObject) => DataFault[];
  private readonly timers = new Map<string, CompiledTimer[]>();
  private readonly tasks = new Map<string, CompiledTask>();
  private readonly named = new Map<string, string[]>();

  constructor(readonly document: PathwayDocument) {
    this.id = document.id;
    this.version = document.version;
    this.hash = contentHash(document);
    this.expressions = compileExpressions(document);
    this.remembered = this.expressions.statesAsked;
    this.validate = makeValidator(document);
    this.redFlags = makeRedFlags(document.redFlags);
    this.pauseReview = this.rule("pauseReviewAfter");
    this.interpreter = new Interpreter(document.id, expandWildcards(document), (source, eventType) =>
      this.expressions.guard(source, eventType),
    );
    this.collect(document.machine, "", []);
    this.tasks.set(RESUME_TASK, {
      ...{ title: "Resume?", role: "coordinator", urgency: "routine", due: this.pauseReview },
      ...{ reminders: [], escalations: [], runsWhilePaused: true, resolves: [RESUMED, EXITED] },
    });
  }

  timersOf(state: string): readonly CompiledTimer[] {
    return this.timers.get(state) ?? [];
  }

  timer(state: string, name: string): CompiledTimer {
    const timer = this.timersOf(state).find((declared) => declared.name === name);
    if (!timer) throw new Error(`State "${state}" declares no timer "${name}".`);
    return timer;
  }

  task(key: string): CompiledTask | undefined {
    return this.tasks.get(key);
  }

  /** Event types that the state itself names, without wildcards. */
  namedBy(state: string): readonly string[] {
    return this.named.get(state) ?? [];
  }

  /** The declaration of an event of the document or of the engine. */
  event(type: string): EventDeclaration | undefined {
    return findEvent(this.document, type);
  }

  private collect(state: StateConfig, path: string, around: StateConfig[]): void {
    this.named.set(
      path,
      Object.keys(state.on ?? {}).filter((type) => type !== "*"),
    );
    this.timers.set(
      path,
      Object.keys(state.after ?? {}).map((name) => this.compileTimer(name)),
    );
    if (state.meta?.task) this.tasks.set(path, this.compileTask(state.meta.task, [...around, state]));
    for (const [key, child] of Object.entries(state.states ?? {})) {
      this.collect(child, path === "" ? key : `${path}.${key}`, [...around, state]);
    }
  }

  private compileTimer(name: string): CompiledTimer {
    const declared = ownProperty(this.document.timers ?? {}, name);
    if (!declared) throw new Error(`The document declares no timer "${name}".`);
    return {
      ...{ name, rule: this.rule(declared), runsWhilePaused: declared.whilePaused === "run" },
      ...(declared.from !== undefined && { from: declared.from }),
      reminders: (declared.reminders ?? []).map((notice) => this.compileNotice(notice)),
    };
  }

  private compileTask(task: TaskDeclaration, states: StateConfig[]): CompiledTask {
    return {
      title: task.title,
      role: task.role,
      urgency: task.urgency ?? "routine",
      due: this.rule(task.due),
      reminders: (task.reminders ?? []).map((rung) => this.compileRung(rung)),
      escalations: (task.escalation ?? []).map((rung) => this.compileRung(rung)),
      runsWhilePaused: task.whilePaused === "run",
      resolves: resolving(states),
    };
  }

  private compileRung(declared: string | RungDeclaration): CompiledRung {
    if (typeof declared === "string") return { rule: this.rule(declared), fromDue: false, telling: {} };
    const { every, workingDays } = declared;
    return {
      rule: {
        ...this.rule(declared),
        ...(workingDays !== undefined && { workingDays }),
        ...hoursOf(declared),
      },
      fromDue: declared.from === "due",
      telling: {
        ...tellingOf(declared),
        ...(every !== undefined && { everyMs: this.duration(every).total("milliseconds") }),
      },
    };
  }

  private compileNotice(declared: NoticeDeclaration): CompiledRung {
    const rule = { ...makeRule(this.duration(declared.before).negated(), undefined, false), ...hoursOf(declared) };
    return { rule, fromDue: true, telling: tellingOf(declared) };
  }

  /** Fills in the parameters of a due rule. */
  private rule(due: string | DueRule): Rule {
    const { after, at, workingDay } = typeof due === "string" ? ({ after: due } as DueRule) : due;
    const time = at === undefined ? undefined : Temporal.PlainTime.from(at);
    return makeRule(this.duration(after), time, workingDay === "next");
  }

  private duration(text: string): Temporal.Duration {
    const parameter = ownProperty(this.document.parameters, text);
    return Temporal.Duration.from(String(parameter ? parameter.value : text));
  }
}

function hoursOf({ between }: TellingDeclaration): Pick<Rule, "between"> {
  if (!between) return {};
  const time = (text: string): number => timeOfDay(Temporal.PlainTime.from(text));
  return { between: { from: time(between.from), to: time(between.to) } };
}

function tellingOf({ to, else: otherwise, by, message }: TellingDeclaration): Telling {
  return {
    ...(to !== undefined && { to }),
    ...(otherwise !== undefined && { else: otherwise }),
    ...(by !== undefined && { by }),
    ...(message !== undefined && { message }),
  };
}

/** Events that can close a task: those that a state from the declaring one up names with a target. */
function resolving(states: StateConfig[]): string[] {
  const types = new Set<string>();
  for (const state of [...states].reverse()) {
    for (const [type, transitions] of Object.entries(state.on ?? {})) {
      const branches = Array.isArray(transitions) ? transitions : [transitions];
      if (type !== "*" && branches.some((branch) => typeof branch === "string" || branch.target)) types.add(type);
    }
  }
  return [...types];
}

/** Compiles a document that `checkDocument` has no fault with. Costs about 100 ms: keep the result by its hash. */
export function compile(document: PathwayDocument): Pathway {
  return new Pathway(document);
}

/** The machine as plain XState JSON, for Stately's tools: guards are the CEL expressions, delays the timers' names. */
export function xstateJson(document: PathwayDocument): JsonObject {
  return { ...document.machine, id: document.id, version: document.version } as unknown as JsonObject;
}
