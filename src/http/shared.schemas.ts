import { type Static, type TSchema, Type } from "typebox";

export const DEFAULT_LIMIT = 50;

/** Parts that the schemas of several routes share. Every object is closed: what nobody knows is refused. */
export const closed = { additionalProperties: false } as const;

export const Role = Type.Enum(["coordinator", "clinician", "lead", "auditor", "admin", "system"]);
export const InstantText = Type.String({ format: "date-time", description: "RFC 3339; answers are in UTC, ms, `Z`." });
export const WhenText = Type.String({ description: "An RFC 3339 instant with its zone, or a bare date." });
export const Uuid = Type.String({ format: "uuid" });
/** Letters to Unicode that show nothing. */
export const FILLER = "[\\u115F\\u1160\\u3164\\uFFA0]";
/** Some character in it shows. */
export const VISIBLE = {
  pattern: `(?!${FILLER})[^\\s\\p{C}\\p{M}\\u2800]`,
  description: "At least one character that can be seen.",
} as const;
export const Code = Type.String({ minLength: 1, maxLength: 200 });
export const FreeText = Type.String({ minLength: 1, maxLength: 10_000 });
export const AnyObject = Type.Unsafe<Record<string, unknown>>({ type: "object" });
export const StateValue = Type.Unsafe<unknown>({ description: "An XState value.", type: ["string", "object"] });

export const Limit = Type.Integer({ minimum: 1, maximum: 500, default: DEFAULT_LIMIT });
export const Cursor = Type.String({ minLength: 1, maxLength: 1000, description: "`nextCursor` of the page before." });
export const Paging = { cursor: Type.Optional(Cursor), limit: Type.Optional(Limit) };

export const ById = Type.Object({ id: Uuid }, closed);
export type ById = Static<typeof ById>;

export const DryRun = Type.Object(
  { dryRun: Type.Optional(Type.Boolean({ description: "Answer as if, and record nothing." })) },
  closed,
);
export type DryRun = Static<typeof DryRun>;

export function pageOf<Item extends TSchema>(item: Item) {
  return Type.Object({ items: Type.Array(item), nextCursor: Type.Union([Type.String(), Type.Null()]) });
}
