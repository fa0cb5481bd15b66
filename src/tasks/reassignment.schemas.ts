import { type Static, Type } from "typebox";
import { closed, Code, FreeText, pageOf, Paging, Role, Uuid } from "../http/shared.schemas.js";
import { PersonId } from "./task.schemas.js";

export const Reassign = Type.Object(
  {
    from: PersonId,
    to: PersonId,
    role: Type.Optional(Role),
    site: Type.Optional(Code),
    reason: FreeText,
    ...Paging,
  },
  closed,
);
export type Reassign = Static<typeof Reassign>;

export const ReassignAnswer = Type.Object({
  ...pageOf(
    Type.Object({
      id: Uuid,
      outcome: Type.Enum(["assigned", "refused"]),
      problem: Type.Optional(
        Type.Object(
          { type: Type.String(), detail: Type.String() },
          { description: "Why it was refused, as `POST /api/tasks/{id}/assign` tells it." },
        ),
      ),
    }),
  ).properties,
  counts: Type.Object({ assigned: Type.Integer(), refused: Type.Integer() }),
});
export type ReassignAnswer = Static<typeof ReassignAnswer>;
