import type { NoticeDeclaration, PathwayDocument, RungDeclaration, TellingDeclaration } from "./document.js";
import { childPointer } from "./pointer.js";
import { StateTree, type StateNode } from "./tree.js";

/** A rung where it stands in a document. */
export type DeclaredRung = { pointer: string } & (
  | { kind: "reminder" | "escalation"; node: StateNode; urgent: boolean; declared: string | RungDeclaration }
  | { kind: "notice"; timer: string; declared: NoticeDeclaration }
);

/** Every rung of a document: those of tasks first, then those of timers. */
export function listRungs(document: PathwayDocument, tree = new StateTree(document)): DeclaredRung[] {
  const ofTasks = tree.nodes.flatMap((node): DeclaredRung[] => {
    const task = node.config.meta?.task;
    if (!task) return [];
    const rung =
      (kind: "reminder" | "escalation", field: string) => (declared: string | RungDeclaration, at: number) => {
        const pointer = `${node.pointer}/meta/task/${field}/${at}`;
        return { kind, node, urgent: task.urgency === "urgent", declared, pointer };
      };
    return [
      ...(task.reminders ?? []).map(rung("reminder", "reminders")),
      ...(task.escalation ?? []).map(rung("escalation", "escalation")),
    ];
  });
  const ofTimers = Object.entries(document.timers ?? {}).flatMap(([timer, { reminders = [] }]) =>
    reminders.map((declared, at): DeclaredRung => {
      return { kind: "notice", timer, declared, pointer: `${childPointer("/timers", timer)}/reminders/${at}` };
    }),
  );
  return [...ofTasks, ...ofTimers];
}

/** What a rung says of whom it tells, and how. */
export function tellingOf({ declared }: DeclaredRung): TellingDeclaration {
  return typeof declared === "string" ? {} : declared;
}

/** Whom a message is written to. */
export type Audience = "patient" | "staff";

/** The message that a rung sends, by name of its template. */
export function messageOf(rung: DeclaredRung): { name: string; audience: Audience } {
  const { message, to } = tellingOf(rung);
  const usual = rung.kind === "escalation" ? "escalation" : "reminder";
  return { name: message ?? usual, audience: to === "patient" ? "patient" : "staff" };
}

/** Every message that a document sends, by name of its template. */
export function messagesOf(document: PathwayDocument): Map<string, Audience> {
  return new Map(
    listRungs(document)
      .map(messageOf)
      .map(({ name, audience }) => [name, audience]),
  );
}
