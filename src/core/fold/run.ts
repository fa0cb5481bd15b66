/**
 * One pass of the fold over one enrolment: from its beginning, or on from a stored position.
 *
 * F4 Before an event at instant t, every pending timer due by t fires, in order of (dueAt, state, name), at its own due
 *    instant - or, where that had passed when it was started or resumed, at once: then `position` is its instant.
 * F8 A timer lives from the entry of the state that names it to its leaving.
 * F9 More than `MAX_STEPS_AT_ONE_INSTANT` firings without time advancing are a fault.
 * F11 While paused, held timers are passed over; resuming computes them and the held tasks afresh, with all the time
 *     that they were held so far.
 * F12 After the exit nothing moves, and nothing is open.
 */
import type { Calendar, Rule } from "../calendar.js";
import { parseWhen, type Instant } from "../time.js";
import { FactLog, type Surroundings, type View } from "../expressions/index.js";
import { MAX_STEPS_AT_ONE_INSTANT, type Movement, type Snapshot } from "../machine/interpreter.js";
import {
  RESUME_TASK,
  type CompiledRung,
  type CompiledTask,
  type CompiledTimer,
  type Pathway,
} from "../machine/pathway.js";
import { ENROLLED, EXITED, PAUSED, RESUMED } from "../document/index.js";
import type { Cause, Effect, Fact, Outcome, TraceStep } from "./step.js";
import type { Entry, Rung, StateValue, Stored, StoredTask, StoredTimer } from "./stored.js";

/** Local time at which a bare `resumeOn` date falls due. */
const RESUME_TIME = "09:00";

const byDue = (a: StoredTimer, b: StoredTimer): number =>
  a.dueAt - b.dueAt || compare(a.state, b.state) || compare(a.name, b.name);
