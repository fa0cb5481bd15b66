import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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

  it.each([
    ["nowhere.yaml", "there is no such file"],
    [folder, "it is a folder"],
    [join(DOCUMENT, "inner.yaml"), "it is no folder"],
  ])("tells why %s cannot be read", (path, reason) => {
    const sentence = `${path} cannot be read: ${reason}.`;
    expect(pathkeeper("pathways", "check", path)).toEqual({ code: 2, out: "", err: `${sentence}\n` });
    expect(JSON.parse(pathkeeper("pathways", "check", path, "--json").out)).toEqual({ error: sentence });
  });
});

describe("pathways check of catalogues", () => {
  const FOLDER = dirname(DOCUMENT);
  const lie = (name: string, change: (text: string) => string = (text) => text): string =>
    file(name, change(readFileSync(join(FOLDER, name), "utf8")));

  it("has no fault with those of the pathway", () => {
    const files = ["1.0.0.en", "1.0.0.de", "1.1.0", "1.1.0.en", "1.1.0.de"].map((name) => join(FOLDER, `${name}.yaml`));
    const { code, out } = pathkeeper("pathways", "check", ...files);
    expect({ code, out }).toEqual({ code: 0, out: files.map((path) => `${path}: no faults.\n`).join("") });
  });

  it("names each word that a language lacks, with the catalogue and with the document beside it, and answers yes", () => {
    const document = lie("1.1.0.yaml");
    const path = lie("1.1.0.de.yaml", (text) => text.replace(/^  painRecheck: .*$/m, ""));
    const missing = `${path}: \`timers / painRecheck\` has no word in \`de\`: where English has none either, "Pain recheck" is read.`;
    for (const args of [[path], [document], [document, path]]) {
      const { code, out } = pathkeeper("pathways", "check", ...args);
      expect({ code, told: out.split("\n").filter((line) => !line.endsWith(": no faults.")) }).toEqual({
        ...{ code: 0, told: [`Warning: ${missing}`, ""] },
      });
    }
    const json = pathkeeper("pathways", "check", path, "--json");
    expect(JSON.parse(json.out)).toEqual({ files: [{ file: path, faults: [], warnings: [missing] }] });
  });

  it("tells each fault with file and line, and answers no", () => {
    lie("1.1.0.yaml");
    const path = lie("1.1.0.en.yaml", (text) => text.replace('"Due {due}', '"{name} {due}'));
    const { code, out } = pathkeeper("pathways", "check", path);
    expect(code).toBe(1);
    expect(out).toMatch(
      /1\.1\.0\.en\.yaml:\d+:\d+: The subject of the message `reminder` goes to staff and asks for `\{name\}`/,
    );
  });

  it("needs the document beside it, without a fault", () => {
    const path = file("3.0.0.de.yaml", "pathway: p\nversion: 3.0.0\nlanguage: de\n");
    const beside = join(folder, "3.0.0.yaml");
    expect(pathkeeper("pathways", "check", path)).toEqual({
      ...{ code: 2, out: "", err: `${beside} cannot be read: there is no such file.\n` },
    });
    file("3.0.0.yaml", "id: p\n");
    const { code, out } = pathkeeper("pathways", "check", path);
    expect({ code, out }).toEqual({
      ...{
        code: 1,
        out: `${path}: The document ${beside} has faults: mend them first, for its words cannot be held to it.\n`,
      },
    });
  });
});

describe("pathways project --ladders", () => {
  const document = join(dirname(DOCUMENT), "1.1.0.yaml");
  const events = file("ladder.ndjson", lines(ENROLLED, { ...STARTED, data: { ...STARTED.data, volumes: [] } }));
  const projected = (...more: string[]): Record<string, any> =>
    JSON.parse(pathkeeper("pathways", "project", document, events, ...more).out) as Record<string, any>;

  it("shows what is sent when, and to whom", () => {
    const { tasks, timers } = projected("--ladders", "--time-zone", "America/New_York");
    expect(tasks[0]).toMatchObject({
      key: "rehabilitation.notReferred",
      escalations: [{ at: "2025-11-17T22:00:00.000Z", to: "lead", by: "email" }],
    });
    expect(timers.find(({ name }: { name: string }) => name === "responseReview").reminders).toEqual([
      { at: "2026-02-27T14:00:00.000Z", to: "patient", by: "email", message: "reviewSoon" },
    ]);
  });

  it("is not asked for", () => {
    expect(Object.keys(projected()["tasks"][0])).toEqual(["key", "title", "openedAt", "dueAt"]);
  });
});

