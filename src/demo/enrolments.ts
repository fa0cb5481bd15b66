import { type Calendar, canonicalJson, type Instant, makeRule } from "../core/index.js";
import type { Actor, Enrol, Performer } from "../engine/index.js";
import type { Demonstration, ToldPatient, ToldTime } from "./told.js";

export interface Loading {
  /** Who enrols everybody. */
  actor: Actor;
  site: string;
  /** A user of the demonstration sign-in as known at the site. */
  performerOf(user: string): Performer;
  calendar: Calendar;
  now: Instant;
}

const IDENTIFIERS = "urn:pathkeeper:demo";

/** One command for each person, with everything that happened to them until now; what is made up is meant as it stands. */
export function enrolmentsOf({ pathway, version, patients }: Demonstration, loading: Loading): Enrol[] {
  const { actor, site, performerOf } = loading;
  return patients.map((patient) => ({
    kind: "enrol",
    ...{ actor, idempotency: keyOf(patient), pathway, version, site },
    occurredAt: instantOf(patient.enrolled, loading),
    events: patient.history.map((told) => {
      const { type, data, note, by } = told;
      const performer = by === actor.person ? undefined : performerOf(by);
      return { type, occurredAt: instantOf(told, loading), data, note, performer, confirm: true };
    }),
    confirm: true,
    patient: { ...patient.person, identifiers: [{ system: IDENTIFIERS, value: patient.id }] },
  }));
}

/** The request is the person and nothing else: at the next start other instants, or another tale, make nobody twice. */
function keyOf({ id }: ToldPatient): Enrol["idempotency"] {
  return { route: "demonstration", key: id, request: canonicalJson({ demonstration: id }) };
}

function instantOf({ ago, at }: ToldTime, { calendar, now }: Loading): Instant {
  return calendar.due(now, makeRule(ago.negated(), at, false));
}
