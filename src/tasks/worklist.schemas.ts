import { type Static, Type } from "typebox";
import { TaskAnswer } from "./task.schemas.js";
import { PatientAnswer } from "../patients/patient.schemas.js";
import { closed, Code, InstantText, pageOf, Paging, Role, Uuid } from "../http/shared.schemas.js";

export const TaskFilters = Type.Object(
  {
    status: Type.Optional(Type.Enum(["open", "closed", "withdrawn"], { default: "open" })),
    role: Type.Optional(Role),
    assignee: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description:
          "`me`, `none` or the id of a person. `me`: what the caller has claimed, and the coordinator's tasks that nobody has claimed of the enrolments for which the caller is responsible.",
      }),
    ),
    site: Type.Optional(Code),
    due: Type.Optional(
      Type.Enum(["overdue", "today", "week"], {
        description: "By the site's calendar; `week`: today and the six days after it.",
      }),
    ),
    pathway: Type.Optional(Code),
    urgency: Type.Optional(Type.Enum(["routine", "urgent"])),
    sort: Type.Optional(
      Type.Enum(["urgency", "dueAt", "openedAt"], {
        default: "urgency",
        description: "`urgency`: urgent, then by dueAt.",
      }),
    ),
    ...Paging,
  },
  closed,
);
export type TaskFilters = Static<typeof TaskFilters>;

const Notice = Type.Object({
  taskId: Uuid,
  enrolmentId: Uuid,
  patient: PatientAnswer,
  title: Type.String(),
  endedBy: Type.String({ description: "Whose event or correction ended it." }),
  endedAt: InstantText,
  detail: Type.String(),
});

export const TaskPage = Type.Object({
  ...pageOf(TaskAnswer).properties,
  notices: Type.Array(Notice, {
    description:
      "With `assignee=me`: the caller's claimed tasks that somebody else ended in the last 30 days, the newest first.",
  }),
  counts: Type.Object(
    { overdue: Type.Integer(), today: Type.Integer(), week: Type.Integer(), urgent: Type.Integer() },
    { description: "Over all that the filters other than `due` let through." },
  ),
});
export type TaskPage = Static<typeof TaskPage>;
