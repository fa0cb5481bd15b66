/** What the engine refuses, as the contract tells it: a sentence for each refusal and each fault, and the members beside it. */
import { EXITED, formatInstant, formatWhen } from "../core/index.js";
import type { Fault, Question, Refusal } from "../engine/index.js";
import type { Problem } from "./problems.js";
import { formatChanges, formatPlace } from "./changes.js";

/** For red flags of a patient who has left. */
export const NOBODY_WATCHES =
  "Nobody watches here any more: have these red flags seen as an emergency at once, outside this pathway, and enrol the patient again if it is to go on.";

/** What is told, without the name of it. */
interface Told {
  detail: string;
  [member: string]: unknown;
}

export function problemOfRefusal(refusal: Refusal): Problem {
  // An earlier version kept a key's refusal as it was worded then: it holds.
  if ("detail" in refusal) return refusal as unknown as Problem;
  const { name, event } = refusal;
  const { detail, ...members } = tell(refusal);
  if (event === undefined) return { name, detail, ...members };
  return { name, detail: `Event ${event}: ${detail}`, ...members, event };
}

function tell(refusal: Refusal): Told {
  switch (refusal.name) {
    case "not-found":
      return { detail: notFound(refusal) };
    case "key-reused":
      return { detail: "This Idempotency-Key came with another request before. Use a new key." };
    case "stale": {
      const { seq, ifSeq } = refusal;
      return { detail: `The newest record of this enrolment is ${seq}, not ${ifSeq}. Read it again.`, seq };
    }
    case "duplicate-source":
      return { detail: `This source has reported this before: record ${refusal.seq}.`, seq: refusal.seq };
    case "duplicate-identifier":
      return {
        detail:
          refusal.of === "another"
            ? "One of the identifiers belongs to another patient."
            : "The identifiers belong to different patients.",
      };
    case "duplicate-enrolment":
      return activeAlready(refusal);
    case "another-active-enrolment":
      return {
        detail: "The patient has another active enrolment on this pathway: this exit stands until that one has ended.",
      };
    case "overlapping-enrolment":
      return overlapping(refusal);
    case "both-active": {
      const { pathwayId: pathway, enrolments } = refusal;
      const detail = `Both are active on ${pathway}: enrolments ${enrolments.join(" and ")}. Report pathway.exited for the one that is not to go on, then say it again.`;
      return { detail, pathway, enrolments };
    }
    case "confirmation-required": {
      const confirm = refusal.confirm.map((question) => ({ pointer: question.pointer, detail: questionOf(question) }));
      const asked = confirm.map(({ detail }) => detail).join(" ");
      const places = [...new Set(confirm.map(({ pointer }) => pointer))];
      const yes =
        places.length > 1
          ? `true at each of these places if it is right: ${places.join(", ")}.`
          : `${places[0] === "/confirm" ? "confirm: true" : `true at ${places[0]}`} if it is right.`;
      const again = `Send it again with ${yes}`;
      return { detail: `${asked} ${again}`, confirm };
    }
    case "consequences": {
      const { setAside, changes } = refusal;
      return {
        detail: `What is on record would no longer fit and would be set aside: ${records(setAside)}. Send it again with acceptConsequences: true and a reason if it is right.`,
        setAside: setAside.map(formatPlace),
        changes: formatChanges(changes),
      };
    }
    case "exited": {
      const { exitReason, hasRedFlags } = refusal;
      const detail = `The patient has left this pathway (${exitReason}): what comes after the exit is not taken.`;
      return { detail: hasRedFlags ? `${detail} ${NOBODY_WATCHES}` : detail, exitReason };
    }
    case "invalid-data": {
      const { type, errors } = refusal;
      if (type === undefined) return { ...faulty(errors), ...offerFor(errors) };
      return { ...faulty(errors), detail: `The data of ${type} has ${errors.length === 1 ? "a fault" : "faults"}.` };
    }
    case "invalid-time":
      return faulty(refusal.errors);
    case "before-enrolment": {
      const { errors } = refusal;
      return { ...faulty(errors), ...offerFor(errors) };
    }
    case "event-refused":
      return eventRefused(refusal);
    case "reporter-not-allowed":
      if (refusal.errors) return { ...faulty(refusal.errors), reporters: refusal.reporters };
      return { detail: notAllowed(refusal), reporters: refusal.reporters };
    case "forbidden":
      return { detail: `The task "${refusal.title}" is for: ${refusal.role}.` };
    case "task-closed":
      return { detail: `The task "${refusal.title}" is not open.` };
    case "task-claimed": {
      const { title, assignee } = refusal;
      return { detail: `The task "${title}" is claimed by ${assignee}.`, assignee };
    }
    case "task-moved-on": {
      const { title, from, assignee } = refusal;
      const whose = assignee === null ? "nobody's" : `${assignee}'s`;
      return { detail: `The task "${title}" is no longer ${from}'s: it is ${whose} by now.`, assignee };
    }
    case "task-urgent":
      return { detail: `The task "${refusal.title}" is urgent, and what is urgent is not snoozed.` };
    default:
      return assertNever(refusal);
  }
}