describe("Files are UTF-8", () => {
  const raw = (name: string, ...parts: (string | Buffer)[]): string => {
    const path = join(folder, name);
    writeFileSync(path, Buffer.concat(parts.map((part) => Buffer.from(part as string))));
    return path;
  };
  const enrolled = JSON.stringify({ type: "pathway.enrolled", occurredAt: "2026-01-05T09:00:00Z" });

  it("or the byte is named, in lines, documents and stories", () => {
    const events = raw("latin1.ndjson", `${enrolled}\n{"note":"caf`, Buffer.of(0xe9), '"}\n');
    const told = `${events}:2:13: Byte 13 of line 2 is not UTF-8: save and send the text as UTF-8.`;
    expect(pathkeeper("pathways", "project", DOCUMENT, events)).toEqual({ code: 2, out: "", err: `${told}\n` });
    expect(JSON.parse(pathkeeper("pathways", "project", DOCUMENT, events, "--json").out)).toEqual({ error: told });
    const document = raw("latin1.yaml", "id: caf", Buffer.of(0xe9));
    expect(pathkeeper("pathways", "check", document)).toMatchObject({ code: 2, out: "" });
    const stories = mkdtempSync(join(folder, "latin1-"));
    writeFileSync(join(stories, "story.yaml"), Buffer.concat([Buffer.from("story: caf"), Buffer.of(0xe9)]));
    const { code, out } = pathkeeper("pathways", "test", DOCUMENT, stories);
    expect(code).toBe(1);
    expect(out).toContain("story.yaml:1:11: Byte 11 of line 1 is not UTF-8");
  });

  it("with or without a byte order mark, and UTF-16 is named", () => {
    const marked = raw("marked.ndjson", `\ufeff${enrolled}\n`);
    expect(pathkeeper("pathways", "project", DOCUMENT, marked)).toMatchObject({ code: 0, err: "" });
    const wide = raw("wide.ndjson", Buffer.from(`\ufeff${enrolled}\n`, "utf16le"));
    expect(pathkeeper("pathways", "project", DOCUMENT, wide)).toMatchObject({
      code: 2,
      err: `${wide}: The text is UTF-16: save and send it as UTF-8.\n`,
    });
  });

  it("whose lines say each thing once, in well-formed texts", () => {
    const twice = '{"type":"pain.scored","occurredAt":"2026-01-06","data":{"index":1,"index":2,"x":"\\ud800"}}';
    const { code, err } = pathkeeper("pathways", "project", DOCUMENT, raw("twice.ndjson", `${enrolled}\n${twice}`));
    expect(code).toBe(2);
    expect(err).toContain("Line 1: /data/index: This name stands twice: keep one.");
    expect(err).toContain("Line 1: /data/x: The text is not well-formed Unicode.");
  });
});

describe("pathways check of several files", () => {
  it("tells the faults of those that can be read, too", () => {
    const bad = file("bad.yaml", "id: bad\nversion: one\n");
    const nowhere = join(folder, "nowhere.yaml");
    const sentence = `${nowhere} cannot be read: there is no such file.`;
    const { code, out, err } = pathkeeper("pathways", "check", DOCUMENT, bad, nowhere);
    expect({ code, err }).toEqual({ code: 2, err: `${sentence}\n` });
    expect(out).toContain(`${DOCUMENT}: no faults.\n`);
    expect(out).toContain(`${bad}:2:`);
    const json = pathkeeper("pathways", "check", DOCUMENT, bad, nowhere, "--json");
    expect(json).toMatchObject({ code: 2, err: "" });
    const files = [
      { file: DOCUMENT, faults: [] },
      { file: bad, faults: expect.arrayContaining([expect.objectContaining({ line: 2 })]) },
    ];
    expect(JSON.parse(json.out)).toEqual({ error: sentence, files });
  });
});

