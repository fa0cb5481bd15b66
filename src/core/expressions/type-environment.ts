import { Environment, TypeError as CelTypeError, type ASTNode, type TypeCheckResult } from "@marcbachmann/cel-js";
import type { Parameter, PathwayDocument } from "../document/document.js";
import { meant } from "../document/fault.js";
import { LIFECYCLE_EVENTS } from "../document/lifecycle.js";
import { ownProperty } from "../document/resolve-schema.js";
import { literal } from "./ast.js";
import { dayDistance } from "./days.js";
import { CEL_OPTIONS, parseExpression, registerNumbers } from "./environment.js";
import { anyFact, namedEvent, parametersType, type ObjectType, type ValueType } from "./types.js";

/** A type as cel-js knows it. */
export interface CheckedType {
  name: string;
  kind: string;
  valueType?: CheckedType;
}

/** The part of cel-js's checker that macros are handed. */
interface Checker {
  check(node: ASTNode, context: Context): CheckedType;
  getType(name: string): CheckedType;
}

/** What names stand for where the checker is. */
interface Context {
  getVariable(name: string): unknown;
}

type Check = (checker: Checker, args: ASTNode[], context: Context, node: ASTNode) => CheckedType;

/** Our own verdicts, told as they are. */
export const OWN_VERDICT = "pathway";

function refuse(node: ASTNode, message: string): never {
  throw new CelTypeError({ code: OWN_VERDICT, message, node });
}

/**
 * The types of one document: what each expression may read. Expressions run in another environment, where every value
 * is dynamic (environment.ts); here the functions only say what they give.
 */
export class TypeEnvironment {
  /** Object types by the name that cel-js has for them. */
  readonly objects = new Map<string, ObjectType>();
  private readonly names = new Map<ObjectType, string>();
  private readonly base = new Environment(CEL_OPTIONS);
  private readonly events = new Map<string, ObjectType>();
  private readonly byEvent = new Map<string | null, Environment>();

  constructor(
    private readonly document: PathwayDocument,
    /** Paths of the machine's states. */
    private readonly states: ReadonlySet<string>,
  ) {
    this.base.registerType("sealed", { fields: {} });
    const types = [...Object.keys(document.events), ...Object.keys(LIFECYCLE_EVENTS)];
    for (const type of types) this.events.set(type, namedEvent(document, type));
    this.events.set("*", anyFact(document));
    for (const event of this.events.values()) {
      const name = this.celName(event);
      this.base.registerOperator(`${name} == null`, () => false);
    }
    registerNumbers(this.base);
    this.base.registerOperator("double in list<int>", () => false);
    this.base.registerOperator("int in list<double>", () => false);
    this.base.registerVariable("parameters", this.celName(parametersType(document)));
    this.registerFunctions();
  }

  /** Type-checks an expression that sees an event of this type (null: none). The tree carries the types found. */
  check(source: string, eventType: string | null): { result: TypeCheckResult; ast?: ASTNode } {
    try {
      const parsed = this.environmentOf(eventType).parse(source);
      const result = parsed.check();
      // What passes here must pass where it runs: there, few types are known, and they may not clash either.
      const running = result.valid ? parseExpression(source).check() : result;
      return { result: running.valid ? result : running, ast: parsed.ast };
    } catch (error) {
      return { result: { valid: false, error: error as CelTypeError } };
    }
  }

  /** The object type behind a type of cel-js. */
  objectOf(type: CheckedType | undefined): ObjectType | undefined {
    const inner = type?.kind === "optional" ? type.valueType : type;
    return inner && this.objects.get(inner.name);
  }

  /** The parameter that `parameters.x` reads. */
  parameterOf(node: ASTNode): Parameter | undefined {
    if (node.op !== "." || node.args[0].op !== "id" || node.args[0].args !== "parameters") return undefined;
    return ownProperty(this.document.parameters, node.args[1]);
  }

  private environmentOf(eventType: string | null): Environment {
    let environment = this.byEvent.get(eventType);
    if (!environment) {
      environment = this.base.clone();
      if (eventType !== null) {
        const event = eventType === "*" ? namedEvent(this.document, "*") : this.events.get(eventType);
        environment.registerVariable("event", event ? this.celName(event, environment) : "dyn");
      }
      this.byEvent.set(eventType, environment);
    }
    return environment;
  }

  private celName(type: ValueType, environment: Environment = this.base): string {
    switch (type.kind) {
      case "any":
        return "dyn";
      case "list":
        return `list<${this.celName(type.items, environment)}>`;
      case "object":
        return this.names.get(type) ?? this.registerObject(type, environment);
      default:
        return type.kind;
    }
  }

