import { type Static, Type } from "typebox";
import { AnyObject, closed, Code, FreeText, VISIBLE, WhenText } from "../http/shared.schemas.js";

const SourcePart = Type.String({ minLength: 1, maxLength: 200, ...VISIBLE });
export const Source = Type.Object({ system: SourcePart, id: SourcePart }, closed);
export const Confirm = Type.Boolean({ description: "The unusual data, or a date that lies far back, is right." });

export const reported = {
  type: Code,
  data: AnyObject,
  note: Type.Optional(FreeText),
  performer: Type.Optional(Code),
  source: Type.Optional(Source),
  confirm: Type.Optional(Confirm),
};

/** What happened before the enrolment, in the request that enrols. */
export const PastEvent = Type.Object({ ...reported, occurredAt: WhenText }, closed);
export type PastEvent = Static<typeof PastEvent>;
