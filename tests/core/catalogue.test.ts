import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import {
  type Catalogue,
  checkCatalogue,
  contentHash,
  fillTemplate,
  formatFault,
  missingIn,
  parseCatalogue,
  parseDocument,
  type PathwayDocument,
  wordedBy,
} from "../../src/core/index.js";
import { sample } from "./document-sample.js";

const FOLDER = new URL("../../pathways/neoplastic-lumbosacral-plexopathy/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, FOLDER), "utf8");
const published = (version: string): PathwayDocument => parseDocument(read(`${version}.yaml`)).document!;
const words = (text: string): Catalogue => parseCatalogue(text).catalogue!;

describe("The catalogues of the pathway", () => {
  it.each([
    ["1.0.0", "en"],
    ["1.0.0", "de"],
    ["1.1.0", "en"],
    ["1.1.0", "de"],
  ])("%s in %s has no fault and lacks no word", (version, language) => {
    const { catalogue, faults, locate } = parseCatalogue(read(`${version}.${language}.yaml`));
    expect(faults).toEqual([]);
    expect(checkCatalogue(published(version), catalogue!, locate)).toEqual([]);
    expect(missingIn(published(version), catalogue!)).toEqual([]);
    expect(wordedBy(published(version), language, [catalogue!]).instead).toEqual([]);
  });

  it("are all that lie there", () => {
    const catalogues = readdirSync(FOLDER).filter((name) => /\.[a-z]{2}\.yaml$/.test(name));
    expect(catalogues).toEqual(["1.0.0.de.yaml", "1.0.0.en.yaml", "1.1.0.de.yaml", "1.1.0.en.yaml"]);
  });

  it("say the same in both languages: help, words for mail, and what is plotted", () => {
    const shape = (value: unknown): unknown =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]))
        : typeof value;
    for (const version of ["1.0.0", "1.1.0"]) {
      const [english, german] = ["en", "de"].map((language) => words(read(`${version}.${language}.yaml`)));
      expect(shape(german)).toEqual(shape(english));
      expect(german!.plots!.doses!["volumes"]!.values).toEqual(english!.plots!.doses!["volumes"]!.values);
    }
  });

  it("word mail about whatever names a procedure or a sign of disease in other words", () => {
    for (const language of ["en", "de"]) {
      const { states = {} } = words(read(`1.1.0.${language}.yaml`));
      const inMail = Object.values(states).flatMap(({ task, mail }) => mail ?? task ?? []);
      const telling =
        /block|neurolys|opera|radiotherap|strahlen|relapse|rückfall|died|verstorb|\bcord\b|rückenmark|plexus/i;
      expect(inMail.filter((text) => telling.test(text))).toEqual([]);
    }
  });

  it("lie outside the hash of their document", () => {
    const { document } = parseDocument(read("1.1.0.yaml"));
    expect(Object.keys(document!)).not.toContain("messages");
    expect(contentHash(document)).toBe(contentHash(published("1.1.0")));
  });
});

const HEAD = "pathway: leg-ulcer\nversion: 1.0.0\nlanguage: de\n";

