import { describe, expect, it } from "@jest/globals";
import {
  asks,
  makeCalendar,
  makeLog,
  parseInstant,
  projectLines,
  type Fact,
  type JsonObject,
} from "../../src/core/index.js";
import { pathway } from "./pathway.js";

const calendar = makeCalendar({ timeZone: "UTC", workingDays: [1, 2, 3, 4, 5], holidays: [] });
const ENROLLED = { type: "pathway.enrolled", occurredAt: "2026-01-05T09:00:00Z" };

const fact = (type: string, data: object, seq = 1): Fact => ({
  ...{ seq, dataSeq: seq, type, by: "clinician", data: data as JsonObject },
  at: parseInstant("2026-01-06T09:00:00Z")! + seq,
});
const dose = (value: number, unit: string) => ({ value, unit });
const planned = (...doses: object[]) => ({
  ...{ course: "first", intent: "palliative", reirradiation: false },
  volumes: doses.map((plannedDose, index) => ({ name: `volume ${index}`, plannedDose })),
});
const delivered = (totalDose: object, name = "volume 0") => ({ volumes: [{ name, totalDose, fractionsDelivered: 1 }] });

describe("An implausible dose is held for confirmation, and no other", () => {
  const asked = (type: string, data: object) =>
    asks(pathway, calendar, fact(type, data), makeLog(pathway, [])).confirm.length;

  it.each([
    ["99.9 cGy", dose(99.9, "cGy"), 1],
    ["100 cGy", dose(100, "cGy"), 0],
    ["0.99 Gy", dose(0.99, "Gy"), 1],
    ["1 Gy", dose(1, "Gy"), 0],
    ["30 cGy, typed for 3000", dose(30, "cGy"), 1],
    ["3000 Gy, typed for 30", dose(3000, "Gy"), 1],
    ["100 Gy", dose(100, "Gy"), 0],
    ["10000 cGy", dose(10000, "cGy"), 0],
    ["10000.1 cGy", dose(10000.1, "cGy"), 1],
  ])("%s", (_, given, questions) => {
    expect(asked("radiotherapy.started", planned(given))).toBe(questions);
    expect(asked("radiotherapy.completed", delivered(given))).toBe(questions);
    expect(asked("radiotherapy.stopped", { ...delivered(given), reason: "other" })).toBe(questions);
  });

  it("judges each volume by itself and never their sum", () => {
    expect(asked("radiotherapy.started", planned(dose(60, "Gy"), dose(60, "Gy")))).toBe(0);
    expect(asked("radiotherapy.started", planned(dose(20, "Gy"), dose(20, "cGy")))).toBe(1);
  });

  it("asks nothing about a volume without a dose", () => {
    expect(asked("radiotherapy.started", { ...planned(), volumes: [{ name: "sacrum" }] })).toBe(0);
  });
});

describe("The first opioid needs a reason where no oral or topical measure is on record", () => {
  const opioid = { class: "oral", name: "morphine", drugClass: "opioid" };
  const asked = (data: object, ...earlier: object[]) => {
    const facts = earlier.map((measure, index) => fact("modality.started", measure, index));
    return asks(pathway, calendar, fact("modality.started", data, 9), makeLog(pathway, facts)).requires.map(
      ({ field }) => field,
    );
  };

  it("is asked for it", () => {
    expect(asked(opioid)).toEqual(["reason"]);
    expect(asked(opioid, { class: "physical", name: "TENS" })).toEqual(["reason"]);
    expect(asked(opioid, { class: "interventional", name: "stimulator" })).toEqual(["reason"]);
  });

  it("is not asked where it is given, or where something was tried", () => {
    expect(asked({ ...opioid, reason: "crying with pain" })).toEqual([]);
    expect(asked(opioid, { class: "oral", name: "gabapentin" })).toEqual([]);
    expect(asked(opioid, { class: "topical", name: "lidocaine patch" })).toEqual([]);
    expect(asked(opioid, opioid)).toEqual([]);
  });

  it("is asked of no other measure", () => {
    expect(asked({ class: "oral", name: "amitriptyline", drugClass: "TCA" })).toEqual([]);
    expect(asked({ class: "oral", name: "unknown" })).toEqual([]);
  });
});

