/** The closed list of problems that an answer may name (RFC 9457). Each has a page under `/docs/problems/<name>`. */
export const PROBLEMS = {
  "malformed-request": {
    status: 400,
    title: "The request cannot be read",
    text: "The body is not UTF-8 or not JSON, or a header or a parameter that the route demands is missing or malformed.",
  },
  "idempotency-key-missing": {
    status: 400,
    title: "Idempotency-Key is missing or too long",
    text: "Requests that record something carry an Idempotency-Key of 1 to 255 characters, so that a resend never happens twice.",
  },
  "signed-out": { status: 401, title: "Sign in first", text: "The request carries no valid token." },
  forbidden: { status: 403, title: "Not allowed", text: "The roles held at this site do not permit this." },
  "reporter-not-allowed": {
    status: 403,
    title: "Not for this reporter",
    text: "The pathway reserves this event for other roles.",
  },
  "not-found": {
    status: 404,
    title: "Not found",
    text: "There is nothing at this address, or nothing that you may see.",
  },
  "too-slow": {
    status: 408,
    title: "The request came too slowly",
    text: "Headers and body have 30 seconds to arrive. Nothing was done.",
  },
  "duplicate-enrolment": {
    status: 409,
    title: "Already enrolled",
    text: "The same patient is active on this pathway already, by the enrolment that `enrolment` names. `differs` lists the fields that are otherwise on record of whoever has the identifier: it may be mistyped, and that enrolment somebody else's.",
  },
  "duplicate-identifier": {
    status: 409,
    title: "Identifier of another patient",
    text: "The identifier belongs to another patient.",
  },
  "event-refused": {
    status: 409,
    title: "The pathway does not take this event here",
    text: "No active state has a transition for the event at its place in time.",
  },
  "confirmation-required": {
    status: 409,
    title: "Please confirm",
    text: "The data is unusual, a date lies far back, or somebody of another name and birth date has the identifier. `confirm` lists each question with the field that answers it, as a JSON pointer into the body. Send it again with `true` there if it is right. Who a patient is can always be confirmed at `/patient/confirm`; `confirm` of the enrolment does as well unless its own date is asked about, which is then what that confirms.",
  },
  consequences: {
    status: 409,
    title: "Later events would no longer fit",
    text: "Send it again with `acceptConsequences: true` and a `reason`; those events stay on record, set aside.",
  },
  "duplicate-source": {
    status: 409,
    title: "Reported before",
    text: "An event with this source is on record already.",
  },
  stale: {
    status: 409,
    title: "The record has moved on",
    text: "`ifSeq` is not the newest record of the enrolment; a change of the patient's data is a record in each of the patient's enrolments. Read it again.",
  },
  exited: { status: 409, title: "The patient has left the pathway", text: "Nothing after the exit is taken." },
  "task-claimed": { status: 409, title: "Claimed by somebody else", text: "Another person has claimed this task." },
  "task-closed": {
    status: 409,
    title: "The task is not open",
    text: "With a task that is closed nothing can be done any more.",
  },
  "task-moved-on": {
    status: 409,
    title: "Somebody else's by now",
    text: "The task was to be taken from one person for another, and has left that person meanwhile.",
  },
  "task-urgent": {
    status: 409,
    title: "The task is urgent",
    text: "An urgent task is never snoozed: it stays in the lists until an event answers it.",
  },
  "version-exists": {
    status: 409,
    title: "This version exists with other content",
    text: "A published version is never edited. Raise the version.",
  },
  "site-exists": {
    status: 409,
    title: "This site exists with other content",
    text: "The id is taken. Give the calendar a new version with PUT, or choose another id.",
  },
  "person-exists": {
    status: 409,
    title: "Somebody has this id or this address",
    text: "An id and an e-mail address belong to one person each. Change that person with PATCH, or choose others.",
  },
  "another-active-enrolment": {
    status: 409,
    title: "Active elsewhere on this pathway",
    text: "The exit cannot be struck out while the patient has another active enrolment on the pathway.",
  },
  "overlapping-enrolment": {
    status: 422,
    title: "On this pathway at that time already",
    text: "Another enrolment of the patient on the same pathway covers a part of that time. `enrolment` names it to who may read it.",
  },
  "both-active": {
    status: 409,
    title: "Both are active on one pathway",
    text: "Two records become one person once one of the two enrolments has ended: nobody is twice on one pathway.",
  },
  "key-reused": {
    status: 422,
    title: "Idempotency-Key used for another request",
    text: "The same key came with another body. Use a new key.",
  },
  "invalid-data": {
    status: 422,
    title: "The data does not fit",
    text: "`errors` lists each fault with a JSON pointer into the body.",
  },
  "invalid-time": {
    status: 422,
    title: "The time does not fit",
    text: "The time is unreadable, in the future or before the patient's birth.",
  },
  "before-enrolment": {
    status: 422,
    title: "Before the enrolment",
    text: "Correct the date of the enrolment first, then report this.",
  },
  "invalid-document": {
    status: 422,
    title: "The pathway document has faults",
    text: "`errors` lists each fault with its place and the mend.",
  },
  "too-large": { status: 413, title: "Too large", text: "The body is larger than is taken." },
  "unsupported-media-type": {
    status: 415,
    title: "Not a content type for this route",
    text: "The content type is not one that the route reads; `detail` names those.",
  },
  unavailable: {
    status: 503,
    title: "Not ready",
    text: "Something the service needs does not answer. What was asked for may have been done all the same. Try again: with the same Idempotency-Key nothing happens twice.",
  },
  "pathway-fault": {
    status: 500,
    title: "The pathway has a fault",
    text: "An expression of the pathway document fails for this enrolment, at the place that `place` names. The fault is ours, not yours: nothing was recorded, and the enrolment stays readable. Tell whoever publishes the pathway, and act by other means meanwhile; once it is mended, the same Idempotency-Key records it.",
  },
  internal: {
    status: 500,
    title: "A fault of ours",
    text: "It was logged under the request's id. Try again: with the same Idempotency-Key nothing happens twice.",
  },
} as const satisfies Record<string, { status: number; title: string; text: string }>;

export type ProblemName = keyof typeof PROBLEMS;

/** One problem as a value. Extensions carry ids, codes and pointers; never personal data. */
export interface Problem {
  name: ProblemName;
  detail: string;
  [extension: string]: unknown;
}

/** Thrown where a value cannot be returned, such as in a guard of the web layer. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}