describe("A catalogue is refused in one sentence, with its line", () => {
  const SAMPLE = sample();
  // The example's review reminds by the usual template.
  const told = (text: string): string[] => {
    const { catalogue, faults, locate } = parseCatalogue(HEAD + text);
    return (catalogue ? checkCatalogue(SAMPLE, catalogue, locate) : faults).map((fault) =>
      formatFault(fault, "de.yaml"),
    );
  };

  it.each<[string, string]>([
    [
      "states: { care.revue: { title: Kontrolle } }",
      "4:11: The catalogue has words for the unknown state `care.revue`: perhaps `care.review` is meant.",
    ],
    [
      "states: { care.dressing: { task: Verbinden } }",
      "4:28: The state `care.dressing` has no task: leave `task` out.",
    ],
    [
      "events: { wound.dresed: { title: Verbunden } }",
      "4:11: The catalogue has words for the unknown event `wound.dresed`: perhaps `wound.dressed` is meant.",
    ],
    [
      "events: { wound.dressed: { fields: { aera: { title: Fläche } } } }",
      "4:38: The catalogue has words for the unknown field `aera`: perhaps `area` is meant.",
    ],
    [
      "fields: { outcome: { values: { wose: Schlechter } } }",
      "4:32: The catalogue has words for the unknown value `wose`: perhaps `worse` is meant.",
    ],
    [
      "flags: { growin: Wächst }",
      "4:10: The catalogue has words for the unknown flag `growin`: perhaps `growing` is meant.",
    ],
    [
      "redFlags: { feber: Fieber }",
      "4:13: The catalogue has words for the unknown red flag `feber`: perhaps `fever` is meant.",
    ],
    [
      "messages: { remind: { subject: a, body: b } }",
      "4:13: The catalogue has words for the unknown message `remind`: perhaps `reminder` is meant.",
    ],
    [
      'messages: { reminder: { subject: "{taks}", body: b } }',
      "4:25: The subject of the message `reminder` asks for the unknown field `{taks}`; perhaps `task` is meant.",
    ],
    [
      'messages: { reminder: { subject: a, body: "Dear {name}" } }',
      "4:37: The body of the message `reminder` goes to staff and asks for `{name}`: mail to staff carries no name and no diagnosis; leave it out, and let `{link}` lead to it.",
    ],
    [
      'messages: { reminder: { subject: "{diagnosis}", body: b } }',
      "4:25: The subject of the message `reminder` goes to staff and asks for `{diagnosis}`: mail to staff carries no name and no diagnosis; leave it out, and let `{link}` lead to it.",
    ],
    [
      "messages: { reminder: { subject: a, body: About a leg ulcer } }",
      "4:37: The body of the message `reminder` names the pathway, which is a diagnosis; leave it out.",
    ],
    [
      'messages: { reminder: { subject: a, body: "{task" } }',
      "4:37: The body of the message `reminder` has a brace that stands for nothing; write `{field}`.",
    ],
    [
      "plots: { series: { size: { title: Größe, values: [{ event: wound.dressed, field: aera }] } } }",
      "4:75: The catalogue plots the unknown field `aera`: perhaps `area` is meant.",
    ],
    [
      "plots: { adherence: { review: { title: Kontrolle, state: care.dressing } } }",
      "4:51: The catalogue plots the unknown state with a task `care.dressing`: known are `care.review` and `safety.urgent`.",
    ],
    ["sates: {}", "4:1: The document has an unknown field `sates`: leave it out; perhaps `states` is meant."],
  ])("%s", (text, sentence) => {
    expect(told(text)).toEqual([`de.yaml:${sentence}`]);
  });

  it("where it belongs to another version", () => {
    const other = words(HEAD.replace("1.0.0", "1.0.1"));
    expect(checkCatalogue(SAMPLE, other).map(({ message }) => message)).toEqual([
      "The catalogue is for leg-ulcer@1.0.1, not for leg-ulcer@1.0.0: put it beside its document, or mend its pathway and version.",
    ]);
  });

  it("and words to a patient may ask for nothing of staff's", () => {
    const { document } = parseDocument(read("1.1.0.yaml"));
    const catalogue = words(read("1.1.0.en.yaml"));
    catalogue.messages!["reviewSoon"]!.body = "{task} is due {due}";
    expect(checkCatalogue(document!, catalogue).map(({ message }) => message)).toEqual([
      "The body of the message `reviewSoon` asks for the unknown field `{task}`; known are `name`, `clinic` and `redFlags`.",
      "The body of the message `reviewSoon` asks for the unknown field `{due}`; known are `name`, `clinic` and `redFlags`.",
    ]);
  });
});

