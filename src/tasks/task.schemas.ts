import { type Static, Type } from "typebox";
import { InstantText, Role, Uuid } from "../http/shared.schemas.js";
import { PatientAnswer } from "../patients/patient.schemas.js";

export const PathwayPin = Type.Object({ id: Type.String(), version: Type.String(), hash: Type.String() });

export const TaskAnswer = Type.Object({
  id: Uuid,
  enrolmentId: Uuid,
  patient: PatientAnswer,
  pathway: PathwayPin,
  key: Type.String({ description: "Path of the state that declares it, or `pathway.paused`." }),
  title: Type.String(),
  role: Role,
  assignee: Type.Optional(Type.String()),
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
