import { readFileSync } from "node:fs";
import {
  compile,
  parseDocument,
  parseInstant,
  type EventRecord,
  type JsonObject,
  type Pathway,
} from "../../src/core/index.js";

const FOLDER = new URL("../../pathways/neoplastic-lumbosacral-plexopathy/", import.meta.url);

/** The first pathway, as it is published. */
export function firstPathway(version = "1.0.0"): Pathway {
  const { document, faults } = parseDocument(readFileSync(new URL(`${version}.yaml`, FOLDER), "utf8"));
  if (!document) throw new Error(faults[0]!.message);
  return compile(document);
}

export const instant = (text: string): number => {
  const parsed = parseInstant(text);
  if (parsed === undefined) throw new Error(`${text} is no instant`);
  return parsed;
};

/** A reported event; recorded when it happened unless told otherwise. */
export function event(
  seq: number,
  type: string,
  occurredAt: string,
  data: JsonObject = {},
  more: { by?: string; recordedAt?: string } = {},
): EventRecord {
  return {
    ...{ kind: "event", seq, type, occurredAt: instant(occurredAt), data },
    ...{ recordedAt: instant(more.recordedAt ?? occurredAt), by: more.by ?? "clinician" },
  };
}

export const START: JsonObject = {
  ...{ course: "first", intent: "palliative", reirradiation: false },
  volumes: [{ name: "sacrum", plannedDose: { value: 2000, unit: "cGy" }, plannedFractions: 5 }],
};

export const response = (subjective: string, objective: string): JsonObject => ({
  ...{ subjective, objective, pain: 2, analgesicUse: "same", redFlags: [] },
});
