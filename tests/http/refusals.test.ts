import { expect, it } from "@jest/globals";
import type { Refusal } from "../../src/engine/index.js";
import { problemOfRefusal } from "../../src/http/refusals.js";
import { needsRemedy, remedied } from "../../src/http/remedies.js";

/** One of each: what clients read, word for word. */
const TOLD: [Refusal, string, Record<string, unknown>?][] = [
  [{ name: "not-found", what: "enrolment" }, "There is no such enrolment."],
  [{ name: "not-found", what: "task" }, "There is no such task."],
  [{ name: "not-found", what: "personalData" }, "The personal data of this patient has been erased."],
  [{ name: "not-found", what: "event", seq: 2 }, "Record 2 of this enrolment is no event that could be corrected."],
  [{ name: "key-reused" }, "This Idempotency-Key came with another request before. Use a new key."],
  [{ name: "stale", seq: 9, ifSeq: 7 }, "The newest record of this enrolment is 9, not 7. Read it again.", { seq: 9 }],
  [{ name: "duplicate-source", seq: 4 }, "This source has reported this before: record 4.", { seq: 4 }],
  [{ name: "duplicate-identifier", of: "another" }, "One of the identifiers belongs to another patient."],
  [{ name: "duplicate-identifier", of: "several" }, "The identifiers belong to different patients."],
  [
    { name: "duplicate-enrolment", enrolment: "e" },
    "The patient is active on this pathway already.",
    { enrolment: "e" },
  ],
  [
    { name: "duplicate-enrolment", enrolment: "e", differs: ["familyName", "birthDate"] },
    "The patient is active on this pathway already. The patient with this identifier is known otherwise (family name, birth date): the identifier may be mistyped. Make sure that this is the same person before you record anything in that enrolment.",
    { enrolment: "e", differs: ["familyName", "birthDate"] },
  ],
  [
    { name: "another-active-enrolment" },
    "The patient has another active enrolment on this pathway: this exit stands until that one has ended.",
  ],
  [
    { name: "overlapping-enrolment", pointer: "/occurredAt", enrolment: "abc", from: 0, until: 1 },
    "The patient was on this pathway from 1970-01-01T00:00:00.000Z until the exit at 1970-01-01T00:00:00.001Z (enrolment abc), and nobody is on a pathway twice at a time: choose another time, or correct that enrolment first.",
    {
      errors: [{ pointer: "/occurredAt", detail: expect.stringContaining("until the exit at") }],
      ...{ enrolment: "abc", enrolledAt: "1970-01-01T00:00:00.000Z", exitedAt: "1970-01-01T00:00:00.001Z" },
    },
  ],
  [
    { name: "overlapping-enrolment", pointer: "/strikeOut", enrolment: "abc", from: 0, until: null },
    "The patient is on this pathway since 1970-01-01T00:00:00.000Z (enrolment abc), and nobody is on a pathway twice at a time: choose another time, or correct that enrolment first.",
    {
      errors: [{ pointer: "/strikeOut", detail: expect.stringContaining("since") }],
      ...{ enrolment: "abc", enrolledAt: "1970-01-01T00:00:00.000Z" },
    },
  ],
  [
    { name: "confirmation-required", confirm: [{ pointer: "/confirm", detail: "Is the dose right?" }] },
    "Is the dose right? Send it again with confirm: true if it is right.",
    { confirm: [{ pointer: "/confirm", detail: "Is the dose right?" }] },
  ],
  [
    {
      name: "confirmation-required",
      confirm: [
        { pointer: "/events/0/confirm", detail: "Is the dose right?" },
        {
          ...{ pointer: "/events/0/confirm", code: "far-back", title: "Started" },
          occurredAt: "2016-03-02",
          today: "2026-03-09",
        },
      ],
    },
    "Is the dose right? Started: 2016-03-02 lies far back (today is 2026-03-09). Is the year right? Send it again with true at /events/0/confirm if it is right.",
    {
      confirm: [
        { pointer: "/events/0/confirm", detail: "Is the dose right?" },
        {
          pointer: "/events/0/confirm",
          detail: "Started: 2016-03-02 lies far back (today is 2026-03-09). Is the year right?",
        },
      ],
    },
  ],
  [
    {
      name: "confirmation-required",
      confirm: [
        { pointer: "/patient/confirm", code: "another-person" },
        { pointer: "/confirm", detail: "Is it?" },
      ],
    },
    "The patient with this identifier has another name and another birth date on record: make sure that this is the same person. Is it? Send it again with true at each of these places if it is right: /patient/confirm, /confirm.",
    {
      confirm: [
        { pointer: "/patient/confirm", detail: expect.stringContaining("another name") },
        { pointer: "/confirm", detail: "Is it?" },
      ],
    },
  ],
  [
    {
      name: "consequences",
      setAside: [{ seq: 5, type: "a.b", occurredAt: 0 }],
      changes: {
        before: { state: "x", tasks: [{ key: "x", openedAt: 0, dueAt: 1 }], timers: [] },
        after: { state: "y", tasks: [], timers: [{ name: "t", state: "y", dueAt: 2 }] },
        setAside: [{ seq: 5, type: "a.b", occurredAt: 0 }],
      },
    },
    "What is on record would no longer fit and would be set aside: a.b (record 5). Send it again with acceptConsequences: true and a reason if it is right.",
    {
      setAside: [{ seq: 5, type: "a.b", occurredAt: "1970-01-01T00:00:00.000Z" }],
      changes: {
        before: {
          state: "x",
          tasks: [{ key: "x", openedAt: "1970-01-01T00:00:00.000Z", dueAt: "1970-01-01T00:00:00.001Z" }],
          timers: [],
        },
        after: {
          state: "y",
          tasks: [],
          timers: [{ name: "t", state: "y", dueAt: "1970-01-01T00:00:00.002Z" }],
        },
        setAside: [{ seq: 5, type: "a.b", occurredAt: "1970-01-01T00:00:00.000Z" }],
      },
    },
  ],
  [
    { name: "exited", exitReason: "died", hasRedFlags: false },
    "The patient has left this pathway (died): what comes after the exit is not taken.",
    { exitReason: "died" },
  ],
  [
    { name: "exited", exitReason: "transferred", hasRedFlags: true },
    "The patient has left this pathway (transferred): what comes after the exit is not taken. Nobody watches here any more: have these red flags seen as an emergency at once, outside this pathway, and enrol the patient again if it is to go on.",
    { exitReason: "transferred" },
  ],
  [
    {
      ...{ name: "event-refused", why: "notTaken", type: "a.b", title: "A", reason: "no active state takes it there" },
      ...{ hints: ["Mark it so."], pathway: { id: "p", version: "1.0.0" }, acceptedEvents: ["c.d"], event: 2 },
    },
    "Event 2: A (a.b) is not taken at its place in time: no active state takes it there. Mark it so.",
    { acceptedEvents: ["c.d"], event: 2 },
  ],
  [
    {
      ...{ name: "event-refused", why: "enrolmentStays" },
      ...{ pathway: { id: "p", version: "1.0.0" }, acceptedEvents: ["pathway.exited"] },
    },
    "The enrolment itself cannot be struck out. If the patient should never have been enrolled, report pathway.exited with the reason enrolledInError.",
    { acceptedEvents: ["pathway.exited"], offer: { type: "pathway.exited", data: { reason: "enrolledInError" } } },
  ],
  [
    { ...{ name: "reporter-not-allowed", act: "report" }, reporters: ["clinician", "lead"], type: "a.b", title: "A" },
    "A (a.b) is reported by: clinician, lead. Name such a performer, or ask one.",
    { reporters: ["clinician", "lead"] },
  ],
  [
    { ...{ name: "reporter-not-allowed", act: "perform" }, reporters: ["clinician"], type: "a.b", title: "A" },
    "A (a.b) is done by: clinician. The performer holds none of these roles.",
    { reporters: ["clinician"] },
  ],
  [
    { ...{ name: "reporter-not-allowed", act: "correct" }, reporters: ["clinician"], type: "a.b", title: "A" },
    "A (a.b) is corrected by those who report it: clinician.",
    { reporters: ["clinician"] },
  ],
  [{ name: "forbidden", title: "Call", role: "clinician" }, 'The task "Call" is for: clinician.'],
  [{ name: "task-closed", title: "Call" }, 'The task "Call" is not open.'],
  [
    { name: "task-claimed", title: "Call", assignee: "lead" },
    'The task "Call" is claimed by lead.',
    { assignee: "lead" },
  ],
  [
    { name: "task-moved-on", title: "Call", from: "lead", assignee: "coordinator" },
    "The task \"Call\" is no longer lead's: it is coordinator's by now.",
    { assignee: "coordinator" },
  ],
  [
    { name: "task-moved-on", title: "Call", from: "lead", assignee: null },
    "The task \"Call\" is no longer lead's: it is nobody's by now.",
    { assignee: null },
  ],
  [{ name: "task-urgent", title: "Call" }, 'The task "Call" is urgent, and what is urgent is not snoozed.'],
];

