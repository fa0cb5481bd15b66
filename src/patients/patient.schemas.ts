import { type Static, type TSchema, Type } from "typebox";
import { closed, FILLER, FreeText, Uuid, VISIBLE } from "../http/shared.schemas.js";

const Name = Type.String({ ...{ minLength: 1, maxLength: 200 }, ...VISIBLE });

/** A blank identifier would be in common with everybody whose record lacks one. */
const IdentifierPart = Type.String({
  ...{ minLength: 1, maxLength: 200 },
  ...{ pattern: `(?!${FILLER})[\\p{L}\\p{N}]`, description: "At least one letter or digit." },
});

export const Identifier = Type.Object({ system: IdentifierPart, value: IdentifierPart }, closed);

const Phone = Type.String({ minLength: 1, maxLength: 50 });
const Email = Type.String({ format: "email", maxLength: 254 });
const Language = Type.String({
  pattern: "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
  maxLength: 35,
  description: "In which to write to the patient: a BCP 47 tag, such as pl or zh-Hant.",
});

const consent = {
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

const contact = {
  phone: Type.Optional(Phone),
  email: Type.Optional(Email),
  language: Type.Optional(Language),
  ...consent,
};

/** As many as the engine lets one patient have. */
const Identifiers = Type.Array(Identifier, { minItems: 1, maxItems: 20 });

const birth = {
  birthDate: Type.Optional(
    Type.String({
      pattern: "^(?!0000)\\d{4}(-\\d\\d(-\\d\\d)?)?$",
      description: "A date, a month or a year, such as 1950-03-17, 1950-03 or 1950.",
    }),
  ),
  birthDateUnknown: Type.Optional(Type.Boolean({ description: "Nobody knows the birth date, so that none is given." })),
};

const person = { familyName: Type.Optional(Name), givenName: Type.Optional(Name), ...birth };

export const NewPatient = Type.Object(
  {
    ...{ identifiers: Identifiers, ...person, ...contact },
    confirm: Type.Optional(
      Type.Boolean({
        description: "The identifier is the patient's, although name and birth date on record are others.",
      }),
    ),
  },
  { ...closed, description: "With one of the two names at least, and with either `birthDate` or `birthDateUnknown`." },
);
export type NewPatient = Static<typeof NewPatient>;

/** One schema and no choice of two, so that a fault is told as what it is. */
const orNull = <T extends TSchema>(schema: T) =>
  Type.Optional(Type.Unsafe<Static<T> | null>({ ...schema, type: ["string", "null"] }));

export const PatientChanges = Type.Object(
  {
    identifiers: Type.Optional(Identifiers),
    addIdentifiers: Type.Optional(Identifiers),
    removeIdentifiers: Type.Optional(Identifiers),
    ...{ familyName: orNull(Name), givenName: orNull(Name), ...birth },
    ...{ phone: orNull(Phone), email: orNull(Email), language: orNull(Language), ...consent },
    ifSeq: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          "Refuse if the enrolment's newest `seq` is another: so it is once the patient's data was changed, through whichever enrolment.",
      }),
    ),
  },
  { ...closed, minProperties: 1 },
);
export type PatientChanges = Static<typeof PatientChanges>;

export const SameAs = Type.Object({ patient: Uuid, reason: FreeText }, closed);
export type SameAs = Static<typeof SameAs>;

export const NotTheSame = Type.Object({ reason: FreeText }, closed);
export type NotTheSame = Static<typeof NotTheSame>;

/** After erasure only the id is left, and `erased`. */
export const PatientAnswer = Type.Object({
  id: Type.String(),
  identifiers: Type.Optional(
    Type.Array(Identifier, { description: "Where several records are of this person, those of all." }),
  ),
  ...person,
  ...contact,
  erased: Type.Optional(Type.Literal(true)),
});
export type PatientAnswer = Static<typeof PatientAnswer>;

/** One person: the record whose name stands for it, and everything that belongs to it. */
export const PersonAnswer = Type.Object({
  patient: PatientAnswer,
  patients: Type.Array(Type.String(), { description: "The ids of all records of this person." }),
  enrolments: Type.Array(Type.String(), { description: "The ids of those that the caller may read." }),
  parted: Type.Optional(
    Type.Array(Type.String(), { description: "The ids of the records that are of this person no longer." }),
  ),
});
export type PersonAnswer = Static<typeof PersonAnswer>;