  private registerObject(type: ObjectType, environment: Environment): string {
    const fields = [...type.fields].map(([field, inner]) => [field, this.celName(inner, environment)]);
    const name = `Object${this.objects.size}`;
    this.objects.set(name, type);
    this.names.set(type, name);
    environment.registerType(name, { fields: Object.fromEntries(fields) as Record<string, string> });
    return name;
  }

  private registerFunctions(): void {
    const listed: Check = (checker, [type], context) => {
      return checker.getType(`list<${this.eventArgument(checker, type!, context)}>`);
    };
    this.define("events", 1, listed);
    this.define("earlier", 1, listed);
    this.define("latest", 1, (checker, [type], context) =>
      checker.getType(this.eventArgument(checker, type!, context)),
    );
    this.define("since", 2, (checker, [type, state], context, node) => {
      this.stateArgument(state!);
      return listed(checker, [type!], context, node);
    });
    this.define("after", 2, (checker, [type, marker], context, node) => {
      this.eventArgument(checker, marker!, context);
      return listed(checker, [type!], context, node);
    });
    this.define("recordedAfter", 1, (checker, [list], context, node) => {
      if (context.getVariable("event") === undefined) {
        refuse(node, "`recordedAfter` compares with the current event, and there is none here");
      }
      const type = checker.check(list!, context);
      this.eventsArgument(list!, type, "recordedAfter");
      return type;
    });
    this.define("distinct", 1, (checker, [list], context) => {
      const type = checker.check(list!, context);
      if (type.kind !== "list" && type.kind !== "dyn") refuse(list!, "`distinct` takes a list");
      return type;
    });
    this.define("spaced", 2, (checker, [list, duration], context) => {
      this.eventsArgument(list!, checker.check(list!, context), "spaced");
      this.daysArgument(checker, duration!, context);
      return checker.getType("int");
    });
    this.define("cGy", 1, (checker, [dose], context) => {
      this.doseArgument(dose!, checker.check(dose!, context));
      return checker.getType("double");
    });
  }

  private define(name: string, arity: number, check: Check): void {
    const parameters = Array.from({ length: arity }, () => "ast").join(", ");
    this.base.registerFunction(`${name}(${parameters}): dyn`, ({ ast, args }: { ast: ASTNode; args: ASTNode[] }) => ({
      typeCheck: (checker: Checker, _macro: unknown, context: Context) => check(checker, args, context, ast),
      evaluate: () => undefined,
    }));
  }

  /** Name of the type of the events that an argument asks for. */
  private eventArgument(checker: Checker, node: ASTNode, context: Context): string {
    const type = literal(node);
    if (type === undefined) {
      if (checker.check(node, context).name !== "string") refuse(node, "the type of an event is a text in quotes");
      return this.celName(this.events.get("*")!);
    }
    const event = this.events.get(type);
    if (!event) {
      refuse(node, `there is no event \`${type}\`; ${meant(type, [...this.events.keys()], "event")}`);
    }
    return this.celName(event);
  }

  private stateArgument(node: ASTNode): void {
    const path = literal(node);
    if (path === undefined)
      refuse(node, "`since` takes the path of a state as a text in quotes, such as 'track.state'");
    if (!this.states.has(path)) {
      refuse(node, `there is no state \`${path}\`; ${meant(path, [...this.states], "state")}`);
    }
  }

  private eventsArgument(node: ASTNode, type: CheckedType, name: string): void {
    const entry = type.kind === "list" ? type.valueType! : type;
    const isEvents = entry.kind === "dyn" || this.objectOf(entry)?.fields.has("data") === true;
    if (!isEvents || (type.kind !== "list" && type.kind !== "dyn")) refuse(node, `\`${name}\` takes a list of events`);
  }

  private daysArgument(checker: Checker, node: ASTNode, context: Context): void {
    const type = checker.check(node, context);
    const value = this.parameterOf(node)?.value ?? literal(node);
    const isDays = value === undefined ? type.name === "string" : typeof value === "string" && dayDistance(value);
    if (!isDays) refuse(node, "`spaced` takes an ISO 8601 duration of whole days, such as 'P7D', or such a parameter");
  }

  private doseArgument(node: ASTNode, type: CheckedType): void {
    if (type.kind === "dyn") return;
    const fields = this.objectOf(type)?.fields;
    if (fields?.get("value")?.kind !== "double" || !fields.has("unit")) {
      refuse(node, "`cGy` takes a dose: an object with a number `value` and the `unit` cGy or Gy");
    }
  }
}
