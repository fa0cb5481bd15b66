import type { Audience } from "../document/rungs.js";
import { meant } from "../document/fault.js";
import type { Template } from "./catalogue.js";

/** What a template may ask for, by whom it is written to. A patient reads no result, no diagnosis and no drug. */
export const MESSAGE_FIELDS: Readonly<Record<Audience, readonly string[]>> = {
  staff: ["task", "due", "late", "site", "link"],
  patient: ["name", "clinic", "redFlags"],
};

/** What mail to staff never says: it passes through hands that need not know. */
const NEVER_TO_STAFF = [
  ...["name", "familyName", "givenName", "patient", "birthDate", "identifier", "identifiers", "phone", "email"],
  ...["diagnosis", "pathway", "redFlags"],
];

/** Values to fill in: a text, or a list of them. */
export type MessageValues = Record<string, string | readonly string[]>;

const FIELD = /\{([^{}]*)\}/g;

/** What is wrong with a text of a template, one sentence each without its end. */
export function templateProblems(text: string, audience: Audience): string[] {
  const fields = new Set([...text.matchAll(FIELD)].map(([, name]) => name!));
  const problems = [...fields].flatMap((name) => fieldProblem(name, audience) ?? []);
  if (/[{}]/.test(text.replaceAll(FIELD, ""))) problems.push("has a brace that stands for nothing; write `{field}`");
  return problems;
}

function fieldProblem(name: string, audience: Audience): string | undefined {
  const known = MESSAGE_FIELDS[audience];
  if (known.includes(name)) return undefined;
  if (audience === "staff" && NEVER_TO_STAFF.includes(name)) {
    return `goes to staff and asks for \`{${name}}\`: mail to staff carries no name and no diagnosis; leave it out, and let \`{link}\` lead to it`;
  }
  return `asks for the unknown field \`{${name}}\`; ${meant(name, known, "field")}`;
}

/** A message ready to be sent. */
export interface WordedMessage {
  subject: string;
  text: string;
  html: string;
}

/** Fills a template in. Throws where a field has no value: half a sentence helps nobody. */
export function fillTemplate({ subject, body }: Template, language: string, values: MessageValues): WordedMessage {
  const valueOf = (name: string): string | readonly string[] => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`The message has no value for "${name}".`);
    return value;
  };
  const filled = (text: string, write: (value: string) => string): string =>
    text.replaceAll(FIELD, (_, name: string) => [valueOf(name)].flat().map(write).join(", "));
  const paragraphs = body.trim().split(/\n{2,}/);
  const listIn = (paragraph: string): readonly string[] | undefined => {
    const name = /^\{([^{}]*)\}$/.exec(paragraph.trim())?.[1];
    const value = name === undefined ? undefined : valueOf(name);
    return typeof value === "string" ? undefined : value;
  };
  const plain = paragraphs.map((paragraph) => {
    const list = listIn(paragraph);
    return list ? list.map((item) => `- ${item}`).join("\n") : filled(paragraph, (value) => value);
  });
  const marked = paragraphs.map((paragraph) => {
    const list = listIn(paragraph);
    if (list) return `<ul>\n${list.map((item) => `<li>${escaped(item)}</li>`).join("\n")}\n</ul>`;
    return `<p>${filled(escaped(paragraph), htmlOf).replaceAll("\n", "<br>\n")}</p>`;
  });
  return {
    // A line break would begin another header.
    subject: filled(subject, (value) => value).replaceAll(/\s+/g, " "),
    text: `${plain.join("\n\n")}\n`,
    html: `<!doctype html>\n<html lang="${language}">\n<body>\n${marked.join("\n")}\n</body>\n</html>\n`,
  };
}

function htmlOf(value: string): string {
  const text = escaped(value);
  return /^https?:\/\/\S+$/.test(value) ? `<a href="${text}">${text}</a>` : text;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter]!);
}