it.each(TOLD)("%j", (refusal, detail, members = {}) => {
  expect(problemOfRefusal(refusal)).toEqual({ name: refusal.name, detail, ...members });
});

const PATHWAY = { id: "p", version: "1.0.0" };
const FAULTS: [Refusal, string, string[]?][] = [
  [
    { name: "invalid-data", type: "a.b", errors: [{ pointer: "/data/x", code: "schema", detail: "`x` is missing." }] },
    "The data of a.b has a fault.",
    ["`x` is missing."],
  ],
  [
    {
      ...{ name: "invalid-data", type: "a.b" },
      errors: [
        { pointer: "/data/x", code: "schema", detail: "`x` is missing." },
        { pointer: "/data", code: "undeclared" },
      ],
    },
    "The data of a.b has faults.",
    ["`x` is missing.", "A field here that the pathway has no name for is not allowed, or does not fit."],
  ],
  [
    {
      name: "invalid-data",
      errors: [
        { pointer: "/data/x", code: "required", detail: "Say why." },
        { pointer: "/data/y", code: "required", detail: "Say when." },
      ],
    },
    "Say why. Say when.",
    ["Say why.", "Say when."],
  ],
  [
    { name: "invalid-data", errors: [{ pointer: "/type", code: "unknown-type", pathway: PATHWAY }] },
    "The pathway p 1.0.0 declares no event of this type.",
  ],
  ...(
    [
      ["unknown-pathway", "No such pathway or version is published."],
      ["unknown-site", "There is no such site."],
      ["unknown-performer", "Nobody at this site is known by this id."],
      [
        "unreadable-until",
        "Give an RFC 3339 instant with its zone, such as 2026-03-02T14:00:00Z, or a day, such as 2026-03-02.",
      ],
      ["snooze-into-past", "The time until which a task is snoozed lies in the future."],
      ["same-source", "Two of these events have the same source."],
      ["no-identifier", "A patient keeps at least one identifier."],
      ["unreadable-birth-date", "The birth date is a date, a month or a year, such as 1950-03-17, 1950-03 or 1950."],
      ["future-birth-date", "The birth date lies in the future."],
      ["enrolled-before-birth", "The patient was enrolled before this date."],
      ["empty-correction", "A correction names at least one of occurredAt, data and strikeOut."],
      ["correction-without-reason", "A correction has a reason."],
      ["consent-without-reason", "Give a reason: it stands in the record beside what is set aside."],
    ] as const
  ).map(([code, sentence]): [Refusal, string] => [
    { name: "invalid-data", errors: [{ pointer: "/x", code }] },
    sentence,
  ]),
  [
    { name: "invalid-data", errors: [{ pointer: "/assignee", code: "assignee-without-role", role: "clinician" }] },
    "The task is for: clinician. This person holds neither that role nor lead at its site.",
  ],
  [
    { name: "invalid-data", errors: [{ pointer: "/reason", code: "snooze-beyond-due", dueAt: 0 }] },
    "The task is due at 1970-01-01T00:00:00.000Z: give a reason for snoozing it beyond that.",
  ],
  ...(
    [
      [
        "unreadable-time",
        "Give an RFC 3339 instant with its zone, such as 2026-03-02T14:00:00Z, or a day that exists, such as 2026-03-02.",
      ],
      ["future-time", "The time lies in the future: only what has happened is recorded."],
      ["before-birth", "The time lies before the patient's birth."],
    ] as const
  ).map(([code, sentence]): [Refusal, string] => [
    { name: "invalid-time", errors: [{ pointer: "/x", code }] },
    sentence,
  ]),
  [
    { name: "before-enrolment", errors: [{ pointer: "/x", code: "before-own-enrolment" }] },
    "The time lies before the enrolment. Leave the enrolment's occurredAt out, and it dates itself to the earliest event.",
  ],
  [
    {
      name: "before-enrolment",
      errors: [{ pointer: "/x", code: "enrolment-after-events", events: [{ type: "a.b", seq: 3 }] }],
    },
    "These events would lie before the enrolment: a.b (record 3). Correct or strike them out first, or choose an earlier date.",
  ],
];

