import { takesNoTime, resolveDuration } from "../durations.js";
import { enteredBy, isSelfOrWithin } from "../reach.js";
import { ownProperty } from "../resolve-schema.js";
import type { Branch } from "../tree.js";
import { fault, type Check, type Subject } from "./problem.js";

/**
 * No loop of immediate transitions and timers goes round without time going on. Whether guards would stop one cannot
 * be told, so they do not count. A timer that counts from an event may be past already, and in a loop of such timers
 * all of them are past one day.
 */
export const checkLoops: Check = (subject) => {
  const immediate = subject.tree.branches.filter((branch) => branch.target && isImmediate(subject, branch));
  const next = new Map(immediate.map((branch) => [branch, followers(branch, immediate)]));
  const told = new Set<Branch>();
  return immediate.flatMap((branch) => {
    const loop = told.has(branch) ? undefined : findLoop(branch, next);
    if (!loop) return [];
    for (const step of loop) told.add(step);
    const steps = loop.map(describe).join(", then ");
    const mend = "let one of its steps take time, or wait for an event";
    return [fault(branch.pointer, `A loop never ends, for no time passes in it: ${steps}; ${mend}.`)];
  });
};

function isImmediate({ document }: Subject, { kind, name }: Branch): boolean {
  if (kind !== "after") return kind === "always";
  const timer = ownProperty(document.timers, name);
  const resolved = timer && resolveDuration(document, timer.after);
  if (!timer || !resolved || "problem" in resolved) return false;
  return timer.from !== undefined || takesNoTime(resolved.duration, timer.at);
}

/** Branches that can be taken at once when one was taken: `always` of any active state, timers of entered ones. */
function followers(branch: Branch, immediate: readonly Branch[]): Branch[] {
  const entered = enteredBy(branch);
  return immediate.filter(({ kind, source }) => {
    if (entered.has(source)) return true;
    return kind === "always" && branch.target !== undefined && isSelfOrWithin(branch.target, source);
  });
}

/** The shortest way from a branch back to itself. */
function findLoop(start: Branch, next: ReadonlyMap<Branch, Branch[]>): Branch[] | undefined {
  const seen = new Set<Branch>();
  let ways: Branch[][] = [[start]];
  while (ways.length > 0) {
    const longer: Branch[][] = [];
    for (const way of ways) {
      for (const branch of next.get(way.at(-1)!) ?? []) {
        if (branch === start) return way;
        if (seen.has(branch)) continue;
        seen.add(branch);
        longer.push([...way, branch]);
      }
    }
    ways = longer;
  }
  return undefined;
}

function describe({ source, kind, name, target }: Branch): string {
  const by = kind === "after" ? `the timer \`${name}\`` : "`always`";
  return `\`${source.path}\` goes to \`${target!.path}\` by ${by}`;
}
