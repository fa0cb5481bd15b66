import type { ASTNode } from "@marcbachmann/cel-js";

/** Visits every node of an expression as it was written, parents before children. */
export function walk(node: ASTNode, visit: (node: ASTNode) => void): void {
  visit(node);
  for (const child of childrenOf(node)) walk(child, visit);
}

function childrenOf(node: ASTNode): ASTNode[] {
  switch (node.op) {
    case "value":
    case "id":
      return [];
    case ".":
    case ".?":
      return [node.args[0]];
    case "call":
      return node.args[1];
    case "rcall":
      return [node.args[1], ...node.args[2]];
    case "map":
      return node.args.flat();
    case "!_":
    case "-_":
      return [node.args];
    default:
      return [...node.args];
  }
}

/** The text of a string literal; undefined for any other node. */
export function literal(node: ASTNode | undefined): string | undefined {
  return node?.op === "value" && typeof node.args === "string" ? node.args : undefined;
}

/** Calls of a function, with their arguments. */
export function callsOf(root: ASTNode, name: string): { node: ASTNode; args: ASTNode[] }[] {
  const calls: { node: ASTNode; args: ASTNode[] }[] = [];
  walk(root, (node) => {
    if (node.op === "call" && node.args[0] === name) calls.push({ node, args: node.args[1] });
  });
  return calls;
}
