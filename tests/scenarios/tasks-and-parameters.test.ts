import { describe, expect, it } from "@jest/globals";
import { pathway } from "./pathway.js";

/** Title, role, due and whatever else the clinical text says, by the path of the state. */
const TASKS: Record<string, object> = {
  "treatment.awaitingRadiotherapy": task(
    "Confirm that radiotherapy has started",
    "coordinator",
    "radiotherapyStartDue",
  ),
  "treatment.responseReview": {
    ...task("Assess the response", "clinician", "reviewDue"),
    ...{ reminders: ["P0D", "P7D"], escalation: [{ after: "P14D", to: "lead" }] },
  },
  "treatment.responding.checkDue": task("Check for relapse", "coordinator", "relapseCheckDue"),
  "treatment.notResponding": task("Decide the next treatment", "clinician", "decisionDue"),
  "sideEffects.conservative.choosing": task("Choose conservative measures", "clinician", "decisionDue"),
  "sideEffects.conservative.review": task("Is it controlled?", "clinician", "decisionDue"),
  "sideEffects.blockProposed": task("Sympathetic ganglion block: accept or decline", "clinician", "decisionDue"),
  "sideEffects.blockPlanned": task("Book the block", "coordinator", "bookingDue"),
  "sideEffects.afterBlock.review": task("Is it controlled?", "clinician", "decisionDue"),
  "sideEffects.surgeryProposed": task("Plexus dissection or neurolysis: two opinions", "clinician", "decisionDue"),
  "sideEffects.surgeryPlanned": task("Book the operation", "coordinator", "bookingDue"),
  "sideEffects.afterSurgery.review": task("Is it controlled?", "clinician", "decisionDue"),
  "sideEffects.refractory": task("Pain team: what next?", "clinician", "decisionDue"),
  "pain.monitoring.due": task("Ask for the pain score", "coordinator", "painAskDue"),
  "pain.review.soon": task("Review analgesia", "clinician", "painReviewDue"),
  "pain.review.urgent": task("Review analgesia", "clinician", "painUrgentDue"),
  "intervention.proposed": task("Accept or decline", "clinician", "decisionDue"),
  "intervention.planned": task("Book it", "coordinator", "bookingDue"),
  "rehabilitation.notReferred": task("Refer to physiotherapy", "coordinator", "referralDue"),
  "rehabilitation.referred": task("Has physiotherapy started?", "coordinator", "therapyStartDue"),
  "safety.urgent": {
    ...task("Urgent: cord or cauda equina compression?", "clinician", "PT0S"),
    ...{ urgency: "urgent", whilePaused: "run" },
    escalation: [
      { after: "redFlagAcknowledge", to: "lead" },
      { after: "redFlagOnCall", to: "onCall" },
    ],
  },
  "safety.underTreatment": {
    ...task("Record the outcome of the emergency", "clinician", "P1D"),
    whilePaused: "run",
  },
  "contact.lostToFollowUp": task("Decide: keep trying or exit", "lead", "lostDecisionDue"),
};

const QUIET = [
  ...["treatment.withoutRadiotherapy", "treatment.symptomControl"],
  ...["sideEffects.none", "sideEffects.noFurtherStep", "sideEffects.controlled"],
  ...["intervention.none", "intervention.inPlace", "rehabilitation.active", "rehabilitation.discharged"],
  ...["safety.clear", "contact.reachable"],
];