describe("What is missing", () => {
  const german = words(`${HEAD}fields: { area: { title: Fläche } }
states: { care.review: { title: Kontrolle } }
messages: { escalation: { subject: Offen, body: "{link}" } }`);
  const english = words(`${HEAD.replace("de", "en")}states: { care.review: { title: Review, task: Look, mail: See } }
fields: { redFlags: { values: { fever: A fever } } }
messages: { reminder: { subject: Due, body: "{task}" } }
plots: { series: { size: { title: Size, values: [{ event: wound.dressed, field: area }] } } }`);

  it("is told word by word, with what is read instead", () => {
    const missing = missingIn(sample(), german);
    expect(missing).toContain(
      '`states / safety.urgent / title` has no word in `de`: where English has none either, "Urgent" is read.',
    );
    expect(missing).toContain(
      '`states / safety.urgent / task` has no word in `de`: where English has none either, "Urgent: infection?" is read.',
    );
    expect(missing).toContain(
      "`messages / reminder / subject` has no word in `de`: where English has none either, it is not sent.",
    );
    expect(missing.join("\n")).not.toContain("`events / wound.dressed / fields / area / title`");
  });

  it("is read in English, then in the document's words, then as the key, split; the answer says so", () => {
    const { words: read, instead } = wordedBy(sample(), "de", [german, english]);
    expect(read.states!["care.review"]).toEqual({ title: "Kontrolle", task: "Look", mail: "See" });
    expect(read.events!["wound.dressed"]!.fields!["area"]).toEqual({ title: "Fläche" });
    const { redFlags } = read.events!["wound.dressed"]!.fields!;
    expect(redFlags).toEqual({
      title: "Red flags",
      values: { fever: "A fever", spreadingRedness: "Spreading redness" },
    });
    expect(read.events!["wound.dressed"]!.fields!["dose.unit"]!.values).toEqual({ cGy: "cGy", Gy: "Gy" });
    expect(Object.keys(read.messages!)).toEqual(["reminder", "escalation"]);
    expect(read.plots!.series!["size"]!.title).toBe("Size");
    const from = Object.fromEntries(instead.map(({ word, from: language }) => [word, language]));
    expect(from["states / care.review / title"]).toBeUndefined();
    expect(from["states / care.review / task"]).toBe("en");
    expect(from["events / wound.dressed / title"]).toBe("document");
    expect(from["states / safety.urgent / title"]).toBe("key");
  });

  it("is a message that nobody words: then it is not there", () => {
    const { words: read, instead } = wordedBy(sample(), "de", [german]);
    expect(Object.keys(read.messages!)).toEqual(["escalation"]);
    expect(instead).toContainEqual({ word: "messages / reminder / subject", from: "nothing" });
  });
});

describe("A template is filled in", () => {
  const template = { subject: "Due: {task}", body: "Dear {name},\nlook:\n\n{signs}\n\nOr {signs}.\n\n{link}\n" };
  const values = {
    ...{ task: "A & B\r\nBcc: x", name: "<b>Ada</b> $&", link: "https://here.example/?a=1&b='2'" },
    signs: ["one", "<two>"],
  };

  it("as plain text and as HTML, in which no value is a tag", () => {
    expect(fillTemplate(template, "en", values)).toEqual({
      subject: "Due: A & B Bcc: x",
      text: "Dear <b>Ada</b> $&,\nlook:\n\n- one\n- <two>\n\nOr one, <two>.\n\nhttps://here.example/?a=1&b='2'\n",
      html:
        '<!doctype html>\n<html lang="en">\n<body>\n<p>Dear &lt;b&gt;Ada&lt;/b&gt; $&amp;,<br>\nlook:</p>\n' +
        "<ul>\n<li>one</li>\n<li>&lt;two&gt;</li>\n</ul>\n<p>Or one, &lt;two&gt;.</p>\n" +
        '<p><a href="https://here.example/?a=1&amp;b=&#39;2&#39;">https://here.example/?a=1&amp;b=&#39;2&#39;</a></p>\n' +
        "</body>\n</html>\n",
    });
  });

  it("or not at all", () => {
    expect(() => fillTemplate(template, "en", { ...values, name: undefined as never })).toThrow(
      'The message has no value for "name".',
    );
    const { name: _, ...without } = values;
    expect(() => fillTemplate(template, "en", without)).toThrow('The message has no value for "name".');
  });
});
