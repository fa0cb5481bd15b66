import { describe, expect, it } from "@jest/globals";
import { compile, type Pathway } from "../../src/core/index.js";
import { carriesRedFlags, reportOfRedFlags } from "../../src/enrolments/red-flags.js";
import { firstPathway } from "../core/first-pathway.js";

/** The same document with words of its own for where red flags stand. */
function withOwnWords(pathway: Pathway): Pathway {
  const text = JSON.stringify(pathway.document).replaceAll('"signs"', '"findings"');
  const document = JSON.parse(text) as Pathway["document"];
  return compile({ ...document, redFlags: { signs: "findings", field: "redFlags" } });
}

const FLAGGED = { type: "pain.scored", data: { index: 5, redFlags: ["newWeakness"] } };
const OFFER = { type: "redFlag.reported", data: { signs: ["newWeakness"] } };

describe("the report of the red flags of a refused request", () => {
  const pathway = firstPathway();

  it("is of all that the pathway knows, wherever they stand", () => {
    expect(reportOfRedFlags(FLAGGED, pathway)).toEqual(OFFER);
    expect(reportOfRedFlags({ type: "redFlag.reported", data: { signs: ["newWeakness"], x: 1 } }, pathway)).toEqual(
      OFFER,
    );
    const second = { type: "response.assessed", data: { redFlags: ["saddleNumbness", "newWeakness"] } };
    expect(
      reportOfRedFlags({ pathway: pathway.id, events: [FLAGGED, { type: "x", data: {} }, second] }, pathway),
    ).toEqual({ type: "redFlag.reported", data: { signs: ["newWeakness", "saddleNumbness"] } });
  });

  it("is of either field where a correction does not name the type", () => {
    for (const data of [{ redFlags: ["newWeakness"] }, { signs: ["newWeakness"] }])
      expect(reportOfRedFlags({ reason: "mistyped", data }, pathway)).toEqual(OFFER);
  });

  it("repeats nothing that the pathway does not know: it may be personal", () => {
    const redFlags = ["Mustermann", "newWeakness", 1, null, { name: "Mustermann" }];
    expect(reportOfRedFlags({ ...FLAGGED, data: { redFlags } }, pathway)).toEqual(OFFER);
    expect(reportOfRedFlags({ ...FLAGGED, data: { redFlags: ["Mustermann"] } }, pathway)).toBeUndefined();
  });

  it("is told by the document's words, and by the usual ones where nobody knows the pathway", () => {
    const own = withOwnWords(pathway);
    expect(reportOfRedFlags(FLAGGED, own)).toEqual({ ...OFFER, data: { findings: ["newWeakness"] } });
    expect(reportOfRedFlags({ type: "redFlag.reported", data: { signs: ["newWeakness"] } }, own)).toBeUndefined();
    expect(reportOfRedFlags(FLAGGED, undefined)).toEqual(OFFER);
    expect(reportOfRedFlags({ ...FLAGGED, data: { redFlags: ["0170 1234567"] } }, undefined)).toBeUndefined();
  });

  it("is none for whatever else may come", () => {
    const bodies = [
      undefined,
      null,
      "text",
      [],
      1,
      {},
      { data: null },
      { data: [] },
      { events: {} },
      { events: [null] },
    ];
    for (const body of bodies)
      for (const known of [pathway, undefined])
        expect([body, reportOfRedFlags(body, known)]).toEqual([body, undefined]);
    expect(reportOfRedFlags({ ...FLAGGED, data: { index: 5, redFlags: [] } }, pathway)).toBeUndefined();
    expect(carriesRedFlags(FLAGGED, pathway)).toBe(true);
    expect(carriesRedFlags({ ...FLAGGED, data: {} }, pathway)).toBe(false);
  });
});