/** Whoever goes on with that enrolment writes into the record of the patient who has the identifier. */
function activeAlready({ enrolment, differs = [] }: Named<"duplicate-enrolment">): Told {
  const detail = "The patient is active on this pathway already.";
  if (differs.length === 0) return { detail, enrolment };
  const warning = `The patient with this identifier is known otherwise (${namedFields(differs)}): the identifier may be mistyped. Make sure that this is the same person before you record anything in that enrolment.`;
  return { detail: `${detail} ${warning}`, enrolment, differs };
}

const FIELDS: Record<string, string> = {
  ...{ familyName: "family name", givenName: "given name", birthDate: "birth date" },
  ...{ phone: "phone number", email: "e-mail address", language: "language" },
};

/** Fields of personal data, in words. */
export function namedFields(fields: readonly string[]): string {
  return fields.map((field) => FIELDS[field] ?? field).join(", ");
}

function overlapping(refusal: Named<"overlapping-enrolment">): Told {
  const { pointer } = refusal;
  if (refusal.enrolment === undefined) {
    const detail =
      "The patient is on this pathway at that time by an enrolment that you may not read, and nobody is on a pathway twice at a time: choose another time.";
    return { detail, errors: [{ pointer, detail }] };
  }
  const { enrolment, from, until, sameDay } = refusal;
  const start = formatInstant(from);
  const exitedAt = until === null ? undefined : formatInstant(until);
  const stay = exitedAt
    ? `was on this pathway from ${start} until the exit at ${exitedAt}`
    : `is on this pathway since ${start}`;
  const detail = `The patient ${stay} (enrolment ${enrolment}), and nobody is on a pathway twice at a time: choose another time, or correct that enrolment first.${sameDay ? ` ${ON_ONE_DAY}` : ""}`;
  return { detail, errors: [{ pointer, detail }], enrolment, enrolledAt: start, ...(exitedAt && { exitedAt }) };
}

const ON_ONE_DAY =
  "Where one ends on the day on which the other begins, a date alone does not tell which came first, and an exit counts until the end of its day: give both times as instants, such as 2026-03-02T14:00:00Z.";

function questionOf(question: Question): string {
  if (!("code" in question)) return question.detail;
  if (question.code === "another-person") {
    return "The patient with this identifier has another name and another birth date on record: make sure that this is the same person.";
  }
  const { title, occurredAt, today } = question;
  return `${title}: ${formatWhen(occurredAt)} lies far back (today is ${today}). Is the year right?`;
}

type FaultOf<Code extends Fault["code"]> = Extract<Fault, { code: Code }>;
type Named<Name extends Refusal["name"]> = Extract<Refusal, { name: Name }>;

function notFound(refusal: Named<"not-found">): string {
  switch (refusal.what) {
    case "enrolment":
      return "There is no such enrolment.";
    case "patient":
      return "There is no such patient.";
    case "sameness":
      return "Nobody has said that this patient is the same as another one.";
    case "task":
      return "There is no such task.";
    case "personalData":
      return "The personal data of this patient has been erased.";
    case "event":
      return `Record ${refusal.seq} of this enrolment is no event that could be corrected.`;
    default:
      return assertNever(refusal);
  }
}

function eventRefused(refusal: Named<"event-refused">): Told {
  const { acceptedEvents } = refusal;
  if (refusal.why === "enrolmentStays") {
    return {
      detail: `The enrolment itself cannot be struck out. If the patient should never have been enrolled, report ${EXITED} with the reason enrolledInError.`,
      acceptedEvents,
      offer: { type: EXITED, data: { reason: "enrolledInError" } },
    };
  }
  if (!refusal.errors) return { detail: notTaken(refusal), acceptedEvents };
  return { ...faulty(refusal.errors), acceptedEvents };
}

function notTaken({ title, type, reason, hints }: Omit<FaultOf<"not-taken">, "pointer" | "code">): string {
  return [`${title} (${type}) is not taken at its place in time: ${reason}.`, ...hints].join(" ");
}

function notAllowed({
  act,
  reporters,
  type,
  title,
}: Pick<Named<"reporter-not-allowed">, "act" | "reporters" | "type" | "title">): string {
  const event = `${title} (${type})`;
  const roles = reporters.join(", ");
  switch (act) {
    case "report":
      return `${event} is reported by: ${roles}. Name such a performer, or ask one.`;
    case "perform":
      return `${event} is done by: ${roles}. The performer holds none of these roles.`;
    case "correct":
      return `${event} is corrected by those who report it: ${roles}.`;
    default:
      return assertNever(act);
  }
}

