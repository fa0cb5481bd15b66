import type { Fault } from "../core/index.js";

/** Where a fault stands, as editors and terminals understand it. */
export function place(file: string, { line, column }: Fault): string {
  return line === undefined ? file : `${file}:${line}:${column ?? 1}`;
}

export function print(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}
