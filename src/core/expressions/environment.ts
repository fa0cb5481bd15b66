import { Environment, type ParseResult } from "@marcbachmann/cel-js";
import type { View } from "./fact-log.js";
import { after, cGy, distinct, earlier, latest, recordedAfter, spaced } from "./functions.js";

/** Functions of pathways, by name, with how many arguments they take. */
export const FUNCTION_ARITY = {
  events: 1,
  earlier: 1,
  latest: 1,
  since: 2,
  after: 2,
  recordedAfter: 1,
  distinct: 1,
  spaced: 2,
  cGy: 1,
} as const;

/** What CEL itself is asked to allow; the same where expressions are checked and where they run. */
export const CEL_OPTIONS = { enableOptionalTypes: true, homogeneousAggregateLiterals: false } as const;

/**
 * The view that the expression under evaluation reads. Evaluation is synchronous and expressions call no expressions,
 * so one slot is enough, and functions need no handle to it in the language.
 */
let current: View | undefined;

function reading(): View {
  if (!current) throw new Error("no expression is being evaluated");
  return current;
}

/**
 * Numbers of JSON are doubles, and literals such as `3` are whole numbers: they compare as what they are. CEL's own
 * rules say so for values whose types are known only at run time.
 */
export function registerNumbers(environment: Environment): Environment {
  return environment.registerOperator("int == double", (whole: bigint, double: number) => Number(whole) === double);
}

/** Runs every document's expressions. All values are dynamic here: types were checked before (`checkExpression`). */
const environment = registerNumbers(new Environment(CEL_OPTIONS))
  .registerVariable("event", "dyn")
  .registerVariable("parameters", "dyn")
  .registerFunction("events(string): list<dyn>", (type: string) => reading().log.events(type))
  .registerFunction("earlier(string): list<dyn>", (type: string) => earlier(type, reading()))
  .registerFunction("latest(string): dyn", (type: string) => latest(type, reading()))
  .registerFunction("since(string, string): list<dyn>", (type: string, state: string) => reading().since(type, state))
  .registerFunction("after(string, string): list<dyn>", (type: string, marker: string) =>
    after(type, marker, reading()),
  )
  .registerFunction("recordedAfter(list<dyn>): list<dyn>", (list: unknown[]) => recordedAfter(list, reading()))
  .registerFunction("distinct(list<dyn>): list<dyn>", (list: unknown[]) => distinct(list))
  .registerFunction("spaced(list<dyn>, string): dyn", (list: unknown[], duration: string) =>
    spaced(list, duration, reading()),
  )
  .registerFunction("cGy(dyn): dyn", (dose: unknown) => cGy(dose));

/** Throws where the text is no CEL. */
export function parseExpression(source: string): ParseResult {
  return environment.parse(source);
}

export function evaluate(parsed: ParseResult, view: View, parameters: Record<string, unknown>): unknown {
  current = view;
  try {
    return parsed({ event: view.event, parameters }) as unknown;
  } finally {
    current = undefined;
  }
}
