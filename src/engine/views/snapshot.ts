import {
  project,
  view,
  type FoldRecord,
  type Calendar,
  type Instant,
  type Pathway,
  type Projection,
  type Standing,
  type TaskRef,
} from "../../core/index.js";
import type { EnrolmentSnapshot, TaskSnapshot } from "../model/answer.js";
import { taskIdOf } from "../model/ids.js";
import { uncut } from "../model/personal.js";
import type { EnrolmentRow, TaskRow } from "../model/rows.js";
import type { HistoryRecord, Texts } from "../model/records.js";

/** Which row stands for which task, and what people did to it. */
export type TaskBook = ReadonlyMap<string, Pick<TaskRow, "id" | "assignee" | "snoozedUntil">>;

/** What a snapshot is made from. The same picture gives the same snapshot, at once or years later. */
export interface Picture {
  row: Pick<EnrolmentRow, "id" | "personId" | "siteId">;
  pathway: Pathway;
  calendar: Calendar;
  /** Events and corrections that are known. */
  records(): readonly FoldRecord[];
  /** The newest record that is known. */
  seq: number;
  asOf: Instant;
  tasks(): TaskBook;
  /** What was cut out of a record. */
  texts(seq: number): Texts;
  /** Where the fold of these records stands at `asOf`, if that is known. */
  standing?: Standing;
}

/**
 * The projection and the tasks are drawn when somebody looks at them: for a decision that is after its commit, outside
 * its lock, and not at all where nobody looks. Drawing them cannot fail for anything that a document says.
 */
export function snapshotOf(picture: Picture): EnrolmentSnapshot {
  const { row, pathway, seq, asOf } = picture;
  const { id, personId: patientId, siteId: site } = row;
  const { version, hash } = pathway;
  let drawn: Pick<EnrolmentSnapshot, "projection" | "tasks"> | undefined;
  return {
    id,
    pathway: { id: pathway.id, version, hash },
    site,
    patientId,
    seq,
    asOf,
    get projection() {
      return (drawn ??= draw(picture)).projection;
    },
    get tasks() {
      return (drawn ??= draw(picture)).tasks;
    },
  };
}

function draw(picture: Picture): Pick<EnrolmentSnapshot, "projection" | "tasks"> {
  const projection = withTexts(picture, projectionOf(picture));
  if (projection.status === "notEnrolled") return { projection, tasks: [] };
  const book = picture.tasks();
  return { projection, tasks: projection.tasks.map((task) => taskOf(picture, book, task)) };
}

function projectionOf({ pathway, calendar, records, asOf, standing }: Picture): Projection {
  if (standing) return view(pathway, calendar, standing);
  const projection = project(pathway, calendar, records(), asOf);
  if (projection.status === "notEnrolled") return projection;
  const { trace: _, ...shown } = projection;
  return shown;
}

function withTexts({ pathway, texts, records }: Picture, projection: Projection): Projection {
  if (projection.status === "notEnrolled") return projection;
  const corrected = new Map<number, number>();
  for (const record of records()) {
    if (record.kind === "correction" && record.data) corrected.set(record.corrects, record.seq);
  }
  const latest = Object.entries(projection.latest).map(([type, event]): [string, typeof event] => {
    return [type, { ...event, data: uncut(pathway, type, event.data, texts(corrected.get(event.seq) ?? event.seq)) }];
  });
  return { ...projection, latest: Object.fromEntries(latest) };
}

type Projected = Extract<Projection, { tasks: unknown }>["tasks"][number];

function taskOf({ row, pathway, asOf }: Picture, book: TaskBook, task: Projected): TaskSnapshot {
  const { key, title, role, urgency, openedAt, dueAt, held } = task;
  // A task that no record tells of yet has the name that it will be written with.
  const kept = book.get(refOf(task)) ?? { id: taskIdOf(row.id, task), assignee: null, snoozedUntil: null };
  const { snoozedUntil } = kept;
  return {
    ...{ id: kept.id, key, title, role: role as TaskSnapshot["role"], urgency, openedAt, dueAt, held },
    escalated: !held && task.escalations.some(({ at }) => at <= asOf),
    assignee: kept.assignee,
    snoozedUntil: snoozedUntil !== null && snoozedUntil > asOf ? snoozedUntil : null,
    resolves: [...(pathway.task(key)?.resolves ?? [])],
  };
}

const refOf = ({ key, openedAt, nth }: TaskRef): string => `${key} ${openedAt} ${nth}`;

const OPENS: ReadonlySet<string> = new Set(["task.opened", "task.reopened"]);
const CLOSES: ReadonlySet<string> = new Set(["task.closed", "task.withdrawn"]);

interface Entry extends Pick<TaskRow, "id" | "assignee" | "snoozedUntil"> {
  ref: string;
  isOpen: boolean;
}

/** Where tasks share an identity, the open one stands for it. */
function bookOf(entries: readonly Entry[]): TaskBook {
  const openLast = [...entries].sort((a, b) => Number(a.isOpen) - Number(b.isOpen));
  return new Map(openLast.map(({ ref, id, assignee, snoozedUntil }) => [ref, { id, assignee, snoozedUntil }]));
}

export function bookOfRows(rows: readonly TaskRow[]): TaskBook {
  return bookOf(
    rows.map((row) => {
      const { id, assignee, snoozedUntil } = row;
      return { ref: refOf(row), id, assignee, snoozedUntil, isOpen: row.status === "open" };
    }),
  );
}

/** The same from the history: each task record names its task's identity as it was from then on. */
export function bookOfRecords(history: readonly HistoryRecord[]): TaskBook {
  const tasks = new Map<string, Entry>();
  for (const record of history) {
    if (record.kind !== "task") continue;
    const { type, detail } = record;
    const was = tasks.get(detail.taskId);
    const { assignee = was?.assignee ?? null, snoozedUntil = was?.snoozedUntil ?? null } = detail;
    tasks.set(detail.taskId, {
      ref: refOf(detail),
      id: detail.taskId,
      assignee: type === "task.opened" ? null : assignee,
      snoozedUntil: CLOSES.has(type) ? null : snoozedUntil,
      isOpen: OPENS.has(type) || (!CLOSES.has(type) && was?.isOpen === true),
    });
  }
  return bookOf([...tasks.values()]);
}
