/** Patients and what happens to them: made up, and the same in every run. */
import { join } from "node:path";
import type { JsonObject } from "../../src/core/index.js";
import type { PatientInput } from "../../src/engine/index.js";
import { PACKAGE_ROOT } from "../../src/platform/package-root.js";
import { Random } from "./random.js";

export const PATHWAY = "neoplastic-lumbosacral-plexopathy";
export const DOCUMENT = join(PACKAGE_ROOT, "pathways", PATHWAY, "1.0.0.yaml");

export type Reporter = "coordinator" | "clinician";

export interface Happening {
  type: string;
  by: Reporter;
  data: JsonObject;
  note?: string;
}

export interface Story {
  patient: PatientInput;
  happenings: Happening[];
}

const FAMILIES = ["Almeida", "Brandt", "Castellano", "Dubois", "Eriksen", "Fontaine", "Grabowski", "Hoffmann"];
const GIVEN = ["Ada", "Bela", "Carla", "Dario", "Elin", "Farid", "Greta", "Hana"];
const NOTES = ["Seen at the clinic, with the family.", "By telephone; asks for a later appointment.", "Sleeps better."];

/** An enrolment followed by ten events, each of which its state takes. */
export function story(number: number, seed = 1): Story {
  const random = new Random(seed * 1_000_003 + number);
  const pain = (): number => random.below(4);
  const happenings: Happening[] = [
    { type: "radiotherapy.started", by: "coordinator", data: radiotherapy(random) },
    { type: "pain.scored", by: "coordinator", data: { index: pain(), redFlags: [] } },
    { type: "therapy.referred", by: "coordinator", data: {} },
    {
      type: "sideEffect.reported",
      by: "clinician",
      data: { kind: "causalgia", pain: 4 + random.below(3), redFlags: [] },
    },
    { type: "analgesia.reviewed", by: "clinician", data: { changed: random.next() < 0.5 } },
    { type: "therapy.started", by: "coordinator", data: { focus: ["strengthening", "gait"] } },
    { type: "response.assessed", by: "clinician", data: assessment(random, pain()) },
    { type: "sideEffect.reassessed", by: "clinician", data: { control: "controlled", pain: pain(), redFlags: [] } },
    { type: "contact.made", by: "coordinator", data: { channel: "phone" } },
    { type: "pain.scored", by: "coordinator", data: { index: pain(), worstOther: pain(), redFlags: [] } },
  ];
  for (const happening of happenings) if (random.next() < 0.25) happening.note = random.pick(NOTES);
  return { patient: patient(number, random), happenings };
}

export function stories(count: number, from = 0): Story[] {
  return Array.from({ length: count }, (_, index) => story(from + index));
}

function patient(number: number, random: Random): PatientInput {
  const day = (): string => String(1 + random.below(28)).padStart(2, "0");
  return {
    identifiers: [{ system: "urn:bench", value: `B${number}` }],
    familyName: random.pick(FAMILIES),
    givenName: random.pick(GIVEN),
    birthDate: `${1930 + random.below(60)}-0${1 + random.below(9)}-${day()}`,
  };
}

export function radiotherapy(random: Random): JsonObject {
  const plannedDose = { value: random.pick([2000, 3000, 3600]), unit: "cGy" };
  const volumes = [{ name: "sacral plexus", plannedDose, plannedFractions: random.pick([5, 10, 12]) }];
  return { course: "1", intent: "palliative", reirradiation: false, volumes };
}

export function assessment(random: Random, pain: number): JsonObject {
  const objective = random.pick(["stable", "improved"]);
  return { subjective: "improved", objective, pain, analgesicUse: random.pick(["less", "same"]), redFlags: [] };
}
