import { type Static, type TSchema, Type } from "typebox";
import { AnyObject, closed, InstantText, pageOf, Paging, StateValue, WhenText } from "../http/shared.schemas.js";
import { Source } from "./reported.schemas.js";

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const HistoryPaging = Type.Object(Paging, closed);
export type HistoryPaging = Static<typeof HistoryPaging>;

export const HistoryItem = Type.Object({
  seq: Type.Integer(),
  kind: Type.Enum(["event", "refusal", "timer", "task", "correction", "message", "patient", "enrolment", "pin"]),
  effective: Type.Optional(Type.Enum(["counts", "setAside", "struckOut"])),
  type: Type.String(),
  occurredAt: orNull(WhenText),
  recordedAt: InstantText,
  by: orNull(Type.String()),
  role: Type.Optional(Type.String()),
  performer: Type.Optional(Type.String()),
  source: Type.Optional(Source),
  data: orNull(AnyObject),
  note: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
  stateBefore: orNull(StateValue),
  stateAfter: orNull(StateValue),
  because: orNull(AnyObject),
  corrects: Type.Optional(Type.Integer()),
  firedBy: Type.Optional(Type.Enum(["job", "sweep", "event"])),
  detail: Type.Optional(AnyObject),
  hash: Type.String({ description: "SHA-256 in hex, over this record and the hash before." }),
  previousHash: Type.String(),
});
export type HistoryItem = Static<typeof HistoryItem>;

export const HistoryPage = pageOf(HistoryItem);
