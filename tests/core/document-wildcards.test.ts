import { describe, expect, it } from "@jest/globals";
import { expandWildcards } from "../../src/core/document/index.js";
import { sample } from "./document-sample.js";

const guard = "has(event.data.redFlags) && event.data.redFlags.size() > 0";

describe('"*" stands for every declared event that a state does not name', () => {
  const expanded = expandWildcards(sample());
  const clear = expanded.states!["safety"]!.states!["clear"]!;

  it("is written out, and follows the branches that are named", () => {
    expect(clear.on).toEqual({
      "redFlag.reported": [{ target: "urgent" }, { guard, target: "urgent" }],
      "wound.dressed": [{ guard, target: "urgent" }],
      "wound.assessed": [{ guard, target: "urgent" }],
      "redFlag.reviewed": [{ guard, target: "urgent" }],
    });
  });

  it("never stands for the engine's own events", () => {
    expect(JSON.stringify(expanded)).not.toContain("pathway.");
    expect(JSON.stringify(expanded)).not.toContain('"*"');
  });

  it("leaves the document as it is", () => {
    expect(sample().machine.states!["safety"]!.states!["clear"]!.on).toHaveProperty("*");
    expect(expanded.states!["care"]).toEqual(sample().machine.states!["care"]);
  });
});
