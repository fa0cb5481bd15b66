import type { ASTNode } from "@marcbachmann/cel-js";
import type { Json, PathwayDocument } from "../document/document.js";
import { listed, meant, type Fault } from "../document/fault.js";
import { literal, walk } from "./ast.js";
import { FUNCTION_ARITY } from "./environment.js";
import { listExpressions, type Expression } from "./list.js";
import { OWN_VERDICT, TypeEnvironment, type CheckedType } from "./type-environment.js";
import { valuesOf, type ValueType } from "./types.js";

/** Types that JSON has a form for. */
const NO_JSON = /^(sealed|bytes|type|uint|google\.protobuf\..*)$/;

/** Checks every expression of a document against the types of what it reads. `states`: paths of the machine. */
export function checkExpressions(document: PathwayDocument, states: ReadonlySet<string>): Fault[] {
  const types = new TypeEnvironment(document, states);
  // A guard often stands at many states.
  const known = new Map<string, string[]>();
  return listExpressions(document).flatMap((expression) => {
    const key = [expression.gives, expression.eventType ?? "", expression.source].join("\n");
    const told = known.get(key) ?? checkExpression(types, expression);
    known.set(key, told);
    return told.map((problem) => ({ message: sentence(expression, problem), pointer: expression.pointer }));
  });
}

