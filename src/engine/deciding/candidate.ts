import type { EventRecord, Fact, Instant, JsonObject, Pathway, Role, When } from "../../core/index.js";
import type { Reported } from "../model/commands.js";
import { cleanSource } from "../model/identifiers.js";
import { cutPersonal } from "../model/personal.js";
import type { Draft } from "../model/records.js";

/** A reported event that broke no rule of its own, with its free texts cut out, ready to be tried at its place. */
export interface Candidate {
  type: string;
  /** As typed; the server's now where nothing was, or where it was a little ahead. */
  when: When;
  at: Instant;
  reporter: string;
  role: Role | null;
  performer: string | null;
  source: { system: string; id: string } | null;
  data: JsonObject;
  personal: JsonObject | null;
}

/** `beside` are texts of the request that are sealed with the event's own. */
export function makeCandidate(
  pathway: Pathway,
  { type, data, note, performer, source }: Reported,
  placed: Pick<Candidate, "when" | "at" | "reporter" | "role">,
  beside: Record<string, string | undefined> = {},
): Candidate {
  const cut = cutPersonal(pathway, type, data, { note, ...beside });
  return { type, ...placed, performer: performer?.person ?? null, source: source ? cleanSource(source) : null, ...cut };
}

/** Who did it, as guards see it: the performer where one is named. */
const doer = ({ performer, reporter }: Pick<Candidate, "performer" | "reporter">): string => performer ?? reporter;

export function factOf(candidate: Candidate, seq: number): Fact {
  const { type, at, data } = candidate;
  return { seq, dataSeq: seq, type, at, by: doer(candidate), data };
}

export function eventRecordOf(candidate: Candidate, seq: number, recordedAt: Instant): EventRecord {
  const { type, when, data } = candidate;
  return { kind: "event", seq, type, occurredAt: when, recordedAt, by: doer(candidate), data };
}

export type EventDraft = Extract<Draft, { kind: "event" }>;

export function eventDraft(
  candidate: Candidate,
  more: Pick<EventDraft, "stateBefore" | "stateAfter" | "detail">,
): EventDraft {
  const { type, when, reporter, role, performer, source, data, personal } = candidate;
  const { stateBefore, stateAfter, detail } = more;
  return {
    kind: "event",
    type,
    occurredAt: when,
    by: reporter,
    role,
    performer,
    source,
    data,
    personal,
    stateBefore,
    stateAfter,
    detail,
  };
}
