import { formatInstant, type Instant, type Pathway, type Role } from "../core/index.js";
import type { EnrolmentSnapshot, TaskSnapshot } from "../engine/index.js";
import { jsonOf, type JsonText } from "../http/index.js";
import { acceptedEvents } from "./accepted-events.js";
import type { EnrolmentAnswer } from "./enrolments.schemas.js";
import type { PatientAnswer } from "../patients/index.js";
import { contextOf, taskAnswer } from "../tasks/index.js";

/** What the answer shows of one enrolment, to somebody with these roles at its site; and what else it has to say. */
export function enrolmentAnswer(
  snapshot: EnrolmentSnapshot,
  pathway: Pathway,
  patient: PatientAnswer,
  roles: readonly Role[],
  beside: object,
): JsonText<EnrolmentAnswer> {
  const { projection } = snapshot;
  const types = projection.status === "notEnrolled" ? [] : projection.acceptedEvents;
  return jsonOf<EnrolmentAnswer, "acceptedEvents">(
    { ...shown(snapshot, patient), ...beside },
    { acceptedEvents: acceptedEvents(types, pathway, roles) },
  );
}

function shown(snapshot: EnrolmentSnapshot, patient: PatientAnswer): Omit<EnrolmentAnswer, "acceptedEvents"> {
  const { id, asOf, seq, projection } = snapshot;
  const fault = snapshot.fault && faultAnswer(snapshot.fault, asOf);
  const head = { id, pathway: snapshot.pathway, site: snapshot.site, patient, ...(fault && { fault }) };
  const tail = { projectedTo: formatInstant(asOf), seq };
  if (projection.status === "notEnrolled") {
    const nothing = { tasks: [], timers: [], derived: {}, setAside: [], latest: {}, flags: [] };
    return { ...head, status: "notEnrolled", ...tail, ...nothing };
  }
  const context = contextOf(snapshot, patient);
  return {
    ...head,
    status: projection.status,
    ...(projection.exitReason !== undefined && { exitReason: projection.exitReason }),
    state: projection.state,
    enrolledAt: formatInstant(projection.enrolledAt),
    ...tail,
    tasks: [...snapshot.tasks].sort(byUrgency).map((task) => taskAnswer(task, context)),
    timers: projection.timers.map(({ name, state, dueAt, status }) => ({
      name,
      state,
      dueAt: formatInstant(dueAt),
      status,
    })),
    derived: projection.derived,
    setAside: projection.setAside.map(({ occurredAt, ...event }) => ({
      ...event,
      occurredAt: formatInstant(occurredAt),
    })),
    latest: Object.fromEntries(
      Object.entries(projection.latest).map(([type, { occurredAt, data }]) => [
        type,
        { occurredAt: formatInstant(occurredAt), data },
      ]),
    ),
    flags: projection.flags.map(({ name, severity, text, holdsMessages }) => ({
      ...{ name, severity, text, ...(holdsMessages && { holdsMessages }) },
    })),
  };
}

/** Places name what stands in the document and nothing of the patient. */
function faultAnswer({ place }: { place: string }, asOf: Instant): EnrolmentAnswer["fault"] {
  const detail = `An expression of the pathway fails at ${place}, and the enrolment cannot go on past it: shown is what was on record at ${formatInstant(asOf)}, and nothing becomes due until the pathway is mended.`;
  return { place, detail };
}

/** As in the worklist: urgent first, then by due time. */
function byUrgency(one: TaskSnapshot, other: TaskSnapshot): number {
  const urgentFirst = Number(other.urgency === "urgent") - Number(one.urgency === "urgent");
  return urgentFirst || one.dueAt - other.dueAt || (one.key < other.key ? -1 : 1);
}
