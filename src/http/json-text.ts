/**
 * JSON that is written already, such as a schema that stands in every answer. `T` is what it says. `status`: answered
 * with another one than the route's first.
 */
export class JsonText<T> {
  declare private readonly says: T;

  constructor(
    readonly text: string,
    readonly status?: number,
  ) {}
}

/** An object: what is written already stands after the other members. */
export function jsonOf<T extends object, Written extends keyof T>(
  members: Omit<T, Written>,
  written: { [Name in Written]: JsonText<T[Name]> },
): JsonText<T> {
  const others = JSON.stringify(members).slice(1, -1);
  const texts = Object.entries<JsonText<unknown>>(written).map(([name, { text }]) => `${JSON.stringify(name)}:${text}`);
  return new JsonText(`{${[...(others ? [others] : []), ...texts].join()}}`);
}

export function jsonList<T>(items: readonly JsonText<T>[]): JsonText<T[]> {
  return new JsonText(`[${items.map(({ text }) => text).join()}]`);
}
