import { ProblemError } from "./problems.js";

/** A place in a list, opaque to the outside. It holds ids, codes and instants only. */
type Place = readonly (string | number)[];

/** The place that a cursor stands for, or a 400 for anything that this list did not hand out. */
export function readCursor<T extends Place>(
  cursor: string | undefined,
  fits: (place: unknown[]) => boolean,
): T | undefined {
  if (cursor === undefined) return undefined;
  const place = parse(cursor);
  if (Array.isArray(place) && fits(place)) return place as unknown as T;
  throw new ProblemError({
    name: "malformed-request",
    detail: "The cursor is not one that this list handed out.",
    errors: [{ pointer: "/cursor", detail: "Take `nextCursor` of the answer before, and keep the filters." }],
  });
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    return undefined;
  }
}

/** Cuts one row more than asked for: it only tells that there is a next page. */
export function page<Row>(
  rows: Row[],
  limit: number,
  placeOf: (row: Row) => Place,
): { rows: Row[]; nextCursor: string | null } {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const nextCursor = last ? Buffer.from(JSON.stringify(placeOf(last))).toString("base64url") : null;
  return { rows: rows.slice(0, limit), nextCursor };
}