describe("A guard that throws", () => {
  const guard = "has(event.data.n) && int(10) / int(event.data.n) > 3";
  const document = file(
    "throws.yaml",
    `id: throws
version: 1.0.0
title: Throws
tracks: { care: Care }
parameters:
  pauseReviewAfter: { value: P4W, unit: duration, source: null, evidence: siteDecision }
events:
  counted: { title: Counted, reporters: [clinician], schema: { type: object, properties: { n: { type: integer } } } }
machine:
  type: parallel
  states:
    care:
      initial: waiting
      states:
        waiting: { on: { counted: { target: done, guard: "${guard}" } }, meta: { quiet: true } }
        done: { meta: { quiet: true } }
`,
  );
  const events = [
    { type: "pathway.enrolled", occurredAt: "2026-01-05T09:00:00Z" },
    { type: "counted", occurredAt: "2026-01-06T09:00:00Z", data: { n: 0 } },
  ];
  const told = /^The expression `has\(event[^\n]*failed: [^\n]+\.$/;

  it("is told by project in one sentence", () => {
    expect(pathkeeper("pathways", "check", document)).toMatchObject({ code: 0, err: "" });
    const input = file("throws.ndjson", lines(...events));
    const { code, out, err } = pathkeeper("pathways", "project", document, input);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err.trimEnd()).toMatch(told);
    const json = pathkeeper("pathways", "project", document, input, "--json");
    expect(json).toMatchObject({ code: 1, err: "" });
    expect(JSON.parse(json.out)).toEqual({ error: err.trimEnd() });
  });

  it("is told by test in one sentence for the story", () => {
    const stories = mkdtempSync(join(folder, "throws-"));
    writeFileSync(join(stories, "story.yaml"), JSON.stringify({ events, expect: [{ asOf: "2026-01-07" }] }));
    const { code, out, err } = pathkeeper("pathways", "test", document, stories);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    const [sentence, ...rest] = out.split("\n");
    expect(sentence!.replace(/^story.yaml: /, "")).toMatch(told);
    expect(rest).toEqual(["0 stories hold, 1 story does not.", ""]);
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

  it("says why nobody is enrolled", () => {
    const pain = { type: "pain.scored", occurredAt: "2025-10-28T10:00:00Z", data: { index: 2, redFlags: [] } };
    const events = file("nobody.ndjson", lines({ ...ENROLLED, by: "nurse" }, pain, { corrects: 0, data: {} }));
    const { code, out } = pathkeeper("pathways", "project", DOCUMENT, events);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      status: "notEnrolled",
      refused: [
        { index: 0, reason: expect.stringMatching(/^"pathway.enrolled" is reported by coord.*; "nurse" is none of/) },
        { index: 1, reason: "Nobody is enrolled: line 0 is refused." },
        { index: 2, reason: "Line 0 is no event recorded before this correction." },
      ],
    });
    const before = pathkeeper("pathways", "project", DOCUMENT, events, "--as-of", "2025-10-01");
    expect(JSON.parse(before.out)).toMatchObject({ status: "notEnrolled" });
  });

  it("takes a second enrolment where the first is refused, and no third", () => {
    const { recordedAt: _, ...enrolled } = ENROLLED;
    const events = file("again.ndjson", lines({ ...enrolled, by: "nurse" }, enrolled, enrolled));
    const { out } = pathkeeper("pathways", "project", DOCUMENT, events);
    const refused = [{ index: 0 }, { index: 2, reason: "The patient is enrolled already." }];
    expect(JSON.parse(out)).toMatchObject({ status: "active", refused });
  });

  it("refuses what lies before the enrolment, and says which line has dated it there", () => {
    const pain = { type: "pain.scored", data: { index: 2, redFlags: [] } };
    const events = file(
      "before.ndjson",
      lines(
        ENROLLED,
        { ...pain, occurredAt: "2025-10-26T10:00:00Z" },
        { ...pain, occurredAt: "2025-10-28T10:00:00Z" },
        { corrects: 2, occurredAt: "2025-10-25T10:00:00Z" },
        { corrects: 2, data: { index: 3, redFlags: [] } },
      ),
    );
    const { out } = pathkeeper("pathways", "project", DOCUMENT, events);
    const { refused, latest } = JSON.parse(out) as Record<string, unknown>;
    expect(refused).toEqual([
      { index: 1, reason: "It happened before the enrolment." },
      { index: 2, reason: "As line 3 dates it, it happened before the enrolment." },
    ]);
    expect(latest).not.toHaveProperty(["pain.scored"]);
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
    expect(err).toMatch(/^[^\n]+ See `pathkeeper pathways project --help`\.\n$/);
    const json = pathkeeper("pathways", "project", DOCUMENT, file("wrong.ndjson", text), "--json");
    expect(json).toMatchObject({ code: 2, err: "" });
    expect(JSON.parse(json.out)).toEqual({ error: err.trimEnd() });
  });

  it("says in its help what a line is", () => {
    const { code, out } = pathkeeper("pathways", "project", "--help");
    expect(code).toBe(0);
    for (const said of ["occurredAt", "recordedAt", "corrects", "counted from 0", "pathway.enrolled", "clinician2"]) {
      expect(out).toContain(said);
    }
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
    const stories = mkdtempSync(join(folder, "stories-"));
    writeFileSync(
      join(stories, "story.yaml"),
      'story: wrong\nevents: [{type: pathway.enrolled, occurredAt: "2026-01-05T09:00:00Z"}]\nexpect: [{asOf: "2026-01-06", state: {treatment: responding}}]\n',
    );
    const { code, out } = pathkeeper("pathways", "test", DOCUMENT, stories);
    expect(code).toBe(1);
    expect(out).toContain('story.yaml: As of 2026-01-06: treatment is in "awaitingRadiotherapy", not "responding".');
    expect(out).toContain("\n0 stories hold, 1 story does not.\n");
  });

  it("tells what is no YAML by its line and column", () => {
    const stories = mkdtempSync(join(folder, "stories-"));
    writeFileSync(join(stories, "story.yaml"), "story: x\nevents: [{a: 1]\n");
    const { code, out } = pathkeeper("pathways", "test", DOCUMENT, stories);
    expect(code).toBe(1);
    expect(out).toMatch(/^story\.yaml: 2:\d+: This is no YAML: [^\n]+\n0 stories hold, 1 story does not\.\n$/);
  });

  it.each([
    ["nowhere", "nowhere cannot be read: there is no such folder."],
    [DOCUMENT, `${DOCUMENT} cannot be read: it is no folder.`],
  ])("is wrong use without a folder of stories: %s", (path, sentence) => {
    expect(pathkeeper("pathways", "test", DOCUMENT, path)).toEqual({ code: 2, out: "", err: `${sentence}\n` });
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
    expect(pathkeeper("pathways").code).toBe(2);
    expect(pathkeeper("nonsense").code).toBe(2);
    expect(pathkeeper("--help")).toMatchObject({ code: 0 });
  });

  it("names the command to ask, also as JSON", () => {
    const told = "unknown command 'chek' (Did you mean check?). See `pathkeeper pathways --help`.";
    expect(pathkeeper("pathways", "chek")).toEqual({ code: 2, out: "", err: `error: ${told}\n` });
    const json = pathkeeper("pathways", "chek", "--json");
    expect(json).toMatchObject({ code: 2, err: "" });
    expect(JSON.parse(json.out)).toEqual({ error: told });
    expect(pathkeeper("pathways", "project").err).toContain("See `pathkeeper pathways project --help`.");
    const { err } = pathkeeper("pathways", "project", "one", "two", "three");
    expect(err).toMatch(/ but got 3\. See `pathkeeper pathways project --help`\.\n$/);
  });
});
