import { type Static, Type } from "typebox";
import { AnyObject, closed, Code, InstantText, pageOf, Paging, StateValue, WhenText } from "../http/shared.schemas.js";
import { NewPatient, PatientAnswer } from "../patients/patient.schemas.js";
import { PastEvent } from "./reported.schemas.js";
import { PathwayPin, TaskAnswer } from "../tasks/task.schemas.js";

export const NewEnrolment = Type.Object(
  {
    pathway: Code,
    version: Type.Optional(Code),
    site: Type.Optional(Code),
    occurredAt: Type.Optional(WhenText),
    events: Type.Optional(Type.Array(PastEvent, { maxItems: 500 })),
    patient: NewPatient,
    confirm: Type.Optional(
      Type.Boolean({
        description:
          "A date that lies far back is right; the identifier is the patient's, although name and birth date on record are others.",
      }),
    ),
  },
  closed,
);
export type NewEnrolment = Static<typeof NewEnrolment>;

const Status = Type.Enum(["active", "paused", "exited", "notEnrolled"]);

const summary = {
  id: Type.String(),
  pathway: PathwayPin,
  site: Type.String(),
  patient: PatientAnswer,
  status: Status,
  exitReason: Type.Optional(Type.String()),
  state: Type.Optional(StateValue),
  enrolledAt: Type.Optional(InstantText),
  projectedTo: InstantText,
  seq: Type.Integer(),
};

export const EnrolmentSummary = Type.Object(summary);
export type EnrolmentSummary = Static<typeof EnrolmentSummary>;

const Fault = Type.Object(
  { place: Type.String({ description: "In the document." }), detail: Type.String() },
  {
    description:
      "Only where an expression of the pathway fails: what is shown is the last state on record, of `projectedTo`, whatever was asked for.",
  },
);

const Responsible = Type.Unsafe<string | null>({
  type: ["string", "null"],
  description: "The coordinator to whom its coordinator's tasks fall: shown of an enrolment as it is now.",
});

/** Before the enrolment there is a status and nothing of the state. */
export const EnrolmentAnswer = Type.Object({
  ...summary,
  responsible: Type.Optional(Responsible),
  fault: Type.Optional(Fault),
  tasks: Type.Array(TaskAnswer),
  timers: Type.Array(
    Type.Object({
      name: Type.String(),
      state: Type.String(),
      dueAt: InstantText,
      status: Type.Enum(["pending", "held"]),
    }),
  ),
  acceptedEvents: Type.Array(Type.Object({ type: Type.String(), title: Type.String(), schema: AnyObject }), {
    description: "What an active state names, whatever its guard, and the caller may report.",
  }),
  derived: AnyObject,
  setAside: Type.Array(
    Type.Object({ seq: Type.Integer(), type: Type.String(), occurredAt: InstantText, reason: Type.String() }),
  ),
  latest: Type.Record(Type.String(), Type.Object({ occurredAt: InstantText, data: AnyObject }), {
    description: "The newest event of each type that took part.",
  }),
  flags: Type.Array(
    Type.Object({ name: Type.String(), severity: Type.Enum(["info", "warning", "critical"]), text: Type.String() }),
  ),
});
export type EnrolmentAnswer = Static<typeof EnrolmentAnswer>;

export const Notices = Type.Array(Type.String(), {
  description:
    "What whoever sent this must know: a known patient differs, another one is probably the same person, nobody watches after the exit, or a task that it ended was claimed by somebody else.",
});

export const NewEnrolmentAnswer = Type.Object({
  ...EnrolmentAnswer.properties,
  notices: Type.Optional(Notices),
});

export const AsOf = Type.Object(
  {
    asOf: Type.Optional(WhenText),
    knownAt: Type.Optional(WhenText),
  },
  closed,
);
export type AsOf = Static<typeof AsOf>;

const filters = {
  pathway: Type.Optional(Code),
  status: Type.Optional(Type.Enum(["active", "paused", "exited"])),
  state: Type.Optional(Type.String({ minLength: 1, maxLength: 300, description: "Path of an active state." })),
  site: Type.Optional(Code),
  ...Paging,
};

export const EnrolmentFilters = Type.Object(filters, closed);
export type EnrolmentFilters = Static<typeof EnrolmentFilters>;

export const EnrolmentSearch = Type.Object(
  {
    ...filters,
    q: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: "Names, an identifier's value or a birth date." }),
    ),
  },
  closed,
);
export type EnrolmentSearch = Static<typeof EnrolmentSearch>;

export const EnrolmentPage = pageOf(EnrolmentSummary);
