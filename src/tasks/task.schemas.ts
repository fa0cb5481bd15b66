import { type Static, Type } from "typebox";
import { closed, Code, FreeText, InstantText, Role, Uuid, WhenText } from "../http/shared.schemas.js";
import { PatientAnswer } from "../patients/patient.schemas.js";

export const PathwayPin = Type.Object({ id: Type.String(), version: Type.String(), hash: Type.String() });

export const TaskAnswer = Type.Object({
  id: Uuid,
  enrolmentId: Uuid,
  patient: PatientAnswer,
  pathway: PathwayPin,
  site: Code,
  key: Type.String({ description: "Path of the state that declares it, or `pathway.paused`." }),
  title: Type.String(),
  role: Role,
  assignee: Type.Optional(Type.String()),
  snoozedUntil: Type.Optional(InstantText),
  urgency: Type.Enum(["routine", "urgent"]),
  openedAt: InstantText,
  dueAt: InstantText,
  overdue: Type.Boolean(),
  escalated: Type.Boolean(),
  resolves: Type.Array(Type.String(), { description: "Types of the events that can close it." }),
  flags: Type.Array(Type.Object({ name: Type.String(), text: Type.String() }), {
    description: "What the enrolment's flags of severity warning and above say of the patient.",
  }),
});
export type TaskAnswer = Static<typeof TaskAnswer>;

export const PersonId = Type.String({ minLength: 1, maxLength: 200 });

export const Assign = Type.Object({ assignee: PersonId }, closed);
export type Assign = Static<typeof Assign>;

export const Snooze = Type.Object(
  {
    until: Type.String({ ...WhenText, minLength: 1, maxLength: 100 }),
    reason: Type.Optional(FreeText),
  },
  { ...closed, description: "A bare date: the start of that day at the site. Beyond the due time with a reason only." },
);
export type Snooze = Static<typeof Snooze>;
