import type { DataFault } from "../core/index.js";

/** Faults as their places follow each other in the request, as somebody mends them; what is missing comes last in its object. */
export function inRequestOrder<Fault extends Pick<DataFault, "pointer">>(
  request: unknown,
  faults: readonly Fault[],
): Fault[] {
  const orders = new Map<object, Map<string, number>>();
  const orderOf = (value: object): Map<string, number> => {
    let order = orders.get(value);
    if (!order) orders.set(value, (order = new Map(Object.keys(value).map((key, index) => [key, index]))));
    return order;
  };
  const placed = faults.map((fault) => ({ fault, place: placeOf(request, fault.pointer, orderOf) }));
  return placed.sort((a, b) => compare(a.place, b.place)).map(({ fault }) => fault);
}

function placeOf(request: unknown, pointer: string, orderOf: (value: object) => Map<string, number>): number[] {
  const place: number[] = [];
  let value = request;
  for (const step of pointer.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null) break;
    const index = orderOf(value).get(key);
    place.push(index ?? Infinity);
    if (index === undefined) break;
    value = (value as Record<string, unknown>)[key];
  }
  return place;
}

/** What is about the whole comes before what is about its parts. */
function compare(a: readonly number[], b: readonly number[]): number {
  const step = a.findIndex((index, depth) => index !== b[depth]);
  if (step === -1) return a.length - b.length;
  return step < b.length ? a[step]! - b[step]! : 1;
}
