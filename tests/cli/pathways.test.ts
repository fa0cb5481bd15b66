import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";

const BIN = fileURLToPath(new URL("../../bin/pathkeeper.js", import.meta.url));
const DOCUMENT = fileURLToPath(new URL("../../pathways/neoplastic-lumbosacral-plexopathy/1.0.0.yaml", import.meta.url));
const STORIES = fileURLToPath(new URL("../scenarios", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "pathkeeper-cli-"));

function pathkeeper(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], { encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const lines = (...items: object[]): string => items.map((item) => JSON.stringify(item)).join("\n");

const ENROLLED = {
  type: "pathway.enrolled",
  occurredAt: "2025-10-27T10:00:00-04:00",
  recordedAt: "2025-10-27T14:00:00Z",
};
const STARTED = {
  type: "radiotherapy.started",
  occurredAt: "2025-10-31",
  recordedAt: "2025-11-20T14:00:00Z",
  data: { course: "first", intent: "palliative", reirradiation: false, volumes: [{ name: "sacrum" }] },
};

describe("pathways check", () => {
  it("has no fault with the first pathway", () => {
    expect(pathkeeper("pathways", "check", DOCUMENT)).toMatchObject({ code: 0, err: "" });
  });

  it("tells each fault with file and line, and answers no", () => {
    const path = file("faulty.yaml", "id: faulty\nversion: one\n");
    const { code, out } = pathkeeper("pathways", "check", path);
    expect(code).toBe(1);
    expect(out).toContain(`${path}:2:`);
    const json = pathkeeper("pathways", "check", path, "--json");
    expect(json.code).toBe(1);
    expect((JSON.parse(json.out) as { files: { faults: unknown[] }[] }).files[0]!.faults).not.toEqual([]);
  });

  it("tells a file that is not there in one sentence", () => {
    expect(pathkeeper("pathways", "check", "nowhere.yaml")).toEqual({
      code: 2,
      out: "",
      err: "nowhere.yaml cannot be read.\n",
    });
  });
});

describe("pathways project", () => {
  it("folds lines at an instant, from what was known by another", () => {
    const events = file("events.ndjson", lines(ENROLLED, STARTED));
    const project = (...options: string[]): Record<string, unknown> => {
      const { code, out } = pathkeeper(
        "pathways",
        "project",
        DOCUMENT,
        events,
        "--time-zone",
        "America/New_York",
        ...options,
      );
      expect(code).toBe(0);
      return JSON.parse(out) as Record<string, unknown>;
    };
    expect(project("--as-of", "2026-03-02T14:00:00Z")).toMatchObject({
      status: "active",
      state: { treatment: "responseReview" },
      tasks: expect.arrayContaining([
        expect.objectContaining({ key: "treatment.responseReview", dueAt: "2026-03-16T13:00:00.000Z" }),
      ]),
      refused: [],
    });
    expect(project("--as-of", "2026-03-02T14:00:00Z", "--known-at", "2025-11-01T00:00:00Z")).toMatchObject({
      state: { treatment: "awaitingRadiotherapy" },
    });
    expect(project("--as-of", "2025-10-01")).toEqual({ status: "notEnrolled" });
  });

  it("lists what is refused by its line and gives no answer twice", () => {
    const events = file(
      "refused.ndjson",
      lines(
        ENROLLED,
        { type: "unknown.event", occurredAt: "2025-10-28T10:00:00Z" },
        { ...STARTED, data: { course: 1 } },
        { type: "response.assessed", by: "coordinator", occurredAt: "2025-10-29T10:00:00Z", data: {} },
        { type: "analgesia.reviewed", by: "clinician", occurredAt: "2025-10-29T10:00:00Z", data: { changed: true } },
        { corrects: 1, strikeOut: true },
        { corrects: 0, strikeOut: true },
      ),
    );
    const { out } = pathkeeper("pathways", "project", DOCUMENT, events, "--as-of", "2025-12-01");
    const { refused } = JSON.parse(out) as { refused: { index: number; reason: string }[] };
    expect(refused.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(refused.every(({ reason }) => reason.length > 0)).toBe(true);
  });

  it("looks at the last line's instant, also where that line is refused", () => {
    const dose = { volumes: [{ name: "sacrum", plannedDose: { value: -5, unit: "cGy" } }] };
    const events = file("wrong-end.ndjson", lines(ENROLLED, { ...STARTED, data: { ...STARTED.data, ...dose } }));
    const { out } = pathkeeper("pathways", "project", DOCUMENT, events);
    expect(JSON.parse(out)).toMatchObject({ refused: [{ index: 1 }] });
  });

  it.each([
    ["a line that is no JSON", "{", "Line 0"],
    ["no lines", "", "There are no lines."],
    ["another first line", lines(STARTED), "Line 0"],
    ["a date that cannot be read", lines(ENROLLED, { ...STARTED, occurredAt: "yesterday" }), "Line 1"],
  ])("is wrong use with %s", (_, text, sentence) => {
    const { code, err, out } = pathkeeper("pathways", "project", DOCUMENT, file("wrong.ndjson", text));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(sentence);
    expect(err.trim().split("\n")).toHaveLength(1);
  });

  it("needs recordedAt on every line for --known-at", () => {
    const events = file("bare.ndjson", lines({ ...ENROLLED, recordedAt: undefined }));
    const { code, err } = pathkeeper("pathways", "project", DOCUMENT, events, "--known-at", "2026-01-01T00:00:00Z");
    expect(code).toBe(2);
    expect(err).toContain("recordedAt");
  });
});

describe("pathways test", () => {
  it("runs the stories of a folder", () => {
    const { code, out } = pathkeeper("pathways", "test", DOCUMENT, STORIES);
    expect(out).toMatch(/stories hold, 0 do not/);
    expect(code).toBe(0);
  });

  it("prints each expectation that does not hold", () => {
    file(
      "story.yaml",
      'story: wrong\nevents: [{type: pathway.enrolled, occurredAt: "2026-01-05T09:00:00Z"}]\nexpect: [{asOf: "2026-01-06", state: {treatment: responding}}]\n',
    );
    const { code, out } = pathkeeper("pathways", "test", DOCUMENT, folder);
    expect(code).toBe(1);
    expect(out).toContain('story.yaml: As of 2026-01-06: treatment is in "awaitingRadiotherapy", not "responding".');
  });
});

describe("pathways export", () => {
  it("prints plain XState JSON", () => {
    const { out } = pathkeeper("pathways", "export", DOCUMENT);
    expect(JSON.parse(out)).toMatchObject({ id: "neoplastic-lumbosacral-plexopathy", type: "parallel" });
  });
});

describe("wrong use", () => {
  it("of a command exits 2, help exits 0", () => {
    expect(pathkeeper("pathways", "chek").code).toBe(2);
    expect(pathkeeper("nonsense").code).toBe(2);
    expect(pathkeeper("--help")).toMatchObject({ code: 0 });
    expect(pathkeeper("pathways", "project", "--help")).toMatchObject({ code: 0 });
  });
});
