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

const People = Type.Optional(Type.Array(Code, { maxItems: 50, uniqueItems: true }));

const onCall = Type.Object(
  { coordinator: People, clinician: People, lead: People, auditor: People, admin: People, system: People },
  { ...closed, description: "Ids of the people on call, by role." },
);

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
    onCall: Type.Optional(onCall),
  },
  closed,
);
export type NewSite = Static<typeof NewSite>;

export const SiteAnswer = Type.Object({
  id: Type.String(),
  name: Type.String(),
  ...calendar,
  calendarVersion: Type.Integer({ minimum: 1 }),
  onCall,
});
export type SiteAnswer = Static<typeof SiteAnswer>;

export const SiteList = Type.Object({ items: Type.Array(SiteAnswer) });
export const SiteById = Type.Object({ id: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,62}$" }) }, closed);
export type SiteById = Static<typeof SiteById>;
