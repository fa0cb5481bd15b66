import type { Answer } from "../engine/index.js";
import { ProblemError } from "./problems.js";
import { problemOfRefusal } from "./refusals.js";

export type AnswerOf<Kind extends Answer["kind"]> = Extract<Answer, { kind: Kind }>;

/** The engine's answer of the kind that the command brings, or its refusal thrown. */
export function answerOf<Kind extends Answer["kind"]>(kind: Kind, answer: Answer): AnswerOf<Kind> {
  if (answer.kind === "refused") throw new ProblemError(problemOfRefusal(answer.refusal));
  if (answer.kind !== kind) throw new Error(`The engine answered "${answer.kind}" where "${kind}" was due.`);
  return answer as AnswerOf<Kind>;
}
