import { parseDuration } from "../../time.js";
import type { DueRule, PathwayDocument } from "../document.js";
import { resolveDuration } from "../durations.js";
import type { Fault } from "../fault.js";
import { childPointer } from "../pointer.js";
import { capital, fault, named, type Check } from "./problem.js";

/** Every duration is one, and every parameter that stands for a duration is a duration. */
export const checkDurations: Check = (subject) => [
  ...checkParameters(subject),
  ...checkTimers(subject),
  ...checkTasks(subject),
];

const checkParameters: Check = ({ document }) => {
  const faults: Fault[] = [];
  for (const [name, { value, unit }] of Object.entries(document.parameters)) {
    const pointer = `${childPointer("/parameters", name)}/value`;
    const duration = typeof value === "string" ? parseDuration(value) : undefined;
    if (unit === "duration" && !(duration && duration.sign >= 0)) {
      faults.push(
        fault(
          pointer,
          `The parameter \`${name}\` is no ISO 8601 duration, though its unit is \`duration\`: write one such as P7D, P4W or PT4H.`,
        ),
      );
    } else if (unit !== "duration" && duration) {
      faults.push(
        fault(
          pointer,
          `The parameter \`${name}\` is an ISO 8601 duration of the unit \`${unit}\`: write \`unit: duration\`, or a figure.`,
        ),
      );
    }
  }
  if (!Object.hasOwn(document.parameters, "pauseReviewAfter")) {
    const mend = "add it, a duration after which somebody is asked whether a pause goes on";
    faults.push(
      fault("/parameters", `The parameter \`pauseReviewAfter\` is missing, which every pathway needs: ${mend}.`),
    );
  } else if (document.parameters["pauseReviewAfter"]?.unit !== "duration") {
    faults.push(
      fault(
        "/parameters/pauseReviewAfter",
        "The parameter `pauseReviewAfter` must be a duration: write `unit: duration`.",
      ),
    );
  }
  return faults;
};

const checkTimers: Check = ({ document }) =>
  Object.entries(document.timers ?? {}).flatMap(([name, timer]) =>
    checkRule(document, timer, childPointer("/timers", name), `The timer \`${name}\``),
  );

const checkTasks: Check = ({ document, tree }) =>
  tree.nodes.flatMap((node) => {
    const task = node.config.meta?.task;
    if (!task) return [];
    const pointer = `${node.pointer}/meta/task`;
    const at = `of the task of ${named(node)}`;
    return [
      ...checkRule(document, task.due, `${pointer}/due`, `The due date ${at}`),
      ...(task.reminders ?? []).flatMap((reminder, index) =>
        checkRule(document, reminder, `${pointer}/reminders/${index}`, `A reminder ${at}`),
      ),
      ...(task.escalation ?? []).flatMap((rung, index) =>
        checkRule(document, rung, `${pointer}/escalation/${index}`, `An escalation ${at}`),
      ),
    ];
  });

function checkRule(document: PathwayDocument, rule: string | DueRule, pointer: string, what: string): Fault[] {
  const text = typeof rule === "string" ? rule : rule.after;
  const resolved = resolveDuration(document, text);
  if (!("problem" in resolved)) return [];
  const at = typeof rule === "string" ? pointer : `${pointer}/after`;
  return [fault(at, `${capital(what)} is refused: ${resolved.problem}.`)];
}
