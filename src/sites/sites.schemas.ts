import { type Static, Type } from "typebox";
import { closed, Code } from "../http/shared.schemas.js";

const calendar = {
  timeZone: Type.String({
    minLength: 1,
    maxLength: 100,
    description: "Region and city as IANA names them, such as Europe/Berlin, or UTC.",
  }),
  workingDays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
    minItems: 1,
    uniqueItems: true,
    description: "ISO weekdays, 1 = Monday.",
  }),
  holidays: Type.Array(Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\d$" }), { maxItems: 2000, uniqueItems: true }),
};

const TimeOfDay = Type.String({ pattern: "^([01]\\d|2[0-3]):[0-5]\\d$", description: "`HH:MM` by the site's clock." });

const Hours = Type.Object(
  {
    person: Code,
    days: Type.Optional(
      Type.Unsafe<number[]>({
        ...calendar.workingDays,
        description: "ISO weekdays on which it begins; default: every day.",
      }),
    ),
    from: Type.Optional(TimeOfDay),
    to: Type.Optional(TimeOfDay),
  },
  {
    ...closed,
    description:
      "`from` and `to` come together: to a `to` that is not later it lasts into the next day; without them, the whole day.",
  },
);

const OfRole = Type.Optional(Type.Array(Type.Union([Code, Hours]), { maxItems: 50, uniqueItems: true }));

export const OnCallPeople = Type.Object(
  { coordinator: OfRole, clinician: OfRole, lead: OfRole, auditor: OfRole, admin: OfRole, system: OfRole },
  {
    ...closed,
    description: "Who is on call, by role, in the order in which they are asked: an id, at all hours, or hours.",
  },
);
export type OnCallPeople = Static<typeof OnCallPeople>;

export const NewCalendar = Type.Object(
  {
    timeZone: calendar.timeZone,
    workingDays: Type.Optional(calendar.workingDays),
    holidays: Type.Optional(calendar.holidays),
  },
  closed,
);
export type NewCalendar = Static<typeof NewCalendar>;

export const NewSite = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,62}$" }),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    ...NewCalendar.properties,
    onCall: Type.Optional(OnCallPeople),
  },
  closed,
);
export type NewSite = Static<typeof NewSite>;

export const SiteAnswer = Type.Object({
  id: Type.String(),
  name: Type.String(),
  ...calendar,
  calendarVersion: Type.Integer({ minimum: 1 }),
  onCall: OnCallPeople,
});
export type SiteAnswer = Static<typeof SiteAnswer>;

export const SiteList = Type.Object({ items: Type.Array(SiteAnswer) });
export const SiteById = Type.Object({ id: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,62}$" }) }, closed);
export type SiteById = Static<typeof SiteById>;