it.each(FAULTS)("%j", (refusal, detail, sentences = [detail]) => {
  const { errors } = refusal as Extract<Refusal, { errors: unknown }>;
  const told = sentences.map((sentence, index) => ({ pointer: errors[index]!.pointer, detail: sentence }));
  expect(problemOfRefusal(refusal)).toEqual({ name: refusal.name, detail, errors: told });
});

it("those that only lack a role are told each at its place, and many faults are counted", () => {
  const about = { act: "report" as const, reporters: ["clinician" as const], type: "a.b", title: "A" };
  const errors = [1, 2].map((n) => ({ pointer: `/events/${n}/type`, code: "not-for-reporter" as const, ...about }));
  const sentence = "A (a.b) is reported by: clinician. Name such a performer, or ask one.";
  const told = errors.map(({ pointer }) => ({ pointer, detail: sentence }));
  expect(problemOfRefusal({ name: "reporter-not-allowed", ...about, errors })).toEqual({
    ...{ name: "reporter-not-allowed", detail: `${sentence} ${sentence}`, errors: told, reporters: ["clinician"] },
  });
  const many: Refusal = { name: "invalid-data", errors: [...errors, ...errors] };
  expect(problemOfRefusal(many)).toMatchObject({ detail: "The request has 4 faults.", errors: [...told, ...told] });
});