const byKey = (a: StoredTimer, b: StoredTimer): number => compare(a.state, b.state) || compare(a.name, b.name);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export class Run {
  readonly effects: Effect[] = [];
  readonly trace: TraceStep[] = [];
  /** The tracks that took each event, by `seq`. */
  readonly takers = new Map<number, string[]>();
  private snapshot: Snapshot | undefined;
  private value: StateValue = {};
  private status: Stored["status"] | "notEnrolled" = "notEnrolled";
  private enrolledAt: Instant = -Infinity;
  private position: Instant = -Infinity;
  private stepsAtPosition = 0;
  private entries = new Map<string, Entry>();
  private timers: StoredTimer[] = [];
  private tasks: StoredTask[] = [];
  private pausedAt: Instant | undefined;
  private exit: Stored["exit"];
  private readonly surroundings: Surroundings = {
    dayOf: (at) => this.calendar.dateOf(at),
    entryOf: (state) => this.entries.get(state)?.fact,
  };

  private constructor(
    private readonly pathway: Pathway,
    private readonly calendar: Calendar,
    private taken: FactLog,
  ) {}

  static begin(pathway: Pathway, calendar: Calendar): Run {
    return new Run(pathway, calendar, FactLog.empty(pathway.expressions.mask));
  }

  static resume(pathway: Pathway, calendar: Calendar, stored: Stored, log: FactLog): Run {
    const run = new Run(pathway, calendar, log);
    run.snapshot = pathway.interpreter.revive(stored);
    run.value = pathway.interpreter.value(run.snapshot);
    run.status = stored.status;
    run.enrolledAt = stored.enrolledAt;
    run.position = stored.position;
    run.entries = new Map(Object.entries(stored.entries));
    run.timers = [...stored.timers];
    run.tasks = [...stored.tasks];
    run.pausedAt = stored.pausedAt;
    run.exit = stored.exit;
    return run;
  }

  /** The events that took part so far. */
  get log(): FactLog {
    return this.taken;
  }

  /** What an expression sees now. `withCurrent`: the newest event is the one that is tried. */
  view(withCurrent: boolean, log = this.taken): View {
    return log.view(withCurrent, this.surroundings);
  }

  /** The position in our own form; undefined before the enrolment. `setAside` is the caller's knowledge. */
  store(setAside: number[]): Stored | undefined {
    if (this.status === "notEnrolled") return undefined;
    const kept = [...this.entries].filter(
      ([state, { at }]) => this.pathway.remembered.has(state) || at === this.position,
    );
    return {
      status: this.status,
      enrolledAt: this.enrolledAt,
      position: this.position,
      ...this.pathway.interpreter.store(this.snapshot!),
      entries: Object.fromEntries(kept.sort(([a], [b]) => compare(a, b))),
      timers: [...this.timers].sort(byKey),
      tasks: [...this.tasks].sort((a, b) => compare(a.key, b.key)),
      ...(this.pausedAt !== undefined && { pausedAt: this.pausedAt }),
      ...(this.exit && { exit: this.exit }),
      setAside,
    };
  }

  /** Fires what is due by the event's instant, then applies it where a transition takes it. */
  take(event: Fact): Outcome {
    this.wait(event.at);
    if (this.status === "notEnrolled") return this.enrol(event);
    if (this.status === "exited") return refused("it comes after the exit");
    if (event.at < this.enrolledAt) return refused("it happened before the enrolment");
    switch (event.type) {
      case ENROLLED:
        return refused("the patient is enrolled already");
      case PAUSED:
        return this.pause(event);
      case RESUMED:
        return this.unpause(event);
      case EXITED:
        return this.leave(event);
      default:
        return this.report(event);
    }
  }

  /** Lets time pass: fires every timer due by then. */
  wait(until: Instant): void {
    for (let next = this.nextTimer(until); next; next = this.nextTimer(until)) this.fire(next);
  }

  private enrol(event: Fact): Outcome {
    if (event.type !== ENROLLED) return refused("the patient is not enrolled then");
    this.status = "active";
    this.enrolledAt = event.at;
    this.taken = this.taken.append(event);
    this.arrive(event.at);
    this.follow(this.pathway.interpreter.start(this.view(true)), event.at, causeOf(event), this.taken.size - 1);
    return accepted([]);
  }

  private report(event: Fact): Outcome {
    const tried = this.taken.append(event);
    const movement = this.pathway.interpreter.send(this.snapshot!, event.type, this.view(true, tried));
    if (!movement) return refused("no active state takes it there");
    this.taken = tried;
    this.arrive(event.at);
    this.follow(movement, event.at, causeOf(event), this.taken.size - 1);
    const takenBy = [...new Set(movement.takers.map((path) => path.split(".")[0]!))].filter((track) => track !== "");
    this.takers.set(event.seq, takenBy);
    return accepted(takenBy);
  }

  private pause(event: Fact): Outcome {
    if (this.status === "paused") return refused("the pathway is paused already");
    this.taken = this.taken.append(event);
    this.arrive(event.at);
    this.status = "paused";
    this.pausedAt = event.at;
    for (const timer of this.timers) if (this.isHeld(timer)) this.effects.push({ kind: "holdTimer", timer });
    const resumeOn = typeof event.data["resumeOn"] === "string" ? parseWhen(event.data["resumeOn"]) : undefined;
    const dueAt =
      resumeOn === undefined
        ? this.calendar.due(event.at, this.pathway.pauseReview)
        : this.calendar.resolve(resumeOn, RESUME_TIME);
    const nth = this.enter(RESUME_TASK, event.at, this.taken.size - 1);
    this.open({ key: RESUME_TASK, openedAt: event.at, nth, dueAt, reminders: [], escalations: [] }, causeOf(event));
    this.note(event.at, causeOf(event));
    return accepted([]);
  }

  private unpause(event: Fact): Outcome {
    if (this.status !== "paused") return refused("the pathway is not paused");
    const pausedAt = this.pausedAt!;
    const heldSince = (start: Instant, before = 0): number => before + event.at - Math.max(pausedAt, start);
    const held = this.timers.filter((timer) => this.isHeld(timer));
    this.taken = this.taken.append(event);
    this.arrive(event.at);
    this.status = "active";
    this.pausedAt = undefined;
    this.close(RESUME_TASK, event.at, causeOf(event));
    this.timers = this.timers.map((timer) => {
      if (!held.includes(timer)) return timer;
      const resumed = this.deferTimer(timer, heldSince(timer.startedAt, timer.heldMs));
      this.effects.push({ kind: "startTimer", timer: resumed });
      return resumed;
    });
    this.tasks = this.tasks.map((task) => {
      const declared = this.pathway.task(task.key)!;
      if (declared.runsWhilePaused) return task;
      const as = this.deferTask(task, declared, heldSince(task.openedAt, task.heldMs));
      this.effects.push({ kind: "moveTask", task, as });
      return as;
    });
    this.note(event.at, causeOf(event));
    return accepted([]);
  }

  private leave(event: Fact): Outcome {
    this.taken = this.taken.append(event);
    this.arrive(event.at);
    this.status = "exited";
    this.pausedAt = undefined;
    this.exit = { at: event.at, reason: String(event.data["reason"]) };
    for (const timer of this.timers) this.effects.push({ kind: "cancelTimer", timer });
    for (const task of [...this.tasks]) this.close(task.key, event.at, causeOf(event));
    this.timers = [];
    this.note(event.at, causeOf(event));
    return accepted([]);
  }

  private nextTimer(until: Instant): StoredTimer | undefined {
    let next: StoredTimer | undefined;
    for (const timer of this.timers) {
      if (timer.dueAt <= until && !this.isHeld(timer) && (!next || byDue(timer, next) < 0)) next = timer;
    }
    return next;
  }

  private fire(timer: StoredTimer): void {
    const at = Math.max(timer.dueAt, this.position);
    this.arrive(at);
    if (++this.stepsAtPosition > MAX_STEPS_AT_ONE_INSTANT) {
      throw new Error(`Timer "${timer.name}" of "${timer.state}" goes round without time advancing.`);
    }
    this.timers = this.timers.filter((other) => other !== timer);
    const before = this.value;
    const firing: Effect = { kind: "fireTimer", timer, at, before, after: before };
    this.effects.push(firing);
    const cause: Cause = { kind: "timer", state: timer.state, name: timer.name, dueAt: timer.dueAt };
    const movement = this.pathway.interpreter.fire(this.snapshot!, timer.state, timer.name, this.view(false));
    this.follow(movement, at, cause, this.taken.size);
    firing.after = this.value;
  }

  private arrive(at: Instant): void {
    if (at > this.position) this.stepsAtPosition = 0;
    this.position = at;
  }

  private follow(movement: Movement, at: Instant, cause: Cause, fact: number): void {
    const before = this.value;
    this.snapshot = movement.snapshot;
    if (movement.moves.length > 0) this.value = this.pathway.interpreter.value(movement.snapshot);
    for (const { kind, path } of movement.moves) {
      if (kind === "left") this.leaveState(path, at, cause);
      else this.enterState(path, at, cause, fact);
    }
    this.note(at, cause, before);
  }

  private note(at: Instant, cause: Cause, before = this.value): void {
    this.trace.push({ at, cause, before, state: this.value });
  }

  private leaveState(state: string, at: Instant, cause: Cause): void {
    this.timers = this.timers.filter((timer) => {
      if (timer.state !== state) return true;
      this.effects.push({ kind: "cancelTimer", timer });
      return false;
    });
    if (this.pathway.task(state)) this.close(state, at, cause);
  }

  private enterState(state: string, at: Instant, cause: Cause, fact: number): void {
    for (const declared of this.pathway.timersOf(state)) {
      const { name, rule, from } = declared;
      const base = from === undefined ? at : (this.taken.latest(from)?.at ?? at);
      const dueAt = this.calendar.due(base, rule);
      const timer: StoredTimer = {
        ...{ state, name, startedAt: at, dueAt, ...(base !== at && { base }) },
        ...this.noticesOf(declared, dueAt),
      };
      this.timers.push(timer);
      this.effects.push({ kind: "startTimer", timer });
      if (this.isHeld(timer)) this.effects.push({ kind: "holdTimer", timer });
    }
    const task = this.pathway.task(state);
    if (!task && !this.pathway.remembered.has(state)) return;
    const nth = this.enter(state, at, fact);
    if (!task) return;
    const dueAt = this.calendar.due(at, task.due);
    const rung = ({ rule, fromDue, telling }: CompiledRung): Rung => ({
      at: this.calendar.due(fromDue ? dueAt : at, rule),
      ...telling,
    });
    const reminders = task.reminders.map(rung);
    this.open({ key: state, openedAt: at, nth, dueAt, reminders, escalations: task.escalations.map(rung) }, cause);
  }

  /** Notes the entry and gives how many times the state was entered at this very instant before. */
  private enter(state: string, at: Instant, fact: number): number {
    const last = this.entries.get(state);
    const nth = last?.at === at ? last.nth + 1 : 0;
    this.entries.set(state, { at, nth, fact });
    return nth;
  }

  private open(task: StoredTask, because: Cause): void {
    this.tasks.push(task);
    this.effects.push({ kind: "openTask", task, at: task.openedAt, because });
  }

  private close(key: string, at: Instant, because: Cause): void {
    const task = this.tasks.find((open) => open.key === key);
    if (!task) return;
    this.tasks = this.tasks.filter((open) => open !== task);
    this.effects.push({ kind: "closeTask", task, at, because });
  }

  private deferTimer(timer: StoredTimer, heldMs: number): StoredTimer {
    const declared = this.pathway.timer(timer.state, timer.name);
    const dueAt = this.dueAfterPause(timer.base ?? timer.startedAt, declared.rule, heldMs, timer.dueAt);
    return { ...timer, heldMs, dueAt, ...this.noticesOf(declared, dueAt) };
  }

  private noticesOf({ reminders }: CompiledTimer, dueAt: Instant): Pick<StoredTimer, "reminders"> {
    if (reminders.length === 0) return {};
    return { reminders: reminders.map(({ rule, telling }) => ({ at: this.calendar.due(dueAt, rule), ...telling })) };
  }

  private deferTask(task: StoredTask, declared: CompiledTask, heldMs: number): StoredTask {
    const dueAt = this.dueAfterPause(task.openedAt, declared.due, heldMs, task.dueAt);
    // What counts from the due instant moved with it.
    const move = (rung: Rung, { rule, fromDue }: CompiledRung): Rung => ({
      ...rung,
      at: fromDue
        ? Math.max(rung.at, this.calendar.due(dueAt, rule))
        : this.dueAfterPause(task.openedAt, rule, heldMs, rung.at),
    });
    return {
      ...{ ...task, heldMs, dueAt },
      reminders: task.reminders.map((rung, index) => move(rung, declared.reminders[index]!)),
      escalations: task.escalations.map((rung, index) => move(rung, declared.escalations[index]!)),
    };
  }

  /**
   * Computed afresh, so that any number of pauses rounds once. Never earlier than it was: what fell on Saturday at ten,
   * and so on Monday at ten, may be pushed to Sunday at six - but not to Monday at six.
   */
  private dueAfterPause(base: Instant, rule: Rule, heldMs: number, was: Instant): Instant {
    return Math.max(was, this.calendar.due(base, rule, heldMs));
  }

  /** Whether a pause holds the timer now. */
  isHeld(timer: StoredTimer): boolean {
    return this.status === "paused" && !this.pathway.timer(timer.state, timer.name).runsWhilePaused;
  }
}

function causeOf(event: Fact): Cause {
  return { kind: "event", seq: event.seq, type: event.type };
}

function accepted(takenBy: string[]): Outcome {
  return { kind: "accepted", takenBy };
}

function refused(reason: string): Outcome {
  return { kind: "refused", reason };
}
