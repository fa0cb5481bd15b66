import type { TaskAnswer } from "./task.schemas.js";

/** Spreadsheets read UTF-8 as such where it begins with this mark, and as a code page of their own where it does not. */
const MARK = "\uFEFF";

/** What a spreadsheet takes for a formula, also in the wide forms of these signs. */
const FORMULA = /^\s*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20]|^[\t\r\n]/u;

/** Of the patient no more than what tells people apart: a file leaves the house more easily than a page. */
const COLUMNS: Record<string, (task: TaskAnswer) => string | undefined> = {
  id: (task) => task.id,
  enrolment: (task) => task.enrolmentId,
  site: (task) => task.site,
  pathway: (task) => `${task.pathway.id}@${task.pathway.version}`,
  familyName: (task) => task.patient.familyName ?? undefined,
  givenName: (task) => task.patient.givenName ?? undefined,
  birthDate: (task) => task.patient.birthDate ?? undefined,
  key: (task) => task.key,
  title: (task) => task.title,
  role: (task) => task.role,
  assignee: (task) => task.assignee,
  urgency: (task) => task.urgency,
  openedAt: (task) => task.openedAt,
  dueAt: (task) => task.dueAt,
  overdue: (task) => String(task.overdue),
  escalated: (task) => String(task.escalated),
  snoozedUntil: (task) => task.snoozedUntil,
  flags: (task) => task.flags.map(({ name }) => name).join(" "),
};

export const CSV_HEAD = MARK + line(Object.keys(COLUMNS));

/** One line of RFC 4180. */
export function csvLine(task: TaskAnswer): string {
  return line(Object.values(COLUMNS).map((cell) => cell(task) ?? ""));
}

function line(cells: readonly string[]): string {
  return `${cells.map(quoted).join()}\r\n`;
}

/** A name that reads as a formula is shown and not carried out: an apostrophe stands before it. */
function quoted(cell: string): string {
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
