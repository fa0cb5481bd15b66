import { describe, expect, it } from "@jest/globals";
import { checkDocument, formatFault, parseDocument } from "../../src/core/document/index.js";
import { SAMPLE, changed, faultsOf, sample } from "./document-sample.js";

const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split("\n").length;

describe("A document is read as it is written", () => {
  it("has no faults where there are none", () => {
    expect(faultsOf(SAMPLE)).toEqual([]);
  });

  it.each([0, 2, "\t"])("may be JSON, indented by %j", (indent) => {
    const { document, faults, locate } = parseDocument(JSON.stringify(sample(), null, indent));
    expect(faults).toEqual([]);
    expect(document).toEqual(sample());
    expect(checkDocument(document!, locate)).toEqual([]);
  });

  it("tells lines of JSON too", () => {
    const text = JSON.stringify({ ...sample(), flags: 5 }, null, 2);
    expect(faultsOf(text)).toEqual([
      { message: "`flags` must be a list, not a number.", pointer: "/flags", line: lineOf(text, '"flags"'), column: 3 },
    ]);
  });

  it("takes anchors and merge keys, and finds faults behind them", () => {
    const text = changed(
      ["reporters: [clinician, system]", "reporters: &both [clinician, system]"],
      ["reporters: [coordinator, clinician, lead, system]", "reporters: *both"],
      ["    safety:\n", "    safety: &safety\n"],
      ["flags:\n", "    again:\n      <<: *safety\n      initial: cleer\nflags:\n"],
      ["safety: Safety }", "safety: Safety, again: Again }"],
    );
    expect(faultsOf(text).map(({ line, message }) => ({ line, message }))).toEqual([
      {
        line: lineOf(text, "initial: cleer"),
        message: "The state `again` begins with `cleer`, which is no state within it: perhaps `clear` is meant.",
      },
    ]);
  });

  it("tells which anchor is missing", () => {
    const text = changed(["reporters: [clinician, system]", "reporters: *both"]);
    expect(faultsOf(text)).toEqual([
      {
        message: "The alias `*both` has no anchor `&both` before it: set one, or write the text out.",
        ...{ pointer: "", line: lineOf(text, "*both"), column: 16 },
      },
    ]);
  });

  it("is not filled up by aliases of aliases", () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `x${n + 1}: &x${n + 1} [${Array(9).fill(`*x${n}`).join(", ")}]`,
    );
    const [fault] = faultsOf(["x0: &x0 [a]", ...levels].join("\n"));
    expect(fault?.message).toMatch(/^The text cannot be read: Excessive alias count/);
  });

  it.each([
    [
      "",
      "The document is empty, or holds only comments (with curl, send it by --data-binary): see pathways/README.md for how to begin.",
    ],
    ["just a text", "The document must be an object, not a text."],
    ["- a list", "The document must be an object, not a list."],
    ["a: 1\n---\nb: 2", "A file holds one document: leave out what follows `---`."],
  ])("refuses %j", (text, message) => {
    expect(faultsOf(text)[0]?.message).toBe(message);
  });

  it.each([
    ["a bracket that stays open", changed(["title: Leg ulcer\n", "title: [Leg ulcer\n"]), 4],
    ["a colon too many", changed(["title: Leg ulcer\n", "title: Leg: ulcer\n"]), 3],
    ["a quote that stays open", changed(["title: Leg ulcer\n", 'title: "Leg ulcer\n']), undefined],
    ["a name twice behind it", changed(["title: Leg ulcer\n", "title: Leg: ulcer\n"]) + "id: again\n", 3],
  ])("tells one slip once: %s", (_, text, line) => {
    expect(faultsOf(text)).toEqual([
      {
        message: expect.stringMatching(/^This is no YAML: .*; mend the text there\.$/),
        ...{ pointer: "", line: line ?? expect.any(Number), column: expect.any(Number) },
      },
    ]);
  });

  it("tells each name that stands twice", () => {
    const faults = faultsOf("id: a\nid: b\ntitle: c\ntitle: d\n");
    expect(faults.map(({ line }) => line)).toEqual([2, 4]);
  });

  it("tells every fault of form at once, in order", () => {
    const text = changed(["version: 1.0.0", "version: 1"], ["title: Leg ulcer\n", ""], ["due: PT0S, ", ""]);
    const faults = faultsOf(text);
    expect(faults.map(({ line }) => line)).toEqual([1, 2, lineOf(text, 'task: { title: "Urgent')]);
  });

  it("tells every fault of sense at once, in order", () => {
    const text = changed(
      ["redFlag.reviewed: clear", "redFlag.reviewed: cleer"],
      ["{ after: reviewAfter,", "{ after: P4X,"],
    );
    const faults = faultsOf(text);
    expect(faults.map(({ line }) => line)).toEqual([lineOf(text, "P4X"), lineOf(text, "cleer")]);
  });

  it("prints a fault as editors understand it", () => {
    const fault = { message: "It is wrong.", pointer: "/id", line: 3, column: 7 };
    expect(formatFault(fault, "a.yaml")).toBe("a.yaml:3:7: It is wrong.");
    expect(formatFault({ message: "It is wrong.", pointer: "" })).toBe("It is wrong.");
  });
});
