import { describe } from "@jest/globals";
import { itRefuses } from "./document-faults.js";

describe("Schemas and expressions that cannot hold are refused", () => {
  itRefuses([
    [
      [['{ $ref: "#/definitions/score" }', '{ $ref: "#/definitions/scor" }']],
      'pain: { $ref: "#/definitions/scor" }',
      "The schema of `wound.dressed` refers to the unknown definition `scor`: perhaps `score` is meant.",
    ],
    [
      [['{ $ref: "#/definitions/score" }', '{ $ref: "other.json" }']],
      'pain: { $ref: "other.json" }',
      "The schema of `wound.dressed` refers to `other.json`: refer to `#/definitions/<name>` of this document.",
    ],
    [
      [
        [
          "definitions:\n",
          'definitions:\n  tree: { type: object, properties: { below: { $ref: "#/definitions/tree" } } }\n',
        ],
      ],
      'tree: { type: object, properties: { below: { $ref: "#/definitions/tree" } } }',
      "The definition `tree` contains itself: write out how deep it goes.",
    ],
    [
      [["type: string, x-personal: true, x-widget", "type: string, x-persnal: true, x-widget"]],
      "note: { type: string, x-persnal: true, x-widget: textarea }",
      "The schema of `wound.dressed` has the unknown keyword `x-persnal`: perhaps `x-personal` is meant.",
    ],
    [
      [
        [
          "outcome: { enum: [healed, healing, worse] }",
          "outcome: { enum: [healed, healing, worse], x-personal: true }",
        ],
      ],
      "outcome: { enum: [healed, healing, worse], x-personal: true }",
      "The schema of `wound.assessed` marks as personal what is no free text: `x-personal` stands beside `type: string`, without `enum`.",
    ],
    [
      [["reason: { type: string, x-personal: true }", "reason: { type: string, x-personal: yes }"]],
      "reason: { type: string, x-personal: yes }",
      "The schema of `wound.assessed` marks free text with `x-personal: true`: write `true`, or leave it out.",
    ],
    [
      [["type: integer, minimum: 0, maximum: 10", "type: integr, minimum: 0, maximum: 10"]],
      "score: { type: integr, minimum: 0, maximum: 10 }",
      "The definition `score` is no JSON Schema at `type`: write `array`, `boolean`, `integer`, `null`, `number`, `object` or `string`.",
    ],
    [
      [["type: integer, minimum: 0, maximum: 10", "type: integer, minimm: 0, maximum: 10"]],
      "score: { type: integer, minimm: 0, maximum: 10 }",
      "The definition `score` has the unknown keyword `minimm`: perhaps `minimum` is meant.",
    ],
    [
      [["type: number, minimum: 0, title: Area", "type: number, format: aera, title: Area"]],
      "area: { type: number, format: aera, title: Area, x-unit: cm2 }",
      "The schema of `wound.dressed` has the unknown format `aera`: known are `date`, `date-time`, `time`, `duration`, `uuid` and `uri`.",
    ],
    [
      [["required: [area]", "required: [are]"]],
      "required: [are]",
      "The schema of `wound.dressed` requires the unknown field `are`: add it to `properties`; perhaps `area` is meant.",
    ],
    [
      [["field: reason\n", "field: reson\n"]],
      "field: reson",
      "What `wound.assessed` requires is no field of its data: `reson` is unknown; perhaps `reason` is meant.",
    ],
    [
      [["type: array, items: { enum: [fever, spreadingRedness] }", "type: string"]],
      "redFlags: { type: string }",
      "`redFlags` of `wound.dressed` is no list, and the engine reads it: write `type: array`, or choose another name.",
    ],
    [
      [["      type: object\n      required: [outcome]\n", "      type: array\n      required: [outcome]\n"]],
      "schema:",
      "The data of `wound.assessed` is no object: write `type: object` and name its fields in `properties`.",
    ],
    [
      [["event.data.area > parameters.largeArea", "event.data.aera > parameters.largeArea"]],
      "- when: event.data.aera > parameters.largeArea",
      "What `wound.dressed` asks to confirm, `event.data.aera > parameters.largeArea`, is refused: the data of `wound.dressed` has no field `aera`; perhaps `area` is meant.",
    ],
    [
      [["event.data.area > parameters.largeArea", "evnt.data.area > parameters.largeArea"]],
      "- when: evnt.data.area > parameters.largeArea",
      "What `wound.dressed` asks to confirm, `evnt.data.area > parameters.largeArea`, is refused: `evnt` is unknown; an expression sees `event` and `parameters`, and a text stands in quotes.",
    ],
    [
      [["event.data.area > parameters.largeArea", "event.data.area > parameters.largArea"]],
      "- when: event.data.area > parameters.largArea",
      "What `wound.dressed` asks to confirm, `event.data.area > parameters.largArea`, is refused: there is no parameter `largArea`; perhaps `largeArea` is meant.",
    ],
    [
      [["event.data.area > parameters.largeArea", "event.data.area > parameters.visitsApart"]],
      "- when: event.data.area > parameters.visitsApart",
      "What `wound.dressed` asks to confirm, `event.data.area > parameters.visitsApart`, is refused: `>` does not join a number with a text; the parameter `visitsApart` is a duration.",
    ],
    [
      [["event.data.area > parameters.largeArea", "event.data.area > '100'"]],
      "- when: event.data.area > '100'",
      "What `wound.dressed` asks to confirm, `event.data.area > '100'`, is refused: `>` does not join a number with a text; compare and add up values of one kind.",
    ],
    [
      [["event.data.area > parameters.largeArea", "event.data.area"]],
      "- when: event.data.area",
      "What `wound.dressed` asks to confirm, `event.data.area`, is refused: it gives a number where true or false is needed; compare it with a value.",
    ],
    [
      [["event.data.area > parameters.largeArea", "event.data.area >"]],
      "- when: event.data.area >",
      "What `wound.dressed` asks to confirm, `event.data.area >`, is refused: it ends where more is needed; pathways/README.md shows how expressions are written.",
    ],
    [
      [["event.data.area > parameters.largeArea", "event.data.area + 1 > 3"]],
      "- when: event.data.area + 1 > 3",
      "What `wound.dressed` asks to confirm, `event.data.area + 1 > 3`, is refused: `+` does not join a number with a whole number; write the whole number as 1.0, or `double(...)`.",
    ],
    [
      [["event.data.area > parameters.largeArea", "!event.data.area"]],
      "- when: !event.data.area",
      "Unresolved tag: !event.data.area: put a text that begins with `!` in quotes.",
    ],
    [
      [["event.data.area > parameters.largeArea", "event.data.note == 'x'"]],
      "- when: event.data.note == 'x'",
      "What `wound.dressed` asks to confirm, `event.data.note == 'x'`, is refused: `==` does not join free text with a text; free text can only be asked for with `has(...)`.",
    ],
    [
      [["event.data.area > parameters.largeArea", "event.data.?pain > 3"]],
      "- when: event.data.?pain > 3",
      "What `wound.dressed` asks to confirm, `event.data.?pain > 3`, is refused: `>` does not join an optional value with a whole number; add `.orValue(...)` to the optional field.",
    ],
    [
      [["event.data.area > parameters.largeArea", "has(latest('wound.dressed').data.pain)"]],
      "- when: has(latest('wound.dressed').data.pain)",
      "What `wound.dressed` asks to confirm, `has(latest('wound.dressed').data.pain)`, is refused: `has` asks for a field of `event`, `parameters` or a variable, such as `has(event.data.note)`; behind a function write `.?field`.",
    ],
    [
      [["event.data.area > parameters.largeArea", "cGy(event.data.area) > 3.0"]],
      "- when: cGy(event.data.area) > 3.0",
      "What `wound.dressed` asks to confirm, `cGy(event.data.area) > 3.0`, is refused: `cGy` takes a dose: an object with a number `value` and the `unit` cGy or Gy.",
    ],
    [
      [["event.data.area > parameters.largeArea", "spaced(event.data.redFlags, 'P7D') > 1"]],
      "- when: spaced(event.data.redFlags, 'P7D') > 1",
      "What `wound.dressed` asks to confirm, `spaced(event.data.redFlags, 'P7D') > 1`, is refused: `spaced` takes a list of events.",
    ],
    [
      [["event.data.area > parameters.largeArea", "spaced(events('wound.dressed'), 'PT5H') > 1"]],
      "- when: spaced(events('wound.dressed'), 'PT5H') > 1",
      "What `wound.dressed` asks to confirm, `spaced(events('wound.dressed'), 'PT5H') > 1`, is refused: `spaced` takes an ISO 8601 duration of whole days, such as 'P7D', or such a parameter.",
    ],
    [
      [["event.data.area > parameters.largeArea", "recordedAfter(['a']).size() > 0"]],
      "- when: recordedAfter(['a']).size() > 0",
      "What `wound.dressed` asks to confirm, `recordedAfter(['a']).size() > 0`, is refused: `recordedAfter` takes a list of events.",
    ],
    [
      [["has(event.data.redFlags) &&", "has(event.data.redFlag) &&"]],
      '"*": { guard: has(event.data.redFlag) && event.data.redFlags.size() > 0, target: urgent }',
      "The guard of `safety.clear` on `*`, `has(event.data.redFlag) && event.data.redFlags.size() > 0`, is refused: the data of any event has no field `redFlag`; perhaps `redFlags` is meant.",
    ],
    [
      [["event.data.outcome == 'worse' &&", "event.data.outcome == 'wose' &&"]],
      "- when: event.data.outcome == 'wose' && events('wound.dressed').size() < 2",
      "What `wound.assessed` requires, `event.data.outcome == 'wose' && events('wound.dressed').size() < 2`, is refused: `outcome` is never 'wose'; perhaps `worse` is meant.",
    ],
    [
      [["event.data.outcome == 'worse' &&", "event.data.outcome in ['worse', 'dead'] &&"]],
      "- when: event.data.outcome in ['worse', 'dead'] && events('wound.dressed').size() < 2",
      "What `wound.assessed` requires, `event.data.outcome in ['worse', 'dead'] && events('wound.dressed').size() < 2`, is refused: `outcome` is never 'dead'; known are `healed`, `healing` and `worse`.",
    ],
    [
      [
        [
          "events('wound.dressed').exists(e, e.data.area > 50.0)",
          "evnts('wound.dressed').exists(e, e.data.area > 50.0)",
        ],
      ],
      "when: evnts('wound.dressed').exists(e, e.data.area > 50.0)",
      "The flag `growing`, `evnts('wound.dressed').exists(e, e.data.area > 50.0)`, is refused: there is no function `evnts`; perhaps `events` is meant.",
    ],
    [
      [
        [
          "events('wound.dressed').exists(e, e.data.area > 50.0)",
          "events('wound.dressed', 'care').exists(e, e.data.area > 50.0)",
        ],
      ],
      "when: events('wound.dressed', 'care').exists(e, e.data.area > 50.0)",
      "The flag `growing`, `events('wound.dressed', 'care').exists(e, e.data.area > 50.0)`, is refused: `events` takes 1 argument, not 2.",
    ],
    [
      [
        [
          "events('wound.dressed').exists(e, e.data.area > 50.0)",
          "events('wound.dressed').exists(e, e.data.aera > 50.0)",
        ],
      ],
      "when: events('wound.dressed').exists(e, e.data.aera > 50.0)",
      "The flag `growing`, `events('wound.dressed').exists(e, e.data.aera > 50.0)`, is refused: the data of `wound.dressed` has no field `aera`; perhaps `area` is meant.",
    ],
    [
      [["events('wound.dressed').exists(e, e.data.area > 50.0)", "events('wound.dressed').exists(e, has(e.data.nte))"]],
      "when: events('wound.dressed').exists(e, has(e.data.nte))",
      "The flag `growing`, `events('wound.dressed').exists(e, has(e.data.nte))`, is refused: the data of `wound.dressed` has no field `nte`; perhaps `note` is meant.",
    ],
    [
      [
        [
          "events('wound.dressed').exists(e, e.data.area > 50.0)",
          "events('wound.dresed').exists(e, e.data.area > 50.0)",
        ],
      ],
      "when: events('wound.dresed').exists(e, e.data.area > 50.0)",
      "The flag `growing`, `events('wound.dresed').exists(e, e.data.area > 50.0)`, is refused: there is no event `wound.dresed`; perhaps `wound.dressed` is meant.",
    ],
    [
      [["events('wound.dressed').exists(e, e.data.area > 50.0)", "since('wound.dressed', 'care.dresing').size() > 1"]],
      "when: since('wound.dressed', 'care.dresing').size() > 1",
      "The flag `growing`, `since('wound.dressed', 'care.dresing').size() > 1`, is refused: there is no state `care.dresing`; perhaps `care.dressing` is meant.",
    ],
    [
      [["events('wound.dressed').exists(e, e.data.area > 50.0)", "event.data.area > 50.0"]],
      "when: event.data.area > 50.0",
      "The flag `growing`, `event.data.area > 50.0`, is refused: there is no `event` here; read the events on record, such as `latest('type')`.",
    ],
    [
      [["events('wound.dressed').exists(e, e.data.area > 50.0)", "recordedAfter(events('*')).size() > 0"]],
      "when: recordedAfter(events('*')).size() > 0",
      "The flag `growing`, `recordedAfter(events('*')).size() > 0`, is refused: `recordedAfter` compares with the current event, and there is none here.",
    ],
    [
      [["events('wound.dressed').exists(e, e.data.area > 50.0)", "latest('wound.dressed').data.?pian.hasValue()"]],
      "when: latest('wound.dressed').data.?pian.hasValue()",
      "The flag `growing`, `latest('wound.dressed').data.?pian.hasValue()`, is refused: the data of `wound.dressed` has no field `pian`; perhaps `pain` is meant.",
    ],
    [
      [["visits: { value: events('wound.dressed').size(),", "visits: { value: timestamp(latest('wound.dressed').at),"]],
      "visits: { value: timestamp(latest('wound.dressed').at), source: null, evidence: siteDecision }",
      "The derived value `visits`, `timestamp(latest('wound.dressed').at)`, is refused: it gives an instant, which JSON has no form for; give a text or a number.",
    ],
  ]);
});
