import { describe } from "@jest/globals";
import { itRefuses } from "./document-faults.js";

const REMINDERS = "reminders: [P0D, P3D]";
const ESCALATION = "escalation: [{ after: P14D, to: lead }]";
const TIMER = 'review: { after: reviewAfter, at: "09:00", workingDay: next }';
const URGENT = "due: PT0S, urgency: urgent, whilePaused: run";
const reminder = (rung: string): [string, string][] => [[REMINDERS, `reminders: [{ ${rung} }]`]];
const escalation = (rung: string): [string, string][] => [[ESCALATION, `escalation: [{ ${rung} }]`]];
const notice = (rung: string): [string, string][] => [
  [TIMER, `review: { after: reviewAfter, at: "09:00", workingDay: next, reminders: [{ ${rung} }] }`],
];
const onReminder = (rung: string): string => `reminders: [{ ${rung} }]`;
const onEscalation = (rung: string): string => `escalation: [{ ${rung} }]`;
const onNotice = (rung: string): string =>
  `review: { after: reviewAfter, at: "09:00", workingDay: next, reminders: [{ ${rung} }] }`;

describe("A ladder is refused", () => {
  itRefuses([
    [
      reminder("after: P0D, to: asignee"),
      onReminder("after: P0D, to: asignee"),
      "`machine.states.care.states.review.meta.task.reminders[0].to` says `asignee`: write `coordinator`, `clinician`, `lead`, `auditor`, `admin`, `system`, `assignee`, `responsible`, `onCall` or `patient`.",
    ],
    [
      escalation("after: P14D"),
      onEscalation("after: P14D"),
      "`machine.states.care.states.review.meta.task.escalation[0]` has no `to`: add it (a role, `assignee` (who has the task), `responsible` (the coordinator of the enrolment), `onCall` (the person on call for the role of the task) or `patient`).",
    ],
    [
      reminder("after: P0D, workingDays: 0"),
      onReminder("after: P0D, workingDays: 0"),
      "`machine.states.care.states.review.meta.task.reminders[0].workingDays` does not fit: so many working days of the site later.",
    ],
    [
      escalation("after: P14D, to: lead, every: P1D"),
      onEscalation("after: P14D, to: lead, every: P1D"),
      "An escalation of the task of the state `care.review` is refused: `every` is counted in hours or minutes of elapsed time; write one such as PT4H.",
    ],
    [
      escalation("after: P14D, to: lead, every: PT0S"),
      onEscalation("after: P14D, to: lead, every: PT0S"),
      "An escalation of the task of the state `care.review` is refused: `every` is counted in hours or minutes of elapsed time; write one such as PT4H.",
    ],
    [
      escalation("after: P14D, to: lead, every: evryDay"),
      onEscalation("after: P14D, to: lead, every: evryDay"),
      "An escalation of the task of the state `care.review` is refused: there is no parameter `evryDay`; known are `reviewAfter`, `reviewDue`, `visitsApart` and `pauseReviewAfter`.",
    ],
    [
      notice("before: largeArea, to: lead"),
      onNotice("before: largeArea, to: lead"),
      "A reminder of the timer `review` is refused: the parameter `largeArea` is no duration but of the unit `cm2`; name one whose unit is `duration`.",
    ],
    [
      reminder('after: P0D, between: { from: "19:00", to: "09:00" }'),
      onReminder('after: P0D, between: { from: "19:00", to: "09:00" }'),
      "A reminder of the task of the state `care.review` is told between `19:00` and `09:00`, which is no time of one day: let `from` lie before `to`.",
    ],
    [
      [[URGENT, `${URGENT}, reminders: [{ after: PT1H, workingDay: next, to: lead }]`]],
      `task: { title: "Urgent: infection?", role: clinician, ${URGENT}, reminders: [{ after: PT1H, workingDay: next, to: lead }] }`,
      "A reminder of the task of the state `safety.urgent` is urgent and runs in real hours: leave `workingDay` out.",
    ],
    [
      notice("before: P3D, to: assignee"),
      onNotice("before: P3D, to: assignee"),
      "A reminder of the timer `review` tells `assignee`, and nobody has a task before it fires: name a role, `responsible` or `patient`.",
    ],
    [
      notice("before: P3D, to: responsible, else: onCall"),
      onNotice("before: P3D, to: responsible, else: onCall"),
      "A reminder of the timer `review` tells `onCall`, and nobody has a task before it fires: name a role, `responsible` or `patient`.",
    ],
    [
      escalation("after: P14D, to: patient, by: email, message: late"),
      onEscalation("after: P14D, to: patient, by: email, message: late"),
      "An escalation of the task of the state `care.review` goes to the patient, who acknowledges nothing: name one of staff.",
    ],
    [
      reminder("after: P0D, to: assignee, else: patient"),
      onReminder("after: P0D, to: assignee, else: patient"),
      "A reminder of the task of the state `care.review` goes to the patient where nobody else is there: name one of staff.",
    ],
    [
      reminder("after: P0D, to: patient, else: responsible, by: email, message: soon"),
      onReminder("after: P0D, to: patient, else: responsible, by: email, message: soon"),
      "A reminder of the task of the state `care.review` goes to the patient, or to somebody else in the same words: make two of it.",
    ],
    [
      notice("before: P3D, to: patient, message: soon"),
      onNotice("before: P3D, to: patient, message: soon"),
      "A reminder of the timer `review` goes to the patient: write `by: email`, for nothing else reaches one.",
    ],
    [
      notice("before: P3D, to: patient, by: webhook, message: soon"),
      onNotice("before: P3D, to: patient, by: webhook, message: soon"),
      "A reminder of the timer `review` goes to the patient: write `by: email`, for nothing else reaches one.",
    ],
    [
      notice("before: P3D, to: patient, by: email"),
      onNotice("before: P3D, to: patient, by: email"),
      "A reminder of the timer `review` goes to the patient: name the template in `message`, for the usual ones are for staff.",
    ],
    [
      reminder("after: P0D, to: patient, by: email, message: soon, every: PT4H"),
      onReminder("after: P0D, to: patient, by: email, message: soon, every: PT4H"),
      "A reminder of the task of the state `care.review` goes to the patient, who acknowledges nothing: leave `every` out.",
    ],
    [
      notice("before: P3D, to: patient, by: email, message: reminder"),
      onNotice("before: P3D, to: patient, by: email, message: reminder"),
      "The message `reminder` goes to staff and to the patient: give each words of its own.",
    ],
  ]);
});
