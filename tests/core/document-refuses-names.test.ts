import { describe } from "@jest/globals";
import { itRefuses } from "./document-faults.js";

describe("Names that mean nothing are refused", () => {
  itRefuses([
    [
      [["            wound.dressed: dressing", "            wound.dresed: dressing"]],
      "wound.dresed: dressing",
      "The state `care.healed` takes the unknown event `wound.dresed`: declare it in `events`; perhaps `wound.dressed` is meant.",
    ],
    [
      [
        [
          "            redFlag.reviewed: clear\n",
          "            redFlag.reviewed: clear\n            pathway.paused: {}\n",
        ],
      ],
      "pathway.paused: {}",
      "The state `safety.urgent` takes `pathway.paused`, which is the engine's own: leave it out.",
    ],
    [
      [["            redFlag.reviewed: clear\n", "            redFlag.reviewed: clear\n            xstate.stop: {}\n"]],
      "xstate.stop: {}",
      "The state `safety.urgent` takes `xstate.stop`, which is the engine's own: leave it out.",
    ],
    [
      [["            redFlag.reviewed: clear\n", "            redFlag.reviewed: clear\n            redFlag.*: {}\n"]],
      "redFlag.*: {}",
      'The state `safety.urgent` takes `redFlag.*`: name each event, or write `"*"` for all of them.',
    ],
    [
      [["  type: parallel\n  states:\n    care", '  type: parallel\n  on: { "*": {} }\n  states:\n    care']],
      'on: { "*": {} }',
      'The root of the machine takes `"*"`, which any track would hide from it: put it into the track that shall take every event.',
    ],
    [
      [
        [
          "  redFlag.reviewed:\n    title: Red flag reviewed\n",
          "  pathway.noted:\n    title: Noted\n    reporters: [lead]\n  redFlag.reviewed:\n    title: Red flag reviewed\n",
        ],
      ],
      "pathway.noted:",
      "The event `pathway.noted` is the engine's own: leave it out, or choose a name that does not begin with `pathway.`.",
    ],
    [
      [
        [
          '            "*": { guard: has(event.data.redFlags) && event.data.redFlags.size() > 0, target: urgent }\n',
          "",
        ],
        [
          "  redFlag.reviewed:\n    title: Red flag reviewed\n",
          "  wound.photographed:\n    title: Photographed\n    reporters: [system]\n  redFlag.reviewed:\n    title: Red flag reviewed\n",
        ],
      ],
      "wound.photographed:",
      "No state takes the event `wound.photographed`, so it would always be refused: name it in `on` of a state (`wound.photographed: {}` records it), or leave it out.",
    ],
    [
      [["after: { review: review }", "after: { review: review, revue: review }"]],
      "after: { review: review, revue: review }",
      "The state `care.dressing` waits for the unknown timer `revue`: declare it in `timers`; the only timer is `review`.",
    ],
    [
      [["timers:\n", "timers:\n  spare: { after: P1D }\n"]],
      "spare: { after: P1D }",
      "No state uses the timer `spare`: name it in `after` of a state, or leave it out.",
    ],
    [
      [["workingDay: next }\n\nmachine", "workingDay: next, from: wound.dresed }\n\nmachine"]],
      'review: { after: reviewAfter, at: "09:00", workingDay: next, from: wound.dresed }',
      "The timer `review` counts from the unknown event `wound.dresed`: perhaps `wound.dressed` is meant.",
    ],
    [
      [["{ after: reviewAfter,", "{ after: reviewAftr,"]],
      'review: { after: reviewAftr, at: "09:00", workingDay: next }',
      "The timer `review` is refused: there is no parameter `reviewAftr`; perhaps `reviewAfter` is meant.",
    ],
    [
      [["{ after: reviewAfter,", "{ after: P4X,"]],
      'review: { after: P4X, at: "09:00", workingDay: next }',
      "The timer `review` is refused: `P4X` is no ISO 8601 duration; write one such as P7D, P4W, P4M or PT4H.",
    ],
    [
      [["{ after: reviewAfter,", "{ after: largeArea,"]],
      'review: { after: largeArea, at: "09:00", workingDay: next }',
      "The timer `review` is refused: the parameter `largeArea` is no duration but of the unit `cm2`; name one whose unit is `duration`.",
    ],
    [
      [["{ after: reviewAfter,", "{ after: -P1D,"]],
      'review: { after: -P1D, at: "09:00", workingDay: next }',
      "The timer `review` is refused: `-P1D` goes back in time; leave the minus out.",
    ],
    [
      [["due: { after: reviewDue,", "due: { after: reviewDu,"]],
      'due: { after: reviewDu, at: "17:00", workingDay: next }',
      "The due date of the task of the state `care.review` is refused: there is no parameter `reviewDu`; perhaps `reviewDue` is meant.",
    ],
    [
      [["due: { after: reviewDue,", "due: { after: largeArea,"]],
      'due: { after: largeArea, at: "17:00", workingDay: next }',
      "The due date of the task of the state `care.review` is refused: the parameter `largeArea` is no duration but of the unit `cm2`; name one whose unit is `duration`.",
    ],
    [
      [["reminders: [P0D, P3D]", "reminders: [P0D, tree]"]],
      "reminders: [P0D, tree]",
      "A reminder of the task of the state `care.review` is refused: there is no parameter `tree`; known are `reviewAfter`, `reviewDue`, `visitsApart` and `pauseReviewAfter`.",
    ],
    [
      [["escalation: [{ after: P14D, to: lead }]", "escalation: [{ after: P14, to: lead }]"]],
      "escalation: [{ after: P14, to: lead }]",
      "An escalation of the task of the state `care.review` is refused: `P14` is no ISO 8601 duration; write one such as P7D, P4W, P4M or PT4H.",
    ],
    [
      [["pauseReviewAfter: { value: P4W, unit: duration", "pauseReviewAftr: { value: P4W, unit: duration"]],
      "parameters:",
      "The parameter `pauseReviewAfter` is missing, which every pathway needs: add it, a duration after which somebody is asked whether a pause goes on.",
    ],
    [
      [["pauseReviewAfter: { value: P4W, unit: duration", "pauseReviewAfter: { value: 4, unit: weeks"]],
      "pauseReviewAfter: { value: 4, unit: weeks, source: null, evidence: siteDecision }",
      "The parameter `pauseReviewAfter` must be a duration: write `unit: duration`.",
    ],
    [
      [["value: P3D, unit: duration", "value: P3D, unit: days"]],
      "visitsApart: { value: P3D, unit: days, source: null, evidence: siteDecision }",
      "The parameter `visitsApart` is an ISO 8601 duration of the unit `days`: write `unit: duration`, or a figure.",
    ],
    [
      [["value: P3D, unit: duration", "value: 3 days, unit: duration"]],
      "visitsApart: { value: 3 days, unit: duration, source: null, evidence: siteDecision }",
      "The parameter `visitsApart` is no ISO 8601 duration, though its unit is `duration`: write one such as P7D, P4W or PT4H.",
    ],
    [
      [["tracks: { care: Care, safety: Safety }", "tracks: { care: Care }"]],
      "safety:",
      "The track `safety` has no title: add `safety` to `tracks`.",
    ],
    [
      [["tracks: { care: Care, safety: Safety }", "tracks: { care: Care, safety: Safety, pain: Pain }"]],
      "tracks: { care: Care, safety: Safety, pain: Pain }",
      "The track `pain` is no region of the machine: add it to `machine.states`, or leave it out; known are `care` and `safety`.",
    ],
    [
      [["machine:\n", "machine:\n  id: other\n"]],
      "id: other",
      "The machine's id is `other` and the pathway's `leg-ulcer`: leave the machine's out, or make them the same.",
    ],
    [
      [["        urgent:\n", "        urgent:\n          id: leg-ulcer\n"]],
      "id: leg-ulcer",
      "The id `leg-ulcer` of the state `safety.urgent` is that of the root of the machine already: choose another one.",
    ],
    [
      [
        [
          "  - name: growing\n",
          '  - { name: growing, severity: info, when: "true", text: Growing }\n  - name: growing\n',
        ],
      ],
      "- name: growing",
      "Two flags are named `growing`: choose another name for one of them.",
    ],
    [
      [["  - name: growing\n", "  - name: setAside\n"]],
      "- name: setAside",
      "The flag `setAside` is the engine's own: choose another name.",
    ],
  ]);
});
