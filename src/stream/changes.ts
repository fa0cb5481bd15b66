import type { Committed } from "../engine/index.js";

/** What one enrolment's streams are told of: ids only. */
export interface Change {
  enrolmentId: string;
  siteId: string;
  /** The enrolment's newest record. */
  seq: number;
  /** Tasks that were opened, closed or changed. */
  taskIds: readonly string[];
}

/** An enrolment with more tasks than this takes several places in a message. */
const TASKS_AT_ONCE = 100;

/** What came of one enrolment in two commits, as if it had come in one. */
export function merged(earlier: Change | undefined, { enrolmentId, siteId, seq, taskIds }: Change | Committed): Change {
  return {
    ...{ enrolmentId, siteId },
    seq: Math.max(earlier?.seq ?? seq, seq),
    taskIds: earlier ? [...new Set([...earlier.taskIds, ...taskIds])] : taskIds,
  };
}

/** As texts of at most so many bytes each, in their order. */
export function pack(changes: readonly Change[], mostBytes: number): string[] {
  const texts: string[] = [];
  let text = "";
  for (const part of changes.flatMap(inParts)) {
    const { enrolmentId, siteId, seq, taskIds } = part;
    const packed = JSON.stringify([enrolmentId, siteId, seq, ...taskIds]);
    if (text !== "" && Buffer.byteLength(text) + Buffer.byteLength(packed) + 3 > mostBytes) {
      texts.push(`[${text}]`);
      text = "";
    }
    text += text === "" ? packed : `,${packed}`;
  }
  return text === "" ? texts : [...texts, `[${text}]`];
}

/** Throws where the text is none of `pack`. */
export function unpack(text: string): Change[] {
  const packed = JSON.parse(text) as [string, string, number, ...string[]][];
  return packed.map(([enrolmentId, siteId, seq, ...taskIds]) => ({ enrolmentId, siteId, seq, taskIds }));
}

function inParts(change: Change): Change[] {
  const { taskIds } = change;
  if (taskIds.length <= TASKS_AT_ONCE) return [change];
  const starts = Array.from({ length: Math.ceil(taskIds.length / TASKS_AT_ONCE) }, (_, part) => part * TASKS_AT_ONCE);
  return starts.map((start) => ({ ...change, taskIds: taskIds.slice(start, start + TASKS_AT_ONCE) }));
}
