import { expect, it } from "@jest/globals";
import { CSV_HEAD, csvLine } from "../../src/tasks/task-csv.js";
import type { TaskAnswer } from "../../src/tasks/task.schemas.js";

const TASK: TaskAnswer = {
  id: "t",
  enrolmentId: "e",
  patient: { id: "p", familyName: "Example", givenName: "Ada", birthDate: "1960-04", phone: "555-0100" },
  pathway: { id: "pathway", version: "1.0.0", hash: "h" },
  site: "main",
  key: "a.b",
  title: "Call",
  role: "coordinator",
  urgency: "routine",
  openedAt: "2026-06-15T10:00:00.000Z",
  dueAt: "2026-06-16T10:00:00.000Z",
  overdue: false,
  escalated: true,
  resolves: ["a.done"],
  flags: [
    { name: "first", text: "One" },
    { name: "second", text: "Two" },
  ],
};

it("begins with the mark of UTF-8 and the names of the columns", () => {
  expect(CSV_HEAD).toBe(
    "\uFEFFid,enrolment,site,pathway,familyName,givenName,birthDate,key,title,role,assignee,urgency,openedAt,dueAt,overdue,escalated,snoozedUntil,flags\r\n",
  );
});

it("has a line for a task, without what nobody needs to tell patients apart", () => {
  expect(csvLine(TASK)).toBe(
    "t,e,main,pathway@1.0.0,Example,Ada,1960-04,a.b,Call,coordinator,,routine,2026-06-15T10:00:00.000Z,2026-06-16T10:00:00.000Z,false,true,,first second\r\n",
  );
  expect(csvLine({ ...TASK, patient: { id: "p", erased: true } })).toContain("pathway@1.0.0,,,,a.b");
});

const familyName = (name: string): string => {
  const line = csvLine({ ...TASK, patient: { ...TASK.patient, familyName: name } });
  return line.slice("t,e,main,pathway@1.0.0,".length, line.indexOf(",Ada"));
};

it.each([
  ["O'Brien", "O'Brien"],
  ["Doe, Jane", '"Doe, Jane"'],
  ['"Jo"', '"""Jo"""'],
  ["two\r\nlines", '"two\r\nlines"'],
  ["=1+2", "'=1+2"],
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ["+49", "'+49"],
  ["-2", "'-2"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["  =1", "'  =1"],
  ["\t=1", "'\t=1"],
  ["\uFF1D1", "'\uFF1D1"],
  ["Smith-Jones", "Smith-Jones"],
])("writes %j so that it is shown and never carried out", (name, cell) => {
  expect(familyName(name)).toBe(cell);
});
