/**
 * Two records are of one person, or are so no longer. The histories stay as they are, under the keys that they were
 * sealed with; each of them tells what was said. What is known of the person by now, with all identifiers, stands in the
 * head's record, and goes back to whose it was when the records part.
 */
import type { Answer } from "../model/answer.js";
import type { Identifier, JoinPatients, PartPatient } from "../model/commands.js";
import type { PatientChange, PersonsWrite } from "../model/decision.js";
import type { LoadedEnrolment, LoadedPersons } from "../model/loaded.js";
import { headsOf, linksOf, type Link } from "../model/persons.js";
import type { Draft, PersonOnRecord } from "../model/records.js";
import { faultAt, type Refusal } from "../model/refusals.js";
import { answerOnly, refused, roleOf, type Decided } from "./decided.js";
import { ownerOf, type Joined } from "./identifiers.js";
import type { Situation } from "./situation.js";
import { asOther, tell } from "./tell.js";

type Heads = ReadonlyMap<string, string>;

export function decideJoinPatients(command: JoinPatients, situation: Situation): Decided {
  const { patientId, sameAs } = command;
  if (patientId === sameAs) return refused(faultAt("/patient", "same-patient"));
  const persons = situation.loaded.persons!;
  const refusal = objectionTo(command, persons, [patientId, sameAs]);
  if (refusal) return refused(refusal);
  const nth = 1 + Math.max(0, ...persons.links.map((link) => link.nth));
  const said = { patientId, sameAs, nth };
  const heads = headsNow(persons);
  if (heads.get(patientId) === heads.get(sameAs)) {
    return answerOnly(personsAnswer(personsNow(persons, patientId)));
  }
  const after = headsOf(idsOf(persons), [...persons.links, said]);
  const clash = bothActive(persons.enrolments, after);
  return clash ? refused(clash) : change(command, situation, after, { said: [said], unsaid: [] });
}

export function decidePartPatient(command: PartPatient, situation: Situation): Decided {
  const { patientId } = command;
  const persons = situation.loaded.persons!;
  const refusal = objectionTo(command, persons, [patientId]);
  if (refusal) return refused(refusal);
  const unsaid = linksOf(patientId, persons.links);
  if (unsaid.length === 0) return refused({ name: "not-found", what: "sameness" });
  const after = headsOf(
    idsOf(persons),
    persons.links.filter((link) => !unsaid.includes(link)),
  );
  return change(command, situation, after, { said: [], unsaid });
}

const idsOf = ({ patients }: LoadedPersons): string[] => patients.map(({ id }) => id);
const headsNow = (persons: LoadedPersons): Heads => headsOf(idsOf(persons), persons.links);

function objectionTo({ reason }: { reason: string }, persons: LoadedPersons, named: string[]): Refusal | undefined {
  if (reason.trim() === "") return faultAt("/reason", "sameness-without-reason");
  const ids = idsOf(persons);
  if (!named.every((id) => ids.includes(id))) return { name: "not-found", what: "patient" };
  if (persons.patients.some((patient) => !patient.reveal())) return { name: "not-found", what: "personalData" };
  return undefined;
}

/** Nobody is twice on one pathway: which of the two goes on is for people to say. */
function bothActive(enrolments: readonly LoadedEnrolment[], heads: Heads): Refusal | undefined {
  const active = new Map<string, string>();
  for (const { row } of enrolments) {
    if (row.status === "exited") continue;
    const place = JSON.stringify([heads.get(row.patientId), row.pathway.id]);
    const other = active.get(place);
    if (other) return { name: "both-active", pathwayId: row.pathway.id, enrolments: [other, row.id] };
    active.set(place, row.id);
  }
  return undefined;
}

function change(
  command: JoinPatients | PartPatient,
  situation: Situation,
  after: Heads,
  links: { said: Link[]; unsaid: Link[] },
): Decided {
  const { loaded } = situation;
  const persons = loaded.persons!;
  const { enrolments } = persons;
  const { actor, patientId, reason } = command;
  const now = Math.max(situation.now, ...enrolments.map(({ lastRecordedAt }) => lastRecordedAt));
  const told = tellPersons(persons, after, patientId);
  const [link] = [...links.said, ...links.unsaid];
  const draft: Draft = {
    ...{ kind: "patient", type: links.said.length > 0 ? "patient.joined" : "patient.parted" },
    ...{ by: actor.person, role: roleOf(actor) },
    data: { patient: link!.patientId, sameAs: link!.sameAs, persons: told },
    personal: { "/reason": reason },
  };
  const written = enrolments.map((enrolment) => {
    const row = { ...enrolment.row, personId: after.get(enrolment.row.patientId)! };
    return tell(enrolment, { ...situation, now }, draft, row);
  });
  const main = written.find(({ enrolment }) => enrolment.row.id === loaded.enrolment!.row.id)!;
  const also: PersonsWrite = {
    ...links,
    patients: changedPatients(persons, headsNow(persons), after),
    others: written.filter((each) => each !== main).map(asOther),
  };
  return { answer: personsAnswer(told), made: main, also };
}

/** `told`: that of the record that was named first. */
export function personsAnswer([first, ...others]: PersonOnRecord["data"]["persons"]): Answer & { kind: "persons" } {
  return { kind: "persons", ...first!, parted: others.flatMap(({ patients }) => patients) };
}

export function personsNow(persons: LoadedPersons, first: string): PersonOnRecord["data"]["persons"] {
  return tellPersons(persons, headsNow(persons), first);
}

/** Each person whom it concerns, with the records and enrolments; that of `first` comes first. */
function tellPersons({ enrolments }: LoadedPersons, heads: Heads, first: string): PersonOnRecord["data"]["persons"] {
  const firstHead = heads.get(first)!;
  const all = [firstHead, ...[...new Set(heads.values())].filter((head) => head !== firstHead)];
  return all.map((person) => ({
    person,
    patients: [...heads].filter(([, head]) => head === person).map(([id]) => id),
    enrolments: enrolments.filter(({ row }) => heads.get(row.patientId) === person).map(({ row }) => row.id),
  }));
}

/**
 * Each identifier goes to the person of the record whose it is. Whoever stands for a person lists those of all, and the
 * others their own.
 */
function changedPatients({ patients }: LoadedPersons, before: Heads, after: Heads): PatientChange[] {
  const known = new Map(patients.map((patient) => [patient.id, patient.reveal()!]));
  const own = new Map<string, Identifier[]>();
  const held = new Map<string, Identifier[]>();
  const give = (to: Map<string, Identifier[]>, id: string, identifier: Identifier): void => {
    to.set(id, [...(to.get(id) ?? []), identifier]);
  };
  // Whoever goes on standing for the person keeps their own before those of others.
  const inOrder = [...known].sort(([a], [b]) => Number(after.get(b) === b) - Number(after.get(a) === a));
  for (const [head, { identifiers }] of inOrder) {
    if (before.get(head) !== head) continue;
    const joined = [...known].filter(([id]) => id !== head && before.get(id) === head);
    const records = joined.map(([id, personal]): Joined => ({ id, personal }));
    for (const identifier of identifiers) {
      const owner = ownerOf(identifier, records)?.id ?? head;
      give(own, owner, identifier);
      give(held, after.get(owner)!, identifier);
    }
  }
  return patients.map(({ id }) => {
    const personId = after.get(id)!;
    const identifiers = (personId === id ? held : own).get(id) ?? [];
    return { id, isNew: false, personId, personal: { ...known.get(id)!, identifiers } };
  });
}
