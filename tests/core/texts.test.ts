import { describe, expect, it } from "@jest/globals";
import {
  cleanName,
  doubledKeys,
  parseDocument,
  readJson,
  readStory,
  readUtf8,
  textFaults,
  visible,
} from "../../src/core/index.js";

const bytes = (...parts: (string | number)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.of(part))));

describe("Bytes are read as UTF-8", () => {
  it.each([
    ["a raw byte of Latin-1", bytes("one\nM", 0xfc, "ller"), 2, 2],
    ["one that would begin a sequence of three", bytes("na", 0xef, "ve"), 1, 3],
    ["a sequence that breaks off at the end", bytes("ä\n", 0xc3), 2, 1],
    ["a surrogate written in three bytes", bytes("x", 0xed, 0xa0, 0x80), 1, 2],
    ["an overlong form", bytes("x", 0xc0, 0x80), 1, 2],
    ["one after a replacement character, counted in bytes", bytes("\ufffd", 0xe9), 1, 4],
    ["one after a byte order mark", bytes("\ufeffé", 0xe9), 1, 6],
  ])("or the place is named: %s", (_, text, line, byte) => {
    const fault = `Byte ${byte} of line ${line} is not UTF-8: save and send the text as UTF-8.`;
    expect(readUtf8(text)).toEqual({ fault, line, byte });
  });

  it("without the byte order mark, and with replacement characters that were written", () => {
    expect(readUtf8(bytes("\ufeff{}"))).toEqual({ text: "{}" });
    expect(readUtf8(bytes("ä\ufffd𝄞"))).toEqual({ text: "ä\ufffd𝄞" });
    expect(readUtf8(bytes())).toEqual({ text: "" });
  });

  it.each([
    ["UTF-16", Buffer.from("\ufeff{}", "utf16le")],
    ["UTF-16", Buffer.from("\ufeff{}", "utf16le").swap16()],
    ["UTF-16", Buffer.from("{}", "utf16le")],
    ["UTF-16", Buffer.from("{}", "utf16le").swap16()],
    ["UTF-32", Buffer.of(0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0)],
  ])("and %s is named", (name, text) => {
    expect(readUtf8(text)).toEqual({ fault: `The text is ${name}: save and send it as UTF-8.` });
  });
});

describe("JSON says each thing once", () => {
  it.each([
    ['{"a":1,"b":2,"a":3,"a":4}', ["/a"]],
    ['{"a":{"b":[{"x":1},{"c":1,"c" : 2}]},"\\u0061":0}', ["/a/b/1/c", "/a"]],
    ['[[1,2],{"a/b~":1,"a/b~":1}]', ["/1/a~1b~0"]],
    ['{"__proto__":1,"__proto__":1}', ["/__proto__"]],
    ['{"":1,"":1}', ["/"]],
    ['{"a":"a","b":["a","a","\\"a\\":","{\\\\","a"],"c":{"a":1},"d":{"a":1}}', []],
    ['"a"', []],
  ])("%s", (text, pointers) => {
    expect(doubledKeys(text).map(({ pointer }) => pointer)).toEqual(pointers);
  });

  it("also in a text that is nested as deep as a body may be long", () => {
    expect(doubledKeys(`${'{"a":['.repeat(170_000)}${"]}".repeat(170_000)}`)).toEqual([]);
  });

  it("with the faults of its texts, and never with another prototype", () => {
    const { value, faults } = readJson('{"a":"\\ud800","b":{"c":["\\u0000"],"c":[]},"d":{"__proto__":{"e":1}}}');
    expect((value as { d: { e?: number } }).d.e).toBeUndefined();
    expect(faults.map(({ pointer }) => pointer)).toEqual(["/b/c", "/a", "/d"]);
    expect(() => readJson("{")).toThrow(SyntaxError);
  });
});

describe("What no record can hold", () => {
  it("is told with each place, in order", () => {
    const value = { a: ["x", "\0"], b: { "\ud800": 1 }, c: Infinity, d: "\ude00\ud83d", e: "😀" };
    expect(textFaults(value).map(({ pointer }) => pointer)).toEqual(["/a/1", "/b", "/c", "/d"]);
  });

  it("is told once where it is too deep", () => {
    let value: unknown = [];
    for (let depth = 0; depth < 100_000; depth += 1) value = [value];
    expect(textFaults(value)).toEqual([{ pointer: "/0".repeat(64), detail: "This is nested deeper than 64 levels." }]);
  });

  it("is told of in answers no longer than a body", () => {
    const value = { ["long".repeat(100_000)]: Array.from({ length: 10_000 }, () => "\0") };
    expect(JSON.stringify(textFaults(value)).length).toBeLessThan(3 * 1024 * 1024);
  });
});

describe("YAML", () => {
  it.each(["[", "{a: ", "- ", "? "])("that goes too deep is one fault, and no end of the process: %s", (level) => {
    const [fault, ...more] = parseDocument(`id: x\nb:\n ${level.repeat(100_000)}`).faults;
    expect(more).toEqual([]);
    expect(fault).toMatchObject({ message: "This is nested deeper than 64 levels: flatten it.", line: 3 });
    expect(() => readStory(level.repeat(100_000))).toThrow("1:");
  });

  it("is told what no record can hold, with its place", () => {
    const { faults } = parseDocument('id: x\ntitle: "\\0"\nparameters: {a: {note: "\\uD800"}}\n');
    expect(faults).toContainEqual(expect.objectContaining({ pointer: "/title", line: 2 }));
    expect(faults).toContainEqual(expect.objectContaining({ pointer: "/parameters/a/note", line: 3 }));
    expect(() => readStory('story: "\\0"')).toThrow("/story: ");
  });
});

describe("What nobody sees", () => {
  it.each(["\u200b", "\u200e", "\u2060", "\u00ad", "\ufeff", "\ufe0f", "\u{e0100}", "\u034f", "\u3164", "\u0007"])(
    "is no part of an identifier: %j",
    (character) => {
      expect(visible(` Q${character}1${character} `)).toBe("Q1");
    },
  );

  it("is in a name what controls, and what turns the direction of writing", () => {
    expect(cleanName("\u202e Anna\u0007\tMaria\u2066 ")).toBe("Anna Maria");
    expect(cleanName("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645")).toBe(
      "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    );
  });
});
