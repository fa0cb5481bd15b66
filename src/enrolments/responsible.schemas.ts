import { type Static, Type } from "typebox";
import { closed, Code, FreeText, Uuid } from "../http/shared.schemas.js";

export const NewResponsible = Type.Object(
  {
    person: Type.Unsafe<string>({ ...Code, description: "A coordinator at the site." }),
    reason: Type.Optional(FreeText),
  },
  closed,
);
export type NewResponsible = Static<typeof NewResponsible>;

export const Handover = Type.Object(
  {
    from: Code,
    to: Type.Unsafe<string>({ ...Code, description: "A coordinator at each of the sites concerned." }),
    enrolments: Type.Optional(
      Type.Array(Uuid, {
        minItems: 1,
        maxItems: 10_000,
        uniqueItems: true,
        description: "Default: all that go on, at sites where the caller may change them.",
      }),
    ),
    reason: FreeText,
  },
  closed,
);
export type Handover = Static<typeof Handover>;

export const HandedOver = Type.Object({
  changed: Type.Array(Uuid),
  unchanged: Type.Array(Type.Object({ enrolment: Uuid, detail: Type.String() })),
});
export type HandedOver = Static<typeof HandedOver>;