describe("Flags annotate", () => {
  const flags = (...events: [type: string, data: object, by?: string][]) => {
    const lines = events.map(([type, data, by], index) => ({
      ...{ type, data, occurredAt: `2026-01-06T${10 + index}:00:00Z` },
      ...(by && { by }),
    }));
    const { flags: raised, refused } = projectLines(pathway, [ENROLLED, ...lines]);
    expect(refused).toEqual([]);
    return (raised as { name: string }[]).map(({ name }) => name);
  };

  it("a dose above 300 cGy, strictly, and never the sum of volumes", () => {
    expect(flags(["radiotherapy.started", planned(dose(300, "cGy"), dose(3, "Gy"))])).toEqual([]);
    expect(flags(["radiotherapy.started", planned(dose(300, "cGy"), dose(300.5, "cGy"))])).toEqual([
      "doseAboveThreshold",
    ]);
  });

  it("by the newest dose of each volume", () => {
    const started: [string, object] = ["radiotherapy.started", planned(dose(20, "Gy"))];
    const stopped = (totalDose: object, name?: string): [string, object] => [
      "radiotherapy.stopped",
      { ...delivered(totalDose, name), reason: "notTolerated" },
    ];
    expect(flags(started)).toEqual(["doseAboveThreshold"]);
    expect(flags(started, stopped(dose(200, "cGy")))).toEqual([]);
    expect(flags(started, stopped(dose(200, "cGy"), "another volume"))).toEqual(["doseAboveThreshold"]);
    expect(flags(started, stopped(dose(200, "cGy")), ["radiotherapy.completed", delivered(dose(8, "Gy"))])).toEqual([
      "doseAboveThreshold",
    ]);
  });

  it("an exit to think of, after a stop for death or moving and for no other reason, until there is an exit", () => {
    const started: [string, object] = ["radiotherapy.started", planned()];
    const stopped = (reason: string): [string, object] => ["radiotherapy.stopped", { volumes: [], reason }];
    for (const reason of ["lost", "refused", "notTolerated", "noResponse", "other"]) {
      expect(flags(started, stopped(reason))).toEqual([]);
    }
    expect(flags(started, stopped("moved"))).toEqual(["exitSuggested"]);
    expect(flags(started, stopped("died"))).toEqual(["exitSuggested"]);
    expect(flags(started, stopped("died"), ["pathway.exited", { reason: "died" }])).toEqual([]);
  });

  it("a procedure that nobody accepted in its episode", () => {
    const said = { pain: 1, redFlags: [] };
    const proposed: [string, object][] = [
      ["sideEffect.reported", { kind: "causalgia", ...said }],
      ["modality.started", { class: "physical", name: "heat" }],
      ["sideEffect.reassessed", { control: "uncontrolled", ...said }],
    ];
    const block: [string, object] = ["block.performed", {}];
    expect(flags(...proposed, block)).toEqual(["procedureWithoutAcceptance"]);
    expect(flags(...proposed, block, ["sideEffect.reassessed", { control: "resolved", ...said }])).toEqual([]);
    expect(flags(...proposed, ["escalation.accepted", { rung: "block" }], block)).toEqual([]);
    expect(
      flags(
        ...proposed,
        ["escalation.accepted", { rung: "block" }],
        ["surgery.performed", { procedure: "neurolysis" }],
      ),
    ).toEqual(["procedureWithoutAcceptance"]);
    expect(
      flags(
        ...proposed,
        ["escalation.accepted", { rung: "surgery" }, "clinician"],
        ["escalation.accepted", { rung: "surgery" }, "clinician2"],
        ["surgery.performed", { procedure: "neurolysis" }],
      ),
    ).toEqual([]);
  });
});

describe("The consensus category is derived with its inputs, marked provisional", () => {
  const category = (baseline: number | null, pain: number, analgesicUse: string) => {
    const lines = [
      ENROLLED,
      ...(baseline === null
        ? []
        : [{ type: "pain.scored", occurredAt: "2026-01-06T09:00:00Z", data: { index: baseline, redFlags: [] } }]),
      { type: "radiotherapy.started", occurredAt: "2026-01-07T09:00:00Z", data: planned() },
      { type: "pain.scored", occurredAt: "2026-01-08T09:00:00Z", data: { index: 9, redFlags: [] } },
      {
        ...{ type: "response.assessed", occurredAt: "2026-02-02T09:00:00Z" },
        data: { subjective: "stable", objective: "stable", pain, analgesicUse, redFlags: [] },
      },
    ];
    return (projectLines(pathway, lines)["derived"] as { responseCategory: JsonObject }).responseCategory;
  };

  it.each([
    [6, 0, "same", "complete"],
    [6, 0, "more", "indeterminate"],
    [6, 4, "same", "partial"],
    [6, 5, "same", "indeterminate"],
    [6, 4, "more", "indeterminate"],
    [6, 6, "less", "partial"],
    [6, 7, "less", "indeterminate"],
    [6, 8, "same", "progression"],
    [6, 8, "less", "indeterminate"],
    [6, 7, "more", "progression"],
    [6, 6, "more", "progression"],
    [6, 5, "more", "indeterminate"],
  ])("pain %i before and %i after, analgesics %s: %s", (baseline, pain, analgesicUse, expected) => {
    expect(category(baseline, pain, analgesicUse)).toEqual({
      ...{ status: "provisional", category: expected, baselinePain: baseline, pain, analgesicUse },
    });
  });

  it("has no category without a score from before the course", () => {
    expect(category(null, 4, "same")).toMatchObject({ category: null, baselinePain: null, pain: 4 });
  });
});

describe("A dose stays as it was typed, and stands in cGy beside it", () => {
  it("of each volume that has one, in every report of radiotherapy", () => {
    const lines = [
      ENROLLED,
      {
        ...{ type: "radiotherapy.started", occurredAt: "2026-01-07T09:00:00Z" },
        data: { ...planned(), volumes: [...planned(dose(30, "Gy")).volumes, { name: "without a dose" }] },
      },
      { type: "radiotherapy.completed", occurredAt: "2026-01-20T09:00:00Z", data: delivered(dose(2800, "cGy")) },
    ];
    const { derived, latest } = projectLines(pathway, lines) as Record<string, JsonObject>;
    expect(derived!["dosesInCGy"]).toEqual([
      {
        ...{ event: "radiotherapy.started", at: "2026-01-07T09:00:00.000Z" },
        volumes: [{ name: "volume 0", cGy: 3000 }],
      },
      {
        ...{ event: "radiotherapy.completed", at: "2026-01-20T09:00:00.000Z" },
        volumes: [{ name: "volume 0", cGy: 2800 }],
      },
    ]);
    expect(latest!["radiotherapy.completed"]).toMatchObject({ data: delivered(dose(2800, "cGy")) });
  });
});