function sentence({ place, source }: Expression, problem: string): string {
  return `${capital(place)}, \`${source.replaceAll(/\s+/g, " ").trim()}\`, is refused: ${problem}.`;
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

function checkExpression(types: TypeEnvironment, { source, eventType, gives }: Expression): string[] {
  const { result, ast } = types.check(source, eventType);
  if (!result.valid) return [explain(types, result.error as CelFault, eventType)];
  const problems = ast ? readings(types, ast) : [];
  const type = result.type ?? "dyn";
  if (gives === "boolean" && type !== "bool" && type !== "dyn") {
    return [...problems, `it gives ${inWords(types, type)} where true or false is needed; compare it with a value`];
  }
  if (gives === "json" && NO_JSON.test(type)) {
    return [...problems, `it gives ${inWords(types, type)}, which JSON has no form for; give a text or a number`];
  }
  return problems;
}

/** What cel-js lets pass: fields named within `has()` and behind `.?`, and values that a schema never allows. */
function readings(types: TypeEnvironment, ast: ASTNode): string[] {
  const problems: string[] = [];
  walk(ast, (node) => {
    if (node.op === "call" && node.args[0] === "has") problems.push(...presence(types, node.args[1][0]!));
    if (node.op === ".?") problems.push(...unknownField(types, typeOf(node.args[0]), node.args[1]));
    if (node.op === "==" || node.op === "!=") {
      const [left, right] = node.args;
      problems.push(...foreignValues(types, left, [right]), ...foreignValues(types, right, [left]));
    }
    if (node.op === "in") problems.push(...foreignMembers(types, ...node.args));
  });
  return problems;
}

function typeOf(node: ASTNode): CheckedType | undefined {
  return (node as { checkedType?: CheckedType }).checkedType;
}

/** `has(event.data.x)`: cel-js checks the first name only. */
function presence(types: TypeEnvironment, path: ASTNode): string[] {
  const names: string[] = [];
  let node = path;
  while (node.op === "." || node.op === ".?") {
    names.unshift(node.args[1]);
    node = node.args[0];
  }
  let type: ValueType | undefined = types.objectOf(typeOf(node));
  for (const name of names) {
    if (type?.kind !== "object") return [];
    const field: ValueType | undefined = type.fields.get(name);
    if (!field) return [noField(type.title, name, [...type.fields.keys()])];
    type = field;
  }
  return [];
}

function unknownField(types: TypeEnvironment, type: CheckedType | undefined, name: string): string[] {
  const object = types.objectOf(type);
  return !object || object.fields.has(name) ? [] : [noField(object.title, name, [...object.fields.keys()])];
}

function noField(title: string, name: string, known: readonly string[]): string {
  return `${title} has no field \`${name}\`; ${meant(name, known, "field")}`;
}

/** The type that the schema gives a field which an expression reads. */
function declaredType(types: TypeEnvironment, node: ASTNode): ValueType | undefined {
  if (node.op !== "." && node.op !== ".?") return undefined;
  return types.objectOf(typeOf(node.args[0]))?.fields.get(node.args[1]);
}

function foreignValues(types: TypeEnvironment, read: ASTNode, compared: readonly ASTNode[]): string[] {
  const type = declaredType(types, read);
  return type ? notAmong(valuesOf(type), compared, (read as { args: [ASTNode, string] }).args[1]) : [];
}

function foreignMembers(types: TypeEnvironment, left: ASTNode, right: ASTNode): string[] {
  if (right.op === "list") return foreignValues(types, left, right.args);
  const list = declaredType(types, right);
  return list?.kind === "list"
    ? notAmong(valuesOf(list.items), [left], (right as { args: [ASTNode, string] }).args[1])
    : [];
}

function notAmong(values: readonly Json[] | undefined, compared: readonly ASTNode[], name: string): string[] {
  if (!values) return [];
  const texts = values.filter((value) => typeof value === "string");
  return compared.flatMap((node) => {
    const text = literal(node);
    if (text === undefined || texts.includes(text)) return [];
    return [`\`${name}\` is never '${text}'; ${meant(text, texts, "value")}`];
  });
}

/** What cel-js says of an expression that does not parse or type-check. */
interface CelFault {
  code: string;
  summary?: string;
  message: string;
  node?: ASTNode;
}

function explain(types: TypeEnvironment, { code, summary, message, node }: CelFault, eventType: string | null): string {
  const said = (summary ?? message).split("\n")[0]!;
  switch (code) {
    case OWN_VERDICT:
      return said;
    case "no_such_key":
      return missingField(types, node) ?? said;
    case "unknown_variable":
      return unknownName(node?.op === "id" ? node.args : said, eventType);
    case "no_matching_overload":
      return unknownCall(types, node) ?? inOwnWords(types, said);
    case "no_such_overload":
      return noOperator(types, node) ?? inOwnWords(types, said);
    case "invalid_macro_argument":
      return "`has` asks for a field of `event`, `parameters` or a variable, such as `has(event.data.note)`; behind a function write `.?field`";
    default:
      return `${inOwnWords(types, notCel(said))}; pathways/README.md shows how expressions are written`;
  }
}

function notCel(said: string): string {
  return said.includes("EOF") ? "it ends where more is needed" : lowerFirst(said);
}

function missingField(types: TypeEnvironment, node: ASTNode | undefined): string | undefined {
  if (node?.op !== "." && node?.op !== "[]") return undefined;
  const object = types.objectOf(typeOf(node.args[0]));
  const name = typeof node.args[1] === "string" ? node.args[1] : literal(node.args[1]);
  if (!object || name === undefined) return undefined;
  if (object.title === "the parameters") {
    return `there is no parameter \`${name}\`; ${meant(name, [...object.fields.keys()], "parameter")}`;
  }
  return noField(object.title, name, [...object.fields.keys()]);
}

function unknownName(name: string, eventType: string | null): string {
  if (name === "event" && eventType === null) {
    return "there is no `event` here; read the events on record, such as `latest('type')`";
  }
  const known = eventType === null ? ["parameters"] : ["event", "parameters"];
  return `\`${name}\` is unknown; an expression sees ${listed(known)}, and a text stands in quotes`;
}

function unknownCall(types: TypeEnvironment, node: ASTNode | undefined): string | undefined {
  if (node?.op === "rcall") {
    const receiver = typeOf(node.args[1]);
    return `${inWords(types, receiver?.name ?? "dyn")} has no function \`${node.args[0]}\` with such arguments`;
  }
  if (node?.op !== "call") return undefined;
  const [name, args] = node.args;
  const arity = (FUNCTION_ARITY as Record<string, number>)[name];
  if (arity !== undefined && arity !== args.length) {
    return `\`${name}\` takes ${arity} ${arity === 1 ? "argument" : "arguments"}, not ${args.length}`;
  }
  const known = [...Object.keys(FUNCTION_ARITY), "has", "size", "double", "int", "string", "dyn"];
  if (known.includes(name)) return undefined;
  return `there is no function \`${name}\`; ${meant(name, known, "function")}`;
}

function noOperator(types: TypeEnvironment, node: ASTNode | undefined): string | undefined {
  if (node?.op === "!_" || node?.op === "-_") {
    const needed = node.op === "!_" ? "true or false" : "a number";
    return `\`${node.op[0]}\` needs ${needed}, not ${inWords(types, typeOf(node.args)?.name ?? "dyn")}`;
  }
  const pair = node && Array.isArray(node.args) ? (node.args as unknown[]) : [];
  const [left, right] = pair.map((side) => typeOf(side as ASTNode)?.name ?? "dyn");
  if (node === undefined || left === undefined || right === undefined) return undefined;
  const sides = [left, right];
  const told = `\`${node.op}\` does not join ${inWords(types, left)} with ${inWords(types, right)}`;
  const duration = pair.find((side) => types.parameterOf(side as ASTNode)?.unit === "duration");
  if (duration) return `${told}; the parameter \`${(duration as { args: [ASTNode, string] }).args[1]}\` is a duration`;
  if (sides.includes("sealed")) return `${told}; free text can only be asked for with \`has(...)\``;
  if (sides.includes("int") && sides.includes("double"))
    return `${told}; write the whole number as 1.0, or \`double(...)\``;
  if (sides.includes("null")) return `${told}; ask with \`has(...)\` whether a field is there`;
  if (sides.some((side) => side.startsWith("optional"))) return `${told}; add \`.orValue(...)\` to the optional field`;
  return `${told}; compare and add up values of one kind`;
}

function inOwnWords(types: TypeEnvironment, text: string): string {
  return text.replaceAll(/Object\d+/g, (name) => types.objects.get(name)?.title ?? name);
}

function inWords(types: TypeEnvironment, type: string): string {
  const words: Record<string, string> = {
    string: "a text",
    double: "a number",
    int: "a whole number",
    bool: "true or false",
    null: "null",
    sealed: "free text",
    dyn: "a value of any type",
    "google.protobuf.Timestamp": "an instant",
    "google.protobuf.Duration": "a length of time",
    bytes: "bytes",
    type: "a type",
  };
  if (type.startsWith("list")) return "a list";
  if (type.startsWith("map")) return "an object";
  if (type.startsWith("optional")) return "an optional value";
  return words[type] ?? types.objects.get(type)?.title ?? type;
}

function lowerFirst(text: string): string {
  return text[0]!.toLowerCase() + text.slice(1);
}
