import type { Command } from "./model/commands.js";

/** Places of the commands in rounds, in their order, so that no round names an enrolment twice. */
export function inRounds(commands: readonly Command[]): number[][] {
  const rounds: number[][] = [];
  const named = new Map<string, number>();
  commands.forEach((command, place) => {
    const round = command.kind === "enrol" ? 0 : (named.get(command.enrolmentId) ?? 0);
    if (command.kind !== "enrol") named.set(command.enrolmentId, round + 1);
    (rounds[round] ??= []).push(place);
  });
  return rounds;
}
