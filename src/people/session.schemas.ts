import { type Static, Type } from "typebox";
import { closed, Code, InstantText, Role, Uuid } from "../http/shared.schemas.js";

export const SignIn = Type.Object(
  {
    user: Type.Unsafe<string>({ ...Code, description: "The id of a person.", examples: ["coordinator", "clinician"] }),
  },
  closed,
);
export type SignIn = Static<typeof SignIn>;

export const Signed = Type.Object({ token: Type.String() });
export type Signed = Static<typeof Signed>;

const ends = {
  startedAt: InstantText,
  endsAt: Type.Unsafe<string>({
    ...InstantText,
    description: "Unless it is used before: 30 minutes after its last use, which is noted once a minute.",
  }),
  endsAtLatest: Type.Unsafe<string>({ ...InstantText, description: "12 hours after its start." }),
};

export const CurrentSession = Type.Object({
  id: Uuid,
  person: Type.Object({ id: Type.String(), name: Type.String(), language: Type.String() }),
  roles: Type.Array(Role, { description: "Those that the person holds at any site." }),
  sites: Type.Array(
    Type.Object({ id: Type.String(), name: Type.String(), timeZone: Type.String(), roles: Type.Array(Role) }),
    { description: "Where the person holds a role, and which." },
  ),
  ...ends,
});
export type CurrentSession = Static<typeof CurrentSession>;

export const SessionList = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Uuid,
      person: Type.String(),
      ...ends,
      current: Type.Boolean({ description: "The one by which this is asked." }),
    }),
  ),
});
export type SessionList = Static<typeof SessionList>;
