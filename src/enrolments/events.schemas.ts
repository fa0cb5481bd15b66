import { type Static, Type } from "typebox";
import { AnyObject, closed, FreeText, InstantText, StateValue, Uuid, WhenText } from "../http/shared.schemas.js";
import { EnrolmentAnswer, Notices } from "./enrolments.schemas.js";
import { Confirm, reported, Source } from "./reported.schemas.js";

const consent = {
  acceptConsequences: Type.Optional(Type.Boolean({ description: "Later events that no longer fit are set aside." })),
  ifSeq: Type.Optional(Type.Integer({ minimum: 1, description: "Refuse if the enrolment's newest `seq` is another." })),
};

export const ReportEvent = Type.Object(
  {
    ...reported,
    data: Type.Optional(AnyObject),
    occurredAt: Type.Optional(WhenText),
    ...consent,
    keepAside: Type.Optional(
      Type.Boolean({ description: "Keep it on record even where the pathway does not take it." }),
    ),
    reason: Type.Optional(FreeText),
  },
  closed,
);
export type ReportEvent = Static<typeof ReportEvent>;

export const CorrectEvent = Type.Object(
  {
    occurredAt: Type.Optional(WhenText),
    data: Type.Optional(AnyObject),
    strikeOut: Type.Optional(Type.Boolean({ description: "true strikes the event out, false restores it." })),
    reason: FreeText,
    confirm: Type.Optional(Confirm),
    ...consent,
  },
  closed,
);
export type CorrectEvent = Static<typeof CorrectEvent>;

export const EventPath = Type.Object({ id: Uuid, seq: Type.Integer({ minimum: 1, maximum: 2147483647 }) }, closed);
export type EventPath = Static<typeof EventPath>;

const Side = Type.Object({
  state: StateValue,
  tasks: Type.Array(Type.Object({ key: Type.String(), openedAt: InstantText, dueAt: InstantText })),
  timers: Type.Array(Type.Object({ name: Type.String(), state: Type.String(), dueAt: InstantText })),
});
const EventPlace = Type.Object({ seq: Type.Integer(), type: Type.String(), occurredAt: InstantText });
const ChangesAnswer = Type.Object({ before: Side, after: Side, setAside: Type.Array(EventPlace) });

export const ReportAnswer = Type.Object({
  event: Type.Object({
    seq: Type.Integer(),
    type: Type.String(),
    occurredAt: WhenText,
    recordedAt: InstantText,
    by: Type.String(),
    performer: Type.Optional(Type.String()),
    source: Type.Optional(Source),
    data: AnyObject,
    note: Type.Optional(Type.String()),
  }),
  outcome: Type.Enum(["accepted", "setAside"]),
  takenBy: Type.Array(Type.String(), { description: "The tracks that took it." }),
  setAside: Type.Array(EventPlace),
  changes: Type.Optional(ChangesAnswer),
  notices: Type.Optional(Notices),
  enrolment: EnrolmentAnswer,
});

export const CorrectionAnswer = Type.Object({
  ...EnrolmentAnswer.properties,
  changes: ChangesAnswer,
  notices: Type.Optional(Notices),
});
