import { describe } from "@jest/globals";
import { itRefuses } from "./document-faults.js";

describe("A document of the wrong form is refused", () => {
  itRefuses([
    [
      [["id: leg-ulcer\n", "id: leg-ulcer\nid: leg-ulcer\n"]],
      "id: leg-ulcer",
      "Map keys must be unique: the same name stands twice; keep one.",
    ],
    [
      [["tracks: { care", "tracks: [ care"]],
      "tracks: [ care: Care, safety: Safety }",
      "This is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ]; mend the text there.",
    ],
    [[["version: 1.0.0", "version: 1.0"]], "version: 1.0", "`version` must be a text, not a number: put it in quotes."],
    [
      [["version: 1.0.0", "version: latest"]],
      "version: latest",
      "`version` has not the right form: three numbers, such as `1.0.0`.",
    ],
    [
      [["title: Leg ulcer\n", ""]],
      "id: leg-ulcer",
      "The document has no `title`: add it (name of the pathway as people read it).",
    ],
    [
      [["title: Leg ulcer", "title: Leg ulcer\ntitel: Leg ulcer"]],
      "titel: Leg ulcer",
      "The document has an unknown field `titel`: leave it out; perhaps `title` is meant.",
    ],
    [
      [["unit: cm2, source: null", "unit: cm2"]],
      "largeArea: { value: 100, unit: cm2, evidence: siteDecision, note: Held until confirmed. }",
      "`parameters.largeArea` has no `source`: add it (the passage it is taken from, such as `source/radiotherapy`; null where no source gives a figure).",
    ],
    [
      [["reporters: [clinician, system]", "reporters: [clinician, nurse]"]],
      "reporters: [clinician, nurse]",
      '`events["wound.dressed"].reporters[1]` says `nurse`: write `coordinator`, `clinician`, `lead`, `auditor`, `admin` or `system`.',
    ],
    [
      [["reporters: [clinician, system]", "reporters: []"]],
      "reporters: []",
      '`events["wound.dressed"].reporters` must not be empty: add one.',
    ],
    [
      [['at: "09:00"', "at: 9am"]],
      "review: { after: reviewAfter, at: 9am, workingDay: next }",
      '`timers.review.at` has not the right form: local time of the site, in quotes: `"09:00"`.',
    ],
    [
      [["              role: clinician\n", ""]],
      "task:",
      "`machine.states.care.states.review.meta.task` has no `role`: add it (`coordinator`: enrols, books, calls; `clinician`: assesses, decides; `lead`: receives escalations; `auditor`: reads everything, writes nothing; `admin`: sites, people, pathways; `system`: machines that report events).",
    ],
    [
      [["role: clinician, due: PT0S", "role: nurse, due: PT0S"]],
      'task: { title: "Urgent: infection?", role: nurse, due: PT0S, urgency: urgent, whilePaused: run }',
      "`machine.states.safety.states.urgent.meta.task.role` says `nurse`: write `coordinator`, `clinician`, `lead`, `auditor`, `admin` or `system`.",
    ],
    [
      [['              due: { after: reviewDue, at: "17:00", workingDay: next }\n', ""]],
      "task:",
      "`machine.states.care.states.review.meta.task` has no `due`: add it (a duration, the name of a duration parameter, or `{after, at, workingDay}`).",
    ],
    [
      [["due: PT0S", "due: 5"]],
      'task: { title: "Urgent: infection?", role: clinician, due: 5, urgency: urgent, whilePaused: run }',
      "`machine.states.safety.states.urgent.meta.task.due` must not be a number: write a duration, the name of a duration parameter, or `{after, at, workingDay}`.",
    ],
    [
      [["escalation: [{ after: P14D, to: lead }]", "escalation: [{ after: P14D, to: boss }]"]],
      "escalation: [{ after: P14D, to: boss }]",
      "`machine.states.care.states.review.meta.task.escalation[0].to` says `boss`: write `coordinator`, `clinician`, `lead`, `auditor`, `admin`, `system`, `assignee`, `responsible`, `onCall` or `patient`.",
    ],
    [
      [["            redFlag.reported: {}\n", "            redFlag.reported: 5\n"]],
      "redFlag.reported: 5",
      '`machine.states.safety.states.urgent.on["redFlag.reported"]` must not be a number: write a target, a transition, or a list of them in the order in which they are tried.',
    ],
    [
      [["            redFlag.reported: {}\n", "            redFlag.reported:\n"]],
      "redFlag.reported:",
      '`machine.states.safety.states.urgent.on["redFlag.reported"]` is empty: write `{}` to take the event without moving, or name a target.',
    ],
    [
      [["            redFlag.reported: {}\n", "            redFlag.reported: { gard: true }\n"]],
      "redFlag.reported: { gard: true }",
      '`machine.states.safety.states.urgent.on["redFlag.reported"]` has an unknown field `gard`: leave it out; perhaps `guard` is meant.',
    ],
    [
      [["guard: has(event.data.redFlags) && event.data.redFlags.size() > 0", "guard: true"]],
      '"*": { guard: true, target: urgent }',
      '`machine.states.safety.states.clear.on["*"].guard` must be a text, not true or false: put it in quotes.',
    ],
    [
      [["  safety:\n      initial", "  sa fety:\n      initial"]],
      "sa fety:",
      "`sa fety` in `machine.states` is no name: begin with a letter and go on with letters, digits, `-` and `_`.",
    ],
    [
      [["        dressing:\n", "        dressing:\n          entry: remind\n"]],
      "entry: remind",
      "`machine.states.care.states.dressing` has an unknown field `entry`: a pathway runs no code; declare a task in `meta.task`.",
    ],
    [
      [["        dressing:\n", "        dressing:\n          exit: remind\n"]],
      "exit: remind",
      "`machine.states.care.states.dressing` has an unknown field `exit`: a pathway runs no code; declare a task in `meta.task`.",
    ],
    [
      [["        dressing:\n", "        dressing:\n          invoke: { src: fetch }\n"]],
      "invoke: { src: fetch }",
      "`machine.states.care.states.dressing` has an unknown field `invoke`: a pathway runs no code; declare a task in `meta.task`, and an event that reports its result.",
    ],
    [
      [["        dressing:\n", "        dressing:\n          onDone: healed\n"]],
      "onDone: healed",
      "`machine.states.care.states.dressing` has an unknown field `onDone`: name the event that ends the state in `on`.",
    ],
    [
      [["machine:\n", "machine:\n  context: { n: 0 }\n"]],
      "context: { n: 0 }",
      "`machine` has an unknown field `context`: nothing is assigned in a pathway; guards read the events on record, such as `latest('type')`.",
    ],
    [
      [["redFlag.reviewed: clear", "redFlag.reviewed: { target: clear, actions: tell }"]],
      "redFlag.reviewed: { target: clear, actions: tell }",
      '`machine.states.safety.states.urgent.on["redFlag.reviewed"]` has an unknown field `actions`: a pathway runs no code; declare a task in `meta.task` of the state that is entered.',
    ],
    [
      [["redFlag.reviewed: clear", 'redFlag.reviewed: { target: clear, cond: "true" }']],
      'redFlag.reviewed: { target: clear, cond: "true" }',
      '`machine.states.safety.states.urgent.on["redFlag.reviewed"]` has an unknown field `cond`: write `guard`.',
    ],
  ]);
});
