import { describe } from "@jest/globals";
import { itRefuses } from "./document-faults.js";

describe("A machine that would lose a patient is refused", () => {
  itRefuses([
    [
      [["  type: parallel\n  states:\n    care", "  initial: care\n  states:\n    care"]],
      "machine:",
      "The machine is not parallel: write `type: parallel`, and one state for each track.",
    ],
    [
      [["  type: parallel\n  states:\n    care", "  type: parallel\n  initial: care\n  states:\n    care"]],
      "initial: care",
      "The root of the machine is parallel: all its states are active together, so leave `initial` out.",
    ],
    [
      [["      initial: clear\n      states:", "      states:"]],
      "safety:",
      "The state `safety` has states and no `initial`: name the one that is entered first, `clear` or `urgent`.",
    ],
    [
      [["      initial: clear", "      initial: cleer"]],
      "initial: cleer",
      "The state `safety` begins with `cleer`, which is no state within it: perhaps `clear` is meant.",
    ],
    [
      [["        urgent:\n", "        urgent:\n          initial: a\n"]],
      "initial: a",
      "The state `safety.urgent` has `initial` and no states: add `states`, or leave `initial` out.",
    ],
    [
      [["        urgent:\n", "        urgent:\n          history: deep\n"]],
      "history: deep",
      "The state `safety.urgent` is no history state: leave `history` out, or write `type: history`.",
    ],
    [
      [["        urgent:\n", "        urgent:\n          type: compound\n"]],
      "urgent:",
      "The state `safety.urgent` is compound and has no states: add `states`, or leave `type` out.",
    ],
    [
      [["        urgent:\n", "        urgent:\n          type: parallel\n"]],
      "urgent:",
      "The state `safety.urgent` is parallel and has no states: add `states`, or leave `type` out.",
    ],
    [
      [
        [
          "            redFlag.reviewed: clear\n",
          "            redFlag.reviewed: clear\n            wound.assessed: back\n        back: { type: history, target: nowhere }\n",
        ],
      ],
      "back: { type: history, target: nowhere }",
      "The state `safety.back` leads to `nowhere`, which is no state beside it: known are `clear` and `urgent`.",
    ],
    [
      [
        [
          "        healed:\n          meta: { quiet: true }\n          on:",
          "        healed:\n          type: final\n          meta: { quiet: true }\n          on:",
        ],
      ],
      "on:",
      "The state `care.healed` is final: leave `on` out.",
    ],
    [
      [
        [
          "        healed:\n          meta: { quiet: true }\n",
          "        lost:\n          meta: { quiet: true }\n        healed:\n          meta: { quiet: true }\n",
        ],
      ],
      "lost:",
      "The state `care.lost` is never reached: lead a transition to it, or leave it out.",
    ],
    [
      [["        clear:\n          meta: { quiet: true }\n", "        clear:\n"]],
      "clear:",
      "Nobody waits in the state `safety.clear`, which has neither a task nor a timer: add one, or mark it with `meta: {quiet: true}`.",
    ],
    [
      [["        clear:\n          meta: { quiet: true }\n", "        clear:\n          meta: { quiet: false }\n"]],
      "clear:",
      "Nobody waits in the state `safety.clear`, which has neither a task nor a timer: add one, or mark it with `meta: {quiet: true}`.",
    ],
    [
      [["            redFlag.reviewed: clear\n", "            redFlag.reviewed: {}\n"]],
      'task: { title: "Urgent: infection?", role: clinician, due: PT0S, urgency: urgent, whilePaused: run }',
      'No event closes the task "Urgent: infection?" of the state `safety.urgent`: let an event lead out of the state.',
    ],
    [
      [["            redFlag.reviewed: clear\n", "            redFlag.reviewed: cleer\n"]],
      "redFlag.reviewed: cleer",
      "In the state `safety.urgent`, on `redFlag.reviewed`, there is no state `cleer`: name one that there is; a sibling is named by its key, a child as `.child`, any other as `#<pathway id>.track.state`.",
    ],
    [
      [["            redFlag.reviewed: clear\n", '            redFlag.reviewed: "#leg-ulcer.care.healed"\n']],
      'redFlag.reviewed: "#leg-ulcer.care.healed"',
      "In the state `safety.urgent`, on `redFlag.reviewed`, the target `#leg-ulcer.care.healed` is in another track, and XState would reset them all: let that track take `redFlag.reviewed` itself.",
    ],
    [
      [["            redFlag.reviewed: clear\n", '            redFlag.reviewed: "#leg-ulcer.safety"\n']],
      'redFlag.reviewed: "#leg-ulcer.safety"',
      "In the state `safety.urgent`, on `redFlag.reviewed`, the target `#leg-ulcer.safety` would reset every track: name a state further down that stays within `safety`.",
    ],
    [
      [
        [
          "  type: parallel\n  states:\n    care",
          "  type: parallel\n  on: { wound.dressed: .care.healed }\n  states:\n    care",
        ],
      ],
      "on: { wound.dressed: .care.healed }",
      "In the root of the machine, on `wound.dressed`, the target `.care.healed` would reset every track: let the track take it itself.",
    ],
    [
      [["            redFlag.reported: {}\n", "            redFlag.reported: urgent\n"]],
      "redFlag.reported: urgent",
      "In the state `safety.urgent`, on `redFlag.reported`, the state leads to itself without being entered anew, so its task stays as it is: add `reenter: true`, or leave the target out to record the event only.",
    ],
    [
      [
        [
          "          after: { review: review }\n          on:\n",
          "          after: { review: review }\n          on:\n            wound.dressed: dressing\n",
        ],
      ],
      "wound.dressed: dressing",
      "In the state `care.dressing`, on `wound.dressed`, the state leads to itself without being entered anew, so its timer stays as it is: add `reenter: true`, or leave the target out to record the event only.",
    ],
    [
      [["            redFlag.reported: {}\n", "            redFlag.reported: { reenter: true }\n"]],
      "redFlag.reported: { reenter: true }",
      "In the state `safety.urgent`, on `redFlag.reported`, `reenter` has no `target` to enter anew: add one, or leave `reenter` out.",
    ],
    [
      [
        [
          "after: { review: review }",
          "after: { review: { guard: events('wound.dressed').size() > 0, target: review } }",
        ],
      ],
      "after: { review: { guard: events('wound.dressed').size() > 0, target: review } }",
      "In the state `care.dressing`, after the timer `review`, every branch has a guard, so the timer may fire and be lost: add a last branch without one.",
    ],
    [
      [
        [
          "after: { review: review }",
          "after: { review: [{ guard: events('wound.dressed').size() > 0, target: review }, {}] }",
        ],
      ],
      "after: { review: [{ guard: events('wound.dressed').size() > 0, target: review }, {}] }",
      "In the state `care.dressing`, after the timer `review`, nothing moves, and the timer would be gone: add a `target`.",
    ],
    [
      [
        [
          "after: { review: review }",
          "after: { review: review }\n          always: { guard: events('wound.dressed').size() > 9 }",
        ],
      ],
      "always: { guard: events('wound.dressed').size() > 9 }",
      "In the state `care.dressing`, on `always`, nothing moves: add a `target`, or leave it out.",
    ],
    [
      [
        [
          "              - { guard: event.data.outcome == 'healed', target: healed }\n              - { target: dressing }",
          "              - { target: dressing }\n              - { guard: event.data.outcome == 'healed', target: healed }",
        ],
      ],
      "- { target: dressing }",
      "In the state `care.review`, on `wound.assessed`, the branches behind this one are never tried, for it has no guard: add a guard, or put it last.",
    ],
    [
      [
        [
          "after: { review: review }",
          "after: { review: review }\n          always: { guard: latest('wound.assessed') != null, target: healed }",
        ],
        [
          "          meta: { quiet: true }\n          on:\n            wound.dressed: dressing\n",
          "          always: { guard: latest('wound.assessed') == null, target: dressing }\n          meta: { quiet: true }\n          on:\n            wound.dressed: dressing\n",
        ],
      ],
      "always: { guard: latest('wound.assessed') != null, target: healed }",
      "A loop never ends, for no time passes in it: `care.dressing` goes to `care.healed` by `always`, then `care.healed` goes to `care.dressing` by `always`; let one of its steps take time, or wait for an event.",
    ],
    [
      [
        ["{ after: reviewAfter,", "{ after: PT0S,"],
        [
          "            wound.dressed: dressing\n",
          "            wound.dressed: dressing\n          after: { review: dressing }\n",
        ],
        [
          "after: { review: review }",
          "after: { review: [{ guard: events('wound.dressed').size() > 1, target: healed }, { target: review }] }",
        ],
      ],
      "after: { review: [{ guard: events('wound.dressed').size() > 1, target: healed }, { target: review }] }",
      "A loop never ends, for no time passes in it: `care.dressing` goes to `care.healed` by the timer `review`, then `care.healed` goes to `care.dressing` by the timer `review`; let one of its steps take time, or wait for an event.",
    ],
    [
      [
        ["{ after: reviewAfter,", "{ from: wound.dressed, after: reviewAfter,"],
        [
          "            wound.dressed: dressing\n",
          "            wound.dressed: dressing\n          after: { review: { target: healed, reenter: true } }\n",
        ],
      ],
      "after: { review: { target: healed, reenter: true } }",
      "A loop never ends, for no time passes in it: `care.healed` goes to `care.healed` by the timer `review`; let one of its steps take time, or wait for an event.",
    ],
    [
      [
        ["{ after: reviewAfter,", "{ after: PT2H,"],
        [
          "            wound.dressed: dressing\n",
          "            wound.dressed: dressing\n          after: { review: { target: healed, reenter: true } }\n",
        ],
      ],
      "after: { review: { target: healed, reenter: true } }",
      "A loop never ends, for no time passes in it: `care.healed` goes to `care.healed` by the timer `review`; let one of its steps take time, or wait for an event.",
    ],
    [
      [
        [
          "      initial: clear\n",
          "      initial: clear\n      always: { guard: events('redFlag.reported').size() > 0, target: .urgent }\n",
        ],
      ],
      "always: { guard: events('redFlag.reported').size() > 0, target: .urgent }",
      "A loop never ends, for no time passes in it: `safety` goes to `safety.urgent` by `always`; let one of its steps take time, or wait for an event.",
    ],
  ]);
});
