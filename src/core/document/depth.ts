import { Lexer, Parser } from "yaml";
import { DEEPEST } from "../text/text-faults.js";

/**
 * Where a YAML text goes deeper than is taken; undefined where it never does. The library composes its nodes by recursion:
 * a text of brackets alone would exhaust the stack, so that this is asked first. Its parser, asked here, keeps a stack of
 * its own.
 */
export function tooDeepAt(text: string): number | undefined {
  const parser = new Parser();
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme));
    // The document itself and the scalar at the end are no levels.
    if (parser.stack.length > DEEPEST + 2) return offset;
    offset = parser.offset;
  }
  return undefined;
}