/** Each fault in a sentence. */
export function tellFaults(faults: readonly Fault[]): { pointer: string; detail: string }[] {
  return faults.map((fault) => ({ pointer: fault.pointer, detail: sentenceOf(fault) }));
}

function faulty(faults: readonly Fault[]): Told {
  const errors = tellFaults(faults);
  const detail = errors.length > MOST_IN_A_SENTENCE ? `The request has ${errors.length} faults.` : undefined;
  return { detail: detail ?? errors.map((error) => error.detail).join(" "), errors };
}

const MOST_IN_A_SENTENCE = 3;

/** What lies before the enrolment could be taken once that is dated back. */
function offerFor(faults: readonly Fault[]): { offer?: object } {
  const early = faults.find((fault) => fault.code === "before-enrolment");
  return early ? { offer: { correct: early.enrolled, occurredAt: formatWhen(early.occurredAt) } } : {};
}

function sentenceOf(fault: Fault): string {
  switch (fault.code) {
    case "schema":
    case "required":
      return fault.detail;
    case "undeclared":
      return "A field here that the pathway has no name for is not allowed, or does not fit.";
    case "unknown-type":
      return `The pathway ${fault.pathway.id} ${fault.pathway.version} declares no event of this type.`;
    case "unknown-pathway":
      return "No such pathway or version is published.";
    case "unknown-site":
      return "There is no such site.";
    case "unknown-performer":
      return "Nobody at this site is known by this id.";
    case "same-source":
      return "Two of these events have the same source.";
    case "assignee-without-role":
      return `The task is for: ${fault.role}. This person holds neither that role nor lead at its site.`;
    case "unreadable-until":
      return "Give an RFC 3339 instant with its zone, such as 2026-03-02T14:00:00Z, or a day, such as 2026-03-02.";
    case "snooze-into-past":
      return "The time until which a task is snoozed lies in the future.";
    case "snooze-beyond-due":
      return `The task is due at ${formatInstant(fault.dueAt)}: give a reason for snoozing it beyond that.`;
    case "not-for-reporter":
      return notAllowed(fault);
    case "not-taken":
      return notTaken(fault);
    case "no-identifier":
      return "A patient keeps at least one identifier.";
    case "no-identifier-of-joined":
      return "Several records are of this person, and each keeps an identifier of its own: without one it would have none once they part.";
    case "too-many-identifiers":
      return `A patient has at most ${fault.most} identifiers: remove those that hold no more.`;
    case "unknown-identifier":
      return "The patient has no such identifier.";
    case "identifiers-twice":
      return "Give either all identifiers, or those to add and to remove.";
    case "same-patient":
      return "Name another patient: this one is the same anyway.";
    case "sameness-without-reason":
      return "Give a reason: it stands in the histories of both.";
    case "no-name":
      return "Give a family name or a given name: one is enough.";
    case "no-birth-date":
      return "Give a birth date (a date, a month or a year), or birthDateUnknown: true where nobody knows it.";
    case "birth-date-and-unknown":
      return "A birth date is given or unknown, not both.";
    case "unreadable-birth-date":
      return "The birth date is a date, a month or a year, such as 1950-03-17, 1950-03 or 1950.";
    case "future-birth-date":
      return "The birth date lies in the future.";
    case "enrolled-before-birth":
      return "The patient was enrolled before this date.";
    case "empty-correction":
      return "A correction names at least one of occurredAt, data and strikeOut.";
    case "correction-without-reason":
      return "A correction has a reason.";
    case "consent-without-reason":
      return "Give a reason: it stands in the record beside what is set aside.";
    case "unreadable-time":
      return "Give an RFC 3339 instant with its zone, such as 2026-03-02T14:00:00Z, or a day that exists, such as 2026-03-02.";
    case "future-time":
      return "The time lies in the future: only what has happened is recorded.";
    case "before-birth":
      return "The time lies before the patient's birth.";
    case "before-enrolment":
      return `The time lies before the enrolment. Date the enrolment back first: correct its record ${fault.enrolled} (pathway.enrolled) to ${formatWhen(fault.occurredAt)} or earlier, then report this again.`;
    case "before-own-enrolment":
      return "The time lies before the enrolment. Leave the enrolment's occurredAt out, and it dates itself to the earliest event.";
    case "enrolment-after-events":
      return `These events would lie before the enrolment: ${records(fault.events)}. Correct or strike them out first, or choose an earlier date.`;
    default:
      return assertNever(fault);
  }
}

const records = (events: readonly { type: string; seq: number }[]): string =>
  events.map(({ type, seq }) => `${type} (record ${seq})`).join(", ");

function assertNever(value: never): never {
  throw new Error(`Nobody words ${JSON.stringify(value)}.`);
}
