import type { Fault } from "../fault.js";
import { domainOf } from "../reach.js";
import type { Branch } from "../tree.js";
import { capital, fault, named, type Check } from "./problem.js";

/** Every branch can be taken, leads to a state of its own track, and does what it seems to do. */
export const checkTransitions: Check = ({ tree }) => tree.branches.flatMap(checkBranch);

function checkBranch(branch: Branch): Fault[] {
  const { config, pointer, kind, isLast } = branch;
  const at = describe(branch);
  const faults: Fault[] = [];
  if (kind === "after" && isLast && config.guard !== undefined) {
    faults.push(
      fault(
        pointer,
        `${at}, every branch has a guard, so the timer may fire and be lost: add a last branch without one.`,
      ),
    );
  }
  if (!isLast && config.guard === undefined) {
    faults.push(
      fault(
        pointer,
        `${at}, the branches behind this one are never tried, for it has no guard: add a guard, or put it last.`,
      ),
    );
  }
  if (config.target === undefined) return [...faults, ...checkStaying(branch, at)];
  if (!branch.target) {
    const where = config.target.startsWith("#")
      ? ""
      : "; a sibling is named by its key, a child as `.child`, any other as `#<pathway id>.track.state`";
    faults.push(
      fault(targetPointer(branch), `${at}, there is no state \`${config.target}\`: name one that there is${where}.`),
    );
    return faults;
  }
  return [...faults, ...checkTarget(branch, at)];
}

function checkStaying({ kind, config, pointer }: Branch, at: string): Fault[] {
  if (kind === "after") return [fault(pointer, `${at}, nothing moves, and the timer would be gone: add a \`target\`.`)];
  if (kind === "always") return [fault(pointer, `${at}, nothing moves: add a \`target\`, or leave it out.`)];
  if (config.reenter === undefined) return [];
  return [
    fault(
      `${pointer}/reenter`,
      `${at}, \`reenter\` has no \`target\` to enter anew: add one, or leave \`reenter\` out.`,
    ),
  ];
}

function checkTarget(branch: Branch, at: string): Fault[] {
  const { source, target, config } = branch;
  const pointer = targetPointer(branch);
  if (target!.track !== source.track || source.track === undefined) {
    const message =
      source.track === undefined
        ? `${at}, the target \`${config.target!}\` would reset every track: let the track take it itself.`
        : `${at}, the target \`${config.target!}\` is in another track, and XState would reset them all: let that track take \`${branch.name}\` itself.`;
    return [fault(pointer, message)];
  }
  const domain = domainOf(branch);
  if (domain?.config.type === "parallel" && domain !== target) {
    const all = domain.path === "" ? "every track" : `every state of \`${domain.path}\``;
    return [
      fault(
        pointer,
        `${at}, the target \`${config.target!}\` would reset ${all}: name a state further down that stays within \`${source.track}\`.`,
      ),
    ];
  }
  const waits = source.config.meta?.task !== undefined || source.config.after !== undefined;
  if (target === source && config.reenter !== true && waits) {
    const what = source.config.meta?.task ? "task" : "timer";
    const mend = "add `reenter: true`, or leave the target out to record the event only";
    return [
      fault(
        pointer,
        `${at}, the state leads to itself without being entered anew, so its ${what} stays as it is: ${mend}.`,
      ),
    ];
  }
  return [];
}

function describe({ source, kind, name }: Branch): string {
  const where = capital(named(source)).replace(/^The/, "In the");
  if (kind === "on") return `${where}, on \`${name}\``;
  return kind === "after" ? `${where}, after the timer \`${name}\`` : `${where}, on \`always\``;
}

function targetPointer({ pointer, config }: Branch): string {
  return Object.keys(config).length > 1 ? `${pointer}/target` : pointer;
}