/** Value, unit, evidence and source. */
const PARAMETERS: Record<string, [string | number, string, string, string | null]> = {
  responseReviewAfter: ["P4M", "duration", "conflicting", "source/radiotherapy"],
  doseResponseThreshold: [300, "cGy", "unconfirmed", "source/radiotherapy"],
  redFlagAcknowledge: ["PT1H", "duration", "literature", "[K25]"],
  redFlagOnCall: ["PT4H", "duration", "literature", "[K25]"],
  ...decidedBySite("duration", {
    ...{ sideEffectReviewAfter: "P4W", painCheckEvery: "P4W", askAgainAfter: "P4W", relapseCheckEvery: "P3M" },
    ...{ radiotherapyStartDue: "P14D", reviewDue: "P14D", referralDue: "P14D" },
    ...{ decisionDue: "P7D", bookingDue: "P7D", lostDecisionDue: "P7D", relapseCheckDue: "P7D" },
    ...{ therapyStartDue: "P4W", pauseReviewAfter: "P4W" },
    ...{ painAskDue: "P3D", painReviewDue: "P3D", painUrgentDue: "P1D", painRecheckAfter: "P7D", failuresApart: "P7D" },
  }),
  ...decidedBySite("score", { painReviewAt: 4, painUrgentAt: 7 }),
  ...decidedBySite("count", { lostAfterFailures: 3 }),
  ...decidedBySite("cGy", { implausibleDoseBelow: 100, implausibleDoseAbove: 10_000 }),
};

const MORNING = { at: "09:00", workingDay: "next" };
const TIMERS = {
  responseReview: { after: "responseReviewAfter", from: "radiotherapy.started", ...MORNING },
  askAgain: { after: "askAgainAfter", ...MORNING },
  relapseCheck: { after: "relapseCheckEvery", ...MORNING },
  sideEffectReview: { after: "sideEffectReviewAfter", ...MORNING },
  painCheck: { after: "painCheckEvery", ...MORNING },
  painRecheck: { after: "painRecheckAfter", ...MORNING },
};

const CLINICIANS_ONLY = [
  ...["response.assessed", "treatment.decided", "intervention.proposed", "escalation.accepted", "escalation.declined"],
  ...["analgesia.reviewed", "redFlag.reviewed", "redFlag.resolved"],
];

function task(title: string, role: string, due: string): object {
  return { title, role, due };
}

function decidedBySite(
  unit: string,
  values: Record<string, string | number>,
): Record<string, [string | number, string, string, null]> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value, unit, "siteDecision", null]]));
}

interface State {
  meta?: { task?: object; quiet?: boolean };
  states?: Record<string, State>;
}

function collect(state: State, path: string[] = []): [string, State][] {
  const inner = Object.entries(state.states ?? {}).flatMap(([key, child]) => collect(child, [...path, key]));
  return path.length === 0 ? inner : [[path.join("."), state], ...inner];
}

describe("The document declares what the clinical text lists, and nothing else", () => {
  const { document } = pathway;
  const states = collect(document.machine as State);

  it("tasks", () => {
    const declared = states.flatMap(([path, { meta }]) => (meta?.task ? [[path, meta.task] as const] : []));
    expect(Object.fromEntries(declared)).toEqual(TASKS);
  });

  it("quiet states", () => {
    expect(states.filter(([, { meta }]) => meta?.quiet).map(([path]) => path)).toEqual(QUIET);
  });

  it("parameters", () => {
    const declared = Object.entries(document.parameters).map(([name, { value, unit, evidence, source }]) => [
      name,
      [value, unit, evidence, source],
    ]);
    expect(Object.fromEntries(declared)).toEqual(PARAMETERS);
  });

  it("timers", () => {
    expect(document.timers).toEqual(TIMERS);
  });

  it("reporters", () => {
    for (const [type, { reporters }] of Object.entries(document.events)) {
      if (type === "contact.decided") expect(reporters).toEqual(["lead", "clinician"]);
      else if (CLINICIANS_ONLY.includes(type)) expect(reporters).toEqual(["clinician"]);
      else expect(reporters).toEqual(["coordinator", "clinician", "lead", "system"]);
    }
  });

  it("the one event that is urgent by itself, and the one demand", () => {
    const events = Object.entries(document.events);
    expect(events.filter(([, { urgent }]) => urgent).map(([type]) => type)).toEqual(["redFlag.reported"]);
    expect(events.filter(([, { requires }]) => requires).map(([type]) => type)).toEqual(["modality.started"]);
  });
});
