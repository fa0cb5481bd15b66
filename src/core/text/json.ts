import type { DataFault } from "../document/fault.js";
import { FaultList } from "./fault-list.js";
import { DEEPEST, textFaults } from "./text-faults.js";

/** A JSON text with the faults that its value does not show or no record could hold. Throws a SyntaxError for anything else. */
export function readJson(text: string): { value: unknown; faults: DataFault[] } {
  const value = JSON.parse(text) as unknown;
  return { value, faults: jsonFaults(text, value) };
}

/** The same of a text that is read already. */
export function jsonFaults(text: string, value: unknown): DataFault[] {
  return [...doubledKeys(text), ...textFaults(value)];
}

/** An object or a list that is open where the text is read. */
interface Open {
  /** Names of an object so far; null in a list. */
  names: Set<string> | null;
  /** The member that is read: its name or its index. */
  at: string | number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/**
 * Keys that stand twice in one object of a valid JSON text, each once and where the second stands. The parser would
 * silently let the last one count. One pass without recursion; events come by the thousand.
 */
export function doubledKeys(text: string): DataFault[] {
  const faults = new FaultList();
  const around: Open[] = [];
  let open: Open | undefined;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case QUOTE: {
        const end = closingQuote(text, index);
        if (open?.names && text.charCodeAt(afterSpace(text, end + 1)) === COLON) {
          open.at = unescaped(text, index, end);
          // What lies deeper is a fault of its own.
          if (open.names.size === open.names.add(open.at).size && around.length < DEEPEST) {
            faults.add(
              [...around, open].map(({ at }) => at),
              "This name stands twice: keep one.",
            );
          }
        }
        index = end;
        break;
      }
      case COMMA:
        if (typeof open?.at === "number") open.at += 1;
        break;
      case 0x7b: // {
        if (open) around.push(open);
        open = { names: new Set(), at: "" };
        break;
      case 0x5b: // [
        if (open) around.push(open);
        open = { names: null, at: 0 };
        break;
      case 0x7d: // }
      case 0x5d: // ]
        open = around.pop();
        break;
    }
  }
  return faults.toArray();
}

function closingQuote(text: string, opening: number): number {
  for (let end = text.indexOf('"', opening + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
}

function afterSpace(text: string, index: number): number {
  while (text.charCodeAt(index) <= 0x20) index += 1;
  return index;
}

function unescaped(text: string, opening: number, closing: number): string {
  const name = text.slice(opening + 1, closing);
  return name.includes("\\") ? (JSON.parse(`"${name}"`) as string) : name;
}
