import type { PathwayDocument } from "../document.js";
import type { Fault } from "../fault.js";
import type { StateNode, StateTree } from "../tree.js";

/** What a check looks at. */
export interface Subject {
  document: PathwayDocument;
  tree: StateTree;
}

/** Looks at one kind of fault all over a document. */
export type Check = (subject: Subject) => Fault[];

export function fault(pointer: string, message: string): Fault {
  return { message, pointer };
}

/** A state as messages name it. */
export function named(node: StateNode): string {
  return node.path === "" ? "the root of the machine" : `the state \`${node.path}\``;
}

export function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
