import {
  advance,
  effectiveEvents,
  factsOf,
  isInOrder,
  makeLog,
  refold,
  type Calendar,
  type Effect,
  type FoldRecord,
  type KnownTask,
  type KnownTimer,
  type Pathway,
  type Standing,
  type Step,
  type Stored,
  type TaskHandle,
} from "../../src/core/index.js";

/** The smallest keeper of one enrolment's rows: it records, steps and executes effects, as the engine does. */
export class Ledger {
  readonly records: FoldRecord[] = [];
  readonly tasks: KnownTask[] = [];
  readonly timers = new Map<string, KnownTimer>();
  readonly firings: { state: string; name: string; startedAt: number; dueAt: number }[] = [];
  stored: Stored | undefined;

  constructor(
    private readonly pathway: Pathway,
    private readonly calendar: Calendar,
  ) {}

  /** Records and steps to `now`; a refused event leaves no record. */
  record(record: FoldRecord, now: number): Step["outcome"] {
    const records = [...this.records, record];
    const step = this.step(records, record, now);
    if (record.kind === "event" && step.outcome.kind === "refused") {
      this.wait(now);
      return step.outcome;
    }
    this.records.push(record);
    this.apply(step);
    return step.outcome;
  }

  /** Lets time pass. */
  wait(now: number): void {
    if (!this.stored) return;
    this.apply(advance(this.pathway, this.calendar, this.standing(this.stored), null, now));
  }

  private step(records: FoldRecord[], record: FoldRecord, now: number): Step {
    const before = effectiveEvents(this.records, this.calendar);
    const added = effectiveEvents(records, this.calendar).find((event) => event.seq === record.seq);
    if (this.stored && record.kind === "event" && added && isInOrder(this.stored, before, added.at)) {
      return advance(this.pathway, this.calendar, this.standing(this.stored), added, now);
    }
    const known = { tasks: this.tasks, timers: [...this.timers.values()], firings: this.firings };
    const asked = record.kind === "event" ? record.seq : record.corrects;
    return refold(this.pathway, this.calendar, records, now, known, asked);
  }

  private standing(stored: Stored): Standing {
    // Through JSON: what is stored survives the round trip.
    const revived = JSON.parse(JSON.stringify(stored)) as Stored;
    return { stored: revived, log: makeLog(this.pathway, factsOf(revived, this.records, this.calendar)) };
  }

  private apply(step: Step): void {
    this.stored = step.stored;
    for (const effect of step.effects) this.execute(effect);
  }

  private execute(effect: Effect): void {
    switch (effect.kind) {
      case "openTask":
        this.tasks.push({ ...effect.task, id: String(this.tasks.length), status: "open" });
        break;
      case "closeTask":
        this.find(effect.task).status = "closed";
        break;
      case "withdrawTask":
        this.find(effect.task).status = "withdrawn";
        break;
      case "reopenTask":
        Object.assign(this.find(effect.task), effect.as, { status: "open" });
        break;
      case "moveTask":
        Object.assign(this.find(effect.task), effect.as);
        break;
      case "startTimer":
        this.put(effect.timer, "pending");
        break;
      case "holdTimer": {
        const { state, name } = effect.timer;
        const { status } = this.timers.get(`${state} ${name}`)!;
        if (status !== "pending") throw new Error(`A timer is held that is ${status}: ${state} ${name}`);
        this.put(effect.timer, "held");
        break;
      }
      case "cancelTimer":
        this.put(effect.timer, "cancelled");
        break;
      case "fireTimer":
        this.put(effect.timer, "fired");
        this.firings.push(effect.timer);
        break;
    }
  }

  private find(task: TaskHandle): KnownTask {
    const found = this.tasks.findLast((row) =>
      task.id === undefined
        ? row.status === "open" && row.key === task.key && row.openedAt === task.openedAt && row.nth === task.nth
        : row.id === task.id,
    );
    if (!found) throw new Error(`An effect names a task that is no row: ${JSON.stringify(task)}`);
    return found;
  }

  private put(
    timer: { state: string; name: string; startedAt: number; dueAt: number },
    status: KnownTimer["status"],
  ): void {
    this.timers.set(`${timer.state} ${timer.name}`, { ...timer, status });
  }
}
