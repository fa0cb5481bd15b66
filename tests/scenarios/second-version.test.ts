import { describe, expect, it } from "@jest/globals";
import type { RungDeclaration, StateConfig, TaskDeclaration } from "../../src/core/index.js";
import { pathway, second } from "./pathway.js";

const first = structuredClone(pathway.document);
const { document } = second.pathway;

function tasksOf(state: StateConfig, path: string[] = []): [path: string, task: TaskDeclaration][] {
  const inner = Object.entries(state.states ?? {}).flatMap(([key, child]) => tasksOf(child, [...path, key]));
  return state.meta?.task ? [[path.join("."), state.meta.task], ...inner] : inner;
}

const TASKS = Object.fromEntries(tasksOf(document.machine));
const EMERGENCY = ["safety.urgent", "safety.underTreatment"];

const reminded = (otherwise: "responsible" | "clinician", later: object): object[] => [
  { after: "P0D", from: "due", to: "assignee", else: otherwise, by: "email" },
  { ...{ from: "due", to: "assignee", else: otherwise, by: "email" }, ...later },
];

const COORDINATOR = {
  reminders: reminded("responsible", { after: "P0D", workingDays: 3 }),
  escalation: [{ after: "P7D", from: "due", workingDay: "next", to: "lead", by: "email" }],
};
const CLINICIAN = {
  reminders: reminded("clinician", { after: "P7D", workingDay: "next" }),
  escalation: [{ after: "P14D", at: "17:00", workingDay: "next", to: "lead", by: "email" }],
};

describe("The second version has the ladders that the clinical text lists", () => {
  it.each(Object.entries(TASKS))("%s", (path, { role, due, reminders, escalation }) => {
    if (EMERGENCY.includes(path)) {
      expect(due).toBe(path === "safety.urgent" ? "PT0S" : "P1D");
      return;
    }
    expect(due).toEqual({ after: expect.any(String), at: "17:00", workingDay: "next" });
    const staff = reminders?.filter((rung) => (rung as RungDeclaration).to !== "patient");
    if (role === "lead") expect({ reminders, escalation }).toEqual({});
    else if (path === "course.exitSuggested") {
      const escalation_ = [{ after: "P3D", at: "17:00", workingDay: "next", to: "lead", by: "email" }];
      expect({ reminders: staff, escalation }).toEqual({ ...COORDINATOR, escalation: escalation_ });
    } else expect({ reminders: staff, escalation }).toEqual(role === "coordinator" ? COORDINATOR : CLINICIAN);
  });

  it("of the emergency in real hours", () => {
    const red = { by: "email", message: "redFlag" };
    expect(TASKS["safety.urgent"]).toMatchObject({
      reminders: [{ after: "PT0S", to: "clinician", ...red }],
      escalation: [
        { after: "redFlagAcknowledge", to: "lead", ...red },
        { after: "redFlagOnCall", to: "onCall", every: "PT4H", ...red },
      ],
    });
    expect(TASKS["safety.underTreatment"]).toMatchObject({
      reminders: [{ after: "PT0S", from: "due", to: "assignee", else: "clinician", by: "email" }],
      escalation: [{ after: "PT12H", from: "due", to: "lead", by: "email" }],
    });
  });

  it("and tells the patient twice, between nine and seven", () => {
    const told = { to: "patient", by: "email", between: { from: "09:00", to: "19:00" } };
    const ofTasks = Object.entries(TASKS).flatMap(([path, { reminders = [] }]) =>
      reminders.filter((rung) => (rung as RungDeclaration).to === "patient").map((rung) => [path, rung]),
    );
    expect(ofTasks).toEqual([["pain.monitoring.due", { after: "PT0S", message: "howIsThePain", ...told }]]);
    const ofTimers = Object.entries(document.timers!).flatMap(([name, { reminders }]) => (reminders ? [name] : []));
    expect(ofTimers).toEqual(["responseReview", "askAgain"]);
    expect(document.timers!["responseReview"]!.reminders).toEqual([{ before: "P3D", message: "reviewSoon", ...told }]);
  });
});

describe("Everything that the clinical text does not name is the same in both versions", () => {
  /** What both versions say of a state when their tasks' due rules and ladders are left out. */
  function bare(state: StateConfig): StateConfig {
    const { task } = state.meta ?? {};
    const { due: _due, reminders: _reminders, escalation: _escalation, ...rest } = task ?? ({} as TaskDeclaration);
    const states = Object.entries(state.states ?? {}).map(([key, child]) => [key, bare(child)]);
    return {
      ...state,
      ...(task && { meta: { task: rest as TaskDeclaration } }),
      ...(state.states && { states: Object.fromEntries(states) as Record<string, StateConfig> }),
    };
  }

  it("states and transitions, but for the new track and a second opinion", () => {
    const { course, ...tracks } = bare(document.machine).states!;
    expect(Object.keys(course!.states!)).toEqual(["ongoing", "exitSuggested"]);
    expect(Object.keys(document.machine.states!)[0]).toBe("course");
    delete tracks["safety"]!.states!["clear"]!.on!["redFlag.reviewed"];
    expect(tracks).toEqual(bare(first.machine).states);
  });

  it("which parameter each task is due by", () => {
    const afterOf = ({ due }: TaskDeclaration): string => (typeof due === "string" ? due : due.after);
    const { "course.exitSuggested": exit, ...same } = TASKS;
    expect(afterOf(exit!)).toBe("exitDecisionDue");
    const were = tasksOf(first.machine).map(([path, task]) => [path, afterOf(task)]);
    expect(Object.entries(same).map(([path, task]) => [path, afterOf(task)])).toEqual(were);
  });

  it("parameters, but for the new one and a note", () => {
    const { exitDecisionDue, ...parameters } = document.parameters;
    expect(exitDecisionDue).toMatchObject({ value: "P1D", unit: "duration", source: null, evidence: "siteDecision" });
    const figures = (all: typeof parameters): object =>
      Object.fromEntries(Object.entries(all).map(([name, { note: _, ...figure }]) => [name, figure]));
    expect(figures(parameters)).toEqual(figures(first.parameters));
  });

  it("events, definitions, timers, flags and derived values, but for those that are new or hold messages", () => {
    const { "exit.dismissed": dismissed, ...events } = document.events;
    expect(dismissed!.reporters).toEqual(["coordinator", "clinician", "lead"]);
    expect({ events, definitions: document.definitions }).toEqual({
      ...{ events: first.events, definitions: first.definitions },
    });
    const rules = Object.entries(document.timers!).map(([name, { reminders: _, ...rule }]) => [name, rule]);
    expect(Object.fromEntries(rules)).toEqual(first.timers);
    const { redFlagReviews: _, ...derived } = document.derived!;
    expect(derived).toEqual(first.derived);
    const flags = document.flags!.map(({ holdsMessages, ...flag }) => {
      expect([flag.name, holdsMessages]).toEqual([flag.name, flag.name === "exitSuggested" ? true : undefined]);
      return flag.name === "exitSuggested" ? { ...flag, when: "" } : flag;
    });
    expect(flags).toEqual(first.flags!.map((flag) => (flag.name === "exitSuggested" ? { ...flag, when: "" } : flag)));
  });
});
