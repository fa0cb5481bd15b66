import {
  activePaths,
  type Instant,
  type Pathway,
  type Standing,
  type Stored,
  type StoredTimer,
  type TaskHandle,
  type TaskRef,
  type Warning,
} from "../../core/index.js";
import type { Committed, TimerChange, WokenBy } from "../model/committed.js";
import type { PatientChange, Write } from "../model/decision.js";
import type { Firing } from "../model/loaded.js";
import type { EnrolmentRow, TaskRow, TimerRow } from "../model/rows.js";
import { taskIdOf, uuidOf } from "../model/ids.js";
import type { Draft, NewRecord } from "../model/records.js";

/** What never changes about an enrolment. */
export type Identity = Pick<
  EnrolmentRow,
  "id" | "patientId" | "personId" | "siteId" | "responsible" | "calendarVersion" | "pathway"
>;

export interface LedgerStart {
  row: Identity;
  isNew: boolean;
  seq: number;
  tasks: readonly TaskRow[];
  timers: readonly TimerRow[];
  firings: readonly Firing[];
}

const refOf = ({ key, openedAt, nth }: TaskRef): string => `${key} ${openedAt} ${nth}`;
const nameOf = ({ state, name }: { state: string; name: string }): string => `${state} ${name}`;

/** Collects what one decision writes: records in order, and the rows of tasks and timers as they change. */
export class Ledger {
  readonly records: NewRecord[] = [];
  patient: PatientChange | null = null;
  /** Who is responsible from now on; undefined: whoever was. */
  responsible: string | undefined;
  private readonly firings: Firing[];
  private readonly changedTasks = new Map<string, TaskRow>();
  private readonly timers = new Map<string, TimerRow>();
  private readonly changedTimers = new Set<string>();

  constructor(
    private readonly start: LedgerStart,
    private readonly pathway: Pathway,
    readonly now: Instant,
    readonly wokenBy: WokenBy,
  ) {
    this.firings = [...start.firings];
    for (const timer of start.timers) this.timers.set(nameOf(timer), timer);
  }

  get row(): Identity {
    return this.start.row;
  }

  get enrolmentId(): string {
    return this.start.row.id;
  }

  /** The number of the next record. */
  get nextSeq(): number {
    return this.seq + 1;
  }

  get seq(): number {
    return this.start.seq + this.records.length;
  }

  /** The rows as they stand, for a re-fold. */
  known(): { tasks: TaskRow[]; timers: TimerRow[]; firings: Firing[] } {
    return { tasks: this.taskRows(), timers: [...this.timers.values()], firings: this.firings };
  }

  append<Written extends Draft>(draft: Written): Extract<NewRecord, { kind: Written["kind"] }> {
    const { by = null, role = null, stateBefore = null, stateAfter = null, because = null, personal = null } = draft;
    const record = {
      ...draft,
      by,
      role,
      stateBefore,
      stateAfter,
      because,
      seq: this.nextSeq,
      recordedAt: this.now,
      cut: personal && Object.keys(personal),
      personal,
    } as unknown as Extract<NewRecord, { kind: Written["kind"] }>;
    this.records.push(record);
    return record;
  }

  task(handle: TaskHandle): TaskRow {
    const row = handle.id === undefined ? this.openTask(handle) : this.taskOf(handle.id);
    if (!row) throw new Error(`There is no row of the task ${refOf(handle)}.`);
    return row;
  }

  taskOf(id: string): TaskRow | undefined {
    return this.changedTasks.get(id) ?? this.start.tasks.find((task) => task.id === id);
  }

  private openTask(ref: TaskRef): TaskRow | undefined {
    const is = (row: TaskRow): boolean =>
      row.status === "open" && row.key === ref.key && row.openedAt === ref.openedAt && row.nth === ref.nth;
    const changed = [...this.changedTasks.values()].findLast(is);
    return changed ?? this.start.tasks.findLast((row) => is(row) && !this.changedTasks.has(row.id));
  }

  /** A new row, or the changed form of one. */
  putTask(row: TaskRow): void {
    this.changedTasks.set(row.id, row);
  }

  /** Made from the task's identity, so that a view names a task before it is written; another one where that is taken. */
  newTaskId(ref: TaskRef): string {
    let id = taskIdOf(this.enrolmentId, ref);
    while (this.taskOf(id)) id = uuidOf(id, this.nextSeq);
    return id;
  }

