import { type Static, Type } from "typebox";
import { closed, Code, Role, VISIBLE } from "../http/shared.schemas.js";

const Day = Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\d$", description: "`YYYY-MM-DD`" });
const Channels = Type.Array(Type.Enum(["email", "webhook"]), { uniqueItems: true });

const Grant = Type.Object(
  { role: Role, site: Type.Unsafe<string>({ ...Code, description: "The id of a site, or `*` for every site." }) },
  closed,
);

const Absent = Type.Object(
  { from: Day, to: Day, deputy: Type.Unsafe<string>({ ...Code, description: "Who stands in: the id of a person." }) },
  { ...closed, description: "Both days included, as days of the site concerned." },
);

const Told = Type.Object(
  {
    reminders: Type.Optional(Channels),
    escalations: Type.Optional(Channels),
    notifications: Type.Optional(Channels),
  },
  { ...closed, description: "By which channels the person is told what; an empty list: not at all. Default: e-mail." },
);

const contact = {
  name: Type.String({ minLength: 1, maxLength: 200, pattern: VISIBLE }),
  email: Type.String({
    format: "email",
    maxLength: 254,
    description: "Kept in lower case; each belongs to one person.",
  }),
  language: Type.String({ pattern: "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", description: "BCP 47, such as `en`." }),
  roles: Type.Array(Grant, { maxItems: 200, uniqueItems: true }),
  digest: Type.Boolean({ description: "Whether the morning's e-mail comes." }),
};
const Phone = Type.String({ minLength: 1, maxLength: 50, pattern: VISIBLE });

export const NewPerson = Type.Object(
  {
    id: Type.Optional(
      Type.String({
        pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
        description: "Histories name it for ever. Default: one is made.",
      }),
    ),
    name: contact.name,
    email: contact.email,
    phone: Type.Optional(Phone),
    language: Type.Optional(Type.Unsafe<string>({ ...contact.language, default: "en" })),
    roles: contact.roles,
    absent: Type.Optional(Absent),
    told: Type.Optional(Told),
    digest: Type.Optional(Type.Unsafe<boolean>({ ...contact.digest, default: true })),
  },
  closed,
);
export type NewPerson = Static<typeof NewPerson>;

export const PersonChanges = Type.Object(
  {
    ...Type.Partial(Type.Object(contact)).properties,
    phone: Type.Optional(Type.Union([Phone, Type.Null()])),
    absent: Type.Optional(Type.Union([Absent, Type.Null()])),
    told: Type.Optional(Told),
  },
  { ...closed, minProperties: 1 },
);
export type PersonChanges = Static<typeof PersonChanges>;

export const PersonAnswer = Type.Object({
  id: Type.String(),
  ...contact,
  phone: Type.Optional(Phone),
  absent: Type.Optional(Absent),
  told: Type.Required(Told),
});
export type PersonAnswer = Static<typeof PersonAnswer>;

export const PersonList = Type.Object({ items: Type.Array(PersonAnswer) });
export type PersonList = Static<typeof PersonList>;
export const PersonById = Type.Object({ id: Code }, closed);
export type PersonById = Static<typeof PersonById>;
