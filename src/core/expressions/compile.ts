import type { ParseResult } from "@marcbachmann/cel-js";
import type { Cel, Json, JsonObject, PathwayDocument } from "../document/document.js";
import { makeMask } from "../document/personal.js";
import { callsOf, literal } from "./ast.js";
import { evaluate, parseExpression } from "./environment.js";
import type { View } from "./fact-log.js";
import { listExpressions, type Expression } from "./list.js";
import { toJson } from "./plain.js";

/** An expression of a checked document failed: a fault, never a `false`. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";

  constructor(
    message: string,
    /** Where it stands in the document. The message may quote a value of the data; this never does. */
    readonly place: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The expressions of one document, each parsed once. */
export interface Expressions {
  /**
   * A condition of the document: a guard, or the `when` of `confirm`, `requires` or a flag. `eventType` is null where
   * there is no event (timers, immediate transitions, flags). The closure throws an `ExpressionError` where the
   * expression fails or gives no boolean.
   */
  guard(source: Cel, eventType: string | null): (view: View) => boolean;
  /** A derived value, as plain JSON. */
  derived(name: string, view: View): Json;
  /** Paths of the states whose newest entry some expression asks for with `since`. */
  readonly statesAsked: ReadonlySet<string>;
  /** An event's data as expressions may see it: free text is replaced by `true`. For `FactLog`. */
  mask(type: string, data: JsonObject): JsonObject;
}

/** Parses every expression of a document; throws an `ExpressionError` where one is no CEL. */
export function compileExpressions(document: PathwayDocument): Expressions {
  const parameters = Object.fromEntries(Object.entries(document.parameters).map(([name, { value }]) => [name, value]));
  const listed = listExpressions(document);
  const parsed = new Map<Cel, ParseResult>();
  for (const { source, place } of listed) {
    if (!parsed.has(source))
      parsed.set(
        source,
        failing(source, place, () => parseExpression(source)),
      );
  }
  const run = (source: Cel, place: () => string): ((view: View) => unknown) => {
    const expression = parsed.get(source) ?? parseExpression(source);
    return (view) => {
      try {
        return evaluate(expression, view, parameters);
      } catch (error) {
        throw expressionError(source, place(), error);
      }
    };
  };
  const guards = new Map<string, (view: View) => boolean>();
  const makeGuard = (source: Cel, eventType: string | null): ((view: View) => boolean) => {
    const place = (): string => placeOf(listed, source, eventType);
    const value = run(source, place);
    return (view) => {
      const result = value(view);
      if (typeof result === "boolean") return result;
      throw expressionError(source, place(), new Error("it gives neither true nor false"));
    };
  };
  const derived = new Map(
    Object.entries(document.derived ?? {}).map(([name, { value }]): [string, (view: View) => Json] => {
      const place = `the derived value \`${name}\``;
      const run_ = run(value, () => place);
      return [name, (view) => failing(value, place, () => toJson(run_(view)))];
    }),
  );
  return {
    guard(source, eventType) {
      const key = `${eventType ?? ""}\n${source}`;
      let guard = guards.get(key);
      if (!guard) guards.set(key, (guard = makeGuard(source, eventType)));
      return guard;
    },
    derived(name, view) {
      const value = derived.get(name);
      if (!value) throw new Error(`The document derives no "${name}".`);
      return value(view);
    },
    statesAsked: new Set([...parsed.values()].flatMap(({ ast }) => statesAskedBy(ast))),
    mask: makeMask(document),
  };
}

function statesAskedBy(ast: ParseResult["ast"]): string[] {
  return callsOf(ast, "since").flatMap(({ args }) => literal(args[1]) ?? []);
}

/** A wildcard's guard is evaluated for a named event: then the place of the wildcard is told. */
function placeOf(listed: readonly Expression[], source: Cel, eventType: string | null): string {
  const same = listed.filter((expression) => expression.source === source);
  return (same.find((expression) => expression.eventType === eventType) ?? same[0])?.place ?? "an expression";
}

function failing<T>(source: Cel, place: string, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    throw expressionError(source, place, error);
  }
}

function expressionError(source: Cel, place: string, error: unknown): ExpressionError {
  if (error instanceof ExpressionError) return error;
  const { summary, message } = error as { summary?: string; message: string };
  const told = `The expression \`${source}\` (${place}) failed: ${summary ?? message}.`;
  return new ExpressionError(told, place, { cause: error });
}
