import { type Static, Type } from "typebox";
import { closed, FILLER, VISIBLE } from "../http/shared.schemas.js";

const Name = Type.String({ minLength: 1, maxLength: 200, pattern: VISIBLE });

/** A blank identifier would be in common with everybody whose record lacks one. */
const IdentifierPart = Type.String({ minLength: 1, maxLength: 200, pattern: `(?!${FILLER})[\\p{L}\\p{N}]` });

export const Identifier = Type.Object({ system: IdentifierPart, value: IdentifierPart }, closed);

const contact = {
  phone: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
  email: Type.Optional(Type.String({ format: "email", maxLength: 254 })),
  contactConsent: Type.Optional(
    Type.Object(
      {
        email: Type.Optional(Type.Boolean()),
        sms: Type.Optional(Type.Boolean()),
        phone: Type.Optional(Type.Boolean()),
      },
      closed,
    ),
  ),
};

const personal = {
  identifiers: Type.Array(Identifier, { minItems: 1, maxItems: 20 }),
  familyName: Name,
  givenName: Name,
  birthDate: Type.String({
    pattern: "^(?!0000)\\d{4}(-\\d\\d(-\\d\\d)?)?$",
    description: "A date, a month or a year.",
  }),
};

export const NewPatient = Type.Object({ ...personal, ...contact }, closed);
export type NewPatient = Static<typeof NewPatient>;

export const PatientChanges = Type.Object(
  { ...Type.Partial(Type.Object(personal)).properties, ...contact },
  {
    ...closed,
    minProperties: 1,
  },
);
export type PatientChanges = Static<typeof PatientChanges>;

/** After erasure only the id is left, and `erased`. */
export const PatientAnswer = Type.Object({
  id: Type.String(),
  ...Type.Partial(Type.Object(personal)).properties,
  ...contact,
  erased: Type.Optional(Type.Literal(true)),
});
export type PatientAnswer = Static<typeof PatientAnswer>;