const BEFORE: Refusal = {
  name: "before-enrolment",
  errors: [{ pointer: "/occurredAt", code: "before-enrolment", enrolled: 1, occurredAt: "2026-04-20" }],
};
const SENTENCE =
  "The time lies before the enrolment. Date the enrolment back first: correct its record 1 (pathway.enrolled) to 2026-04-20 or earlier, then report this again.";

it("an offer says how it could be taken", () => {
  expect(problemOfRefusal(BEFORE)).toMatchObject({
    detail: SENTENCE,
    errors: [{ pointer: "/occurredAt", detail: SENTENCE }],
    offer: { correct: 1, occurredAt: "2026-04-20" },
  });
});

it("a remedy is offered beside any other offer, in the last sentence, and the event is named first", () => {
  const offer = { type: "redFlag.reported", data: { signs: ["newWeakness"] } };
  const problem = problemOfRefusal({ ...BEFORE, event: 1 });
  expect(needsRemedy(problem)).toBe(true);
  const told = remedied(problem, { detail: "Report them now.", offer });
  expect(told).toMatchObject({
    detail: `Event 1: ${SENTENCE} Report them now.`,
    offer: { correct: 1, occurredAt: "2026-04-20", ...offer },
    event: 1,
  });
  expect(needsRemedy(told)).toBe(false);
});
