import { resolveDuration } from "../durations.js";
import type { Fault } from "../fault.js";
import { listed } from "../fault.js";
import { listRungs, messageOf, tellingOf, type Audience, type DeclaredRung } from "../rungs.js";
import { capital, fault, named, type Check, type Subject } from "./problem.js";

/** A rung tells somebody whom its message may reach, at a time at which it can. */
export const checkRungs: Check = (subject) => {
  const rungs = listRungs(subject.document, subject.tree);
  return [
    ...rungs.flatMap((rung) => [
      ...checkLength(rung, subject),
      ...checkHours(rung),
      ...checkAddressee(rung),
      ...checkPatient(rung),
    ]),
    ...checkAudiences(rungs),
  ];
};

/** A rung as messages name it. */
function rungNamed(rung: DeclaredRung): string {
  if (rung.kind === "notice") return `a reminder of the timer \`${rung.timer}\``;
  return `${rung.kind === "reminder" ? "a reminder" : "an escalation"} of the task of ${named(rung.node)}`;
}

function checkLength(rung: DeclaredRung, { document }: Subject): Fault[] {
  const problem = (text: string): string | undefined => {
    const resolved = resolveDuration(document, text);
    return "problem" in resolved ? resolved.problem : undefined;
  };
  const refused = (field: string, what: string | undefined): Fault[] =>
    what === undefined ? [] : [fault(`${rung.pointer}/${field}`, `${capital(rungNamed(rung))} is refused: ${what}.`)];
  if (rung.kind === "notice") return refused("before", problem(rung.declared.before));
  if (typeof rung.declared === "string" || rung.declared.every === undefined) return [];
  const { every } = rung.declared;
  const resolved = resolveDuration(document, every);
  if ("problem" in resolved) return refused("every", resolved.problem);
  const { years, months, weeks, days, hours, minutes } = resolved.duration;
  if (years + months + weeks + days === 0 && hours * 60 + minutes >= 1) return [];
  return refused("every", `\`every\` is counted in hours or minutes of elapsed time; write one such as PT4H`);
}

function checkHours(rung: DeclaredRung): Fault[] {
  const { between } = tellingOf(rung);
  if (rung.kind !== "notice" && rung.urgent) {
    const held = ["at", "workingDay", "workingDays", "between"].filter((field) =>
      Object.hasOwn(Object(rung.declared), field),
    );
    if (held.length > 0) {
      const message = `${capital(rungNamed(rung))} is urgent and runs in real hours: leave ${listed(held)} out.`;
      return [fault(`${rung.pointer}/${held[0]!}`, message)];
    }
  }
  if (!between || between.from < between.to) return [];
  const message = `${capital(rungNamed(rung))} is told between \`${between.from}\` and \`${between.to}\`, which is no time of one day: let \`from\` lie before \`to\`.`;
  return [fault(`${rung.pointer}/between`, message)];
}

function checkAddressee(rung: DeclaredRung): Fault[] {
  const { to, else: otherwise } = tellingOf(rung);
  if (rung.kind !== "notice") return [];
  const field = to === "assignee" || to === "onCall" ? "to" : "else";
  const who = field === "to" ? to : otherwise;
  if (who !== "assignee" && who !== "onCall") return [];
  const message = `${capital(rungNamed(rung))} tells \`${who}\`, and nobody has a task before it fires: name a role, \`responsible\` or \`patient\`.`;
  return [fault(`${rung.pointer}/${field}`, message)];
}

function checkPatient(rung: DeclaredRung): Fault[] {
  const { to, else: otherwise, by, message } = tellingOf(rung);
  const what = capital(rungNamed(rung));
  const refused = (field: string, told: string): Fault[] => [fault(`${rung.pointer}/${field}`, `${what} ${told}.`)];
  if (otherwise === "patient")
    return refused("else", "goes to the patient where nobody else is there: name one of staff");
  if (to !== "patient") return [];
  if (rung.kind === "escalation")
    return refused("to", "goes to the patient, who acknowledges nothing: name one of staff");
  if (otherwise !== undefined)
    return refused("else", "goes to the patient, or to somebody else in the same words: make two of it");
  if (by !== "email")
    return refused(
      by === undefined ? "to" : "by",
      "goes to the patient: write `by: email`, for nothing else reaches one",
    );
  if (message === undefined)
    return refused("to", "goes to the patient: name the template in `message`, for the usual ones are for staff");
  if (typeof rung.declared !== "string" && "every" in rung.declared) {
    return refused("every", "goes to the patient, who acknowledges nothing: leave `every` out");
  }
  return [];
}

/** What may be said to a patient is not what may be said to staff. */
function checkAudiences(rungs: readonly DeclaredRung[]): Fault[] {
  const known = new Map<string, Audience>([
    ["reminder", "staff"],
    ["escalation", "staff"],
  ]);
  const naming = rungs.filter((rung) => tellingOf(rung).message !== undefined);
  return naming.flatMap((rung) => {
    const { name, audience } = messageOf(rung);
    const other = known.get(name) ?? audience;
    known.set(name, other);
    if (other === audience) return [];
    const message = `The message \`${name}\` goes to staff and to the patient: give each words of its own.`;
    return [fault(`${rung.pointer}/message`, message)];
  });
}
