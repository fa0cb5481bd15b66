/**
 * The floor of a fold: the steps that it makes, made by the bare XState machine.
 *
 * The strictest that is honest: the document's own configuration without our marker actions; each guard answers, in
 * turn, what it answered in the fold, so that no expression is evaluated; the scope is made once, as XState's public
 * `transition()` does not; and nothing is kept of a step but the snapshot that the next one needs.
 */
import { createMachine, type AnyStateMachine } from "xstate";
import { expandWildcards } from "../../src/core/document/index.js";
import { canonicalJson, compile, project, type Calendar, type FoldRecord } from "../../src/core/index.js";
import type { PathwayDocument, StateConfig, TransitionsConfig, TraceStep } from "../../src/core/index.js";
import { Interpreter } from "../../src/core/machine/interpreter.js";

/** Every step of one fold, and what its guards answered, in order. */
interface Course {
  types: string[];
  answers: boolean[];
  end: string;
}

export function recordCourse(
  document: PathwayDocument,
  calendar: Calendar,
  records: readonly FoldRecord[],
  asOf: number,
): Course {
  const pathway = compile(document);
  const answers: boolean[] = [];
  const interpreter = new Interpreter(document.id, expandWildcards(document), (source, type) => {
    const holds = pathway.expressions.guard(source, type);
    return (view) => {
      const answer = holds(view);
      answers.push(answer);
      return answer;
    };
  });
  const projection = project(Object.assign(pathway, { interpreter }), calendar, records, asOf);
  if (projection.status === "notEnrolled") throw new Error("A made-up history has no enrolment.");
  // The first step enters the machine.
  const types = projection.trace!.slice(1).map(({ cause }) => typeOf(document, cause));
  return { types, answers, end: canonicalJson(projection.state) };
}

function typeOf(document: PathwayDocument, cause: TraceStep["cause"]): string {
  if (cause.kind === "event") return cause.type;
  return `xstate.after.${cause.name}.${document.id}.${cause.state}`;
}

type Snapshot = ReturnType<AnyStateMachine["resolveState"]>;

export class BareMachine {
  private readonly machine: AnyStateMachine;
  private answers: readonly boolean[] = [];
  private asked = 0;
  private readonly scope = {
    ...{ self: {}, id: "", sessionId: "", system: { _sendInspectionEvent: () => undefined } },
    ...{ logger: () => undefined, defer: () => undefined, emit: () => undefined, stopChild: () => undefined },
    actionExecutor: () => undefined,
  };

  constructor(document: PathwayDocument) {
    const delays = Object.keys(document.timers ?? {}).map((name) => [name, 1]);
    this.machine = createMachine(
      { ...this.bare(expandWildcards(document)), id: document.id },
      { delays: Object.fromEntries(delays) },
    );
  }

  /** Goes the same way, and says so afterwards. */
  follow({ types, answers }: Course): { wentAs(course: Course): boolean } {
    this.answers = answers;
    this.asked = 0;
    let snapshot: Snapshot = this.machine.getInitialSnapshot(this.scope as never, undefined);
    for (const type of types) snapshot = this.machine.transition(snapshot, { type }, this.scope as never);
    const { asked } = this;
    return { wentAs: (course) => asked === course.answers.length && canonicalJson(snapshot.value) === course.end };
  }

  private bare(config: StateConfig): object {
    const guard = (): boolean => this.answers[this.asked++]!;
    const transitions = (given: TransitionsConfig): object[] =>
      (Array.isArray(given) ? given : [given]).map((one) => {
        if (typeof one === "string") return { target: one };
        return one.guard === undefined ? one : { ...one, guard };
      });
    const table = (given: Record<string, TransitionsConfig> = {}): object =>
      Object.fromEntries(Object.entries(given).map(([key, ways]) => [key, transitions(ways)]));
    const states = Object.entries(config.states ?? {}).map(([key, state]) => [key, this.bare(state)]);
    return {
      ...config,
      ...(config.on && { on: table(config.on) }),
      ...(config.after && { after: table(config.after) }),
      ...(config.always !== undefined && { always: transitions(config.always) }),
      ...(states.length > 0 && { states: Object.fromEntries(states) }),
    };
  }
}