  timer(timer: StoredTimer): TimerRow | undefined {
    return this.timers.get(nameOf(timer));
  }

  putTimer(row: TimerRow): void {
    this.timers.set(nameOf(row), row);
    this.changedTimers.add(nameOf(row));
  }

  newTimerId({ state, name }: StoredTimer): string {
    return uuidOf("timer", this.enrolmentId, state, name);
  }

  addFiring(firing: Omit<Firing, "seq">): void {
    this.firings.push({ ...firing, seq: this.nextSeq });
  }

  /**
   * Brings the rows in line with where the fold stands: a re-fold tells no more than what differs, and a pause changes
   * what is held. A timer that runs no more was fired where a firing of it is on record here, else cancelled.
   */
  private settle(stored: Stored): void {
    const running = new Set(stored.timers.map(nameOf));
    for (const row of [...this.timers.values()]) {
      if (running.has(nameOf(row)) || (row.status !== "pending" && row.status !== "held")) continue;
      const fired = this.firings.findLast((firing) => nameOf(firing) === nameOf(row) && firing.seq > this.start.seq);
      this.putTimer(fired ? lastFired(row, fired) : { ...row, status: "cancelled" });
    }
    for (const row of this.taskRows()) {
      const held = row.status === "open" && stored.status === "paused" && !this.pathway.task(row.key)?.runsWhilePaused;
      if (row.held !== held) this.putTask({ ...row, held });
    }
  }

  /** All task rows, in whatever status. */
  taskRows(): TaskRow[] {
    const { tasks } = this.start;
    if (this.changedTasks.size === 0) return [...tasks];
    const added = new Map(this.changedTasks);
    const changed = tasks.map((row) => {
      const change = added.get(row.id);
      if (change) added.delete(row.id);
      return change ?? row;
    });
    return [...changed, ...added.values()];
  }

  /** What is to be written now that the fold stands here, and warns of this. */
  write(
    standing: Standing,
    warnings: readonly Warning[],
    projectedTo: Instant = this.now,
  ): Omit<Write, "idempotency" | "position"> {
    const { stored } = standing;
    this.settle(stored);
    return {
      isNew: this.start.isNew,
      enrolment: {
        ...this.start.row,
        ...(this.responsible !== undefined && { responsible: this.responsible }),
        status: stored.status,
        exitReason: stored.exit?.reason ?? null,
        states: activePaths(stored.value),
        ...{ stored, warnings },
        enrolledAt: stored.enrolledAt,
        projectedTo,
      },
      records: this.records,
      tasks: [...this.changedTasks.values()],
      timers: [...this.timers.values()].filter((timer) => this.changedTimers.has(nameOf(timer))),
      patient: this.patient,
    };
  }

  /** What is told after the commit. */
  committed(): Committed {
    const before = new Map(this.start.timers.map((row) => [nameOf(row), row]));
    return {
      enrolmentId: this.enrolmentId,
      siteId: this.row.siteId,
      seq: this.seq,
      timers: [...this.changedTimers].flatMap((name) => {
        const row = this.timers.get(name)!;
        return this.timerChanges(before.get(name), row);
      }),
      fired: this.records.flatMap((record) =>
        record.kind === "timer" && record.type === "timer.fired"
          ? [{ by: this.wokenBy, latenessMs: record.detail.latenessMs }]
          : [],
      ),
      taskIds: [...this.changedTasks.keys()],
    };
  }

  private timerChanges(was: TimerRow | undefined, row: TimerRow): TimerChange[] {
    if (was?.status === row.status && was.generation === row.generation) return [];
    const change = (kind: TimerChange["kind"], { id: timerId, generation, dueAt }: TimerRow): TimerChange => {
      return { kind, timerId, generation, name: `${this.pathway.id}/${row.name}`, dueAt };
    };
    return [
      ...(was?.status === "pending" ? [change("disarmed", was)] : []),
      ...(row.status === "pending" ? [change("armed", row)] : []),
    ];
  }
}

function lastFired(row: TimerRow, { startedAt, dueAt }: Firing): TimerRow {
  const same = row.startedAt === startedAt && row.dueAt === dueAt;
  return { ...row, startedAt, dueAt, status: "fired", generation: row.generation + (same ? 0 : 1) };
}
