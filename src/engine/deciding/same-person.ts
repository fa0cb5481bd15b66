/**
 * Two records are of one person, or are so no longer. The histories stay as they are, under the keys that they were
 * sealed with; each of them tells what was said. What is known of the person by now, with all identifiers, stands in the
 * head's record, and goes back to whose it was when the records part.
 */
import { warningsOf } from "../../core/index.js";
import type { Identifier, JoinPatients, PartPatient, PatientInput } from "../model/commands.js";
import type { PatientChange, PersonsWrite } from "../model/decision.js";
import type { LoadedEnrolment, LoadedPersons } from "../model/loaded.js";
import { identifierText } from "../model/identifiers.js";
import { headsOf, linksOf, type Link } from "../model/persons.js";
import type { PersonOnRecord } from "../model/records.js";
import { faultAt, type Refusal } from "../model/refusals.js";
import { newestPin } from "../model/rules.js";
import { openChart } from "./chart.js";
import { answerOnly, openLedger, refused, roleOf, type Decided } from "./decided.js";
import type { Situation } from "./situation.js";

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
    return answerOnly({ kind: "persons", ...personsNow(persons, patientId)[0]! });
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
  const { loaded, rulesOf } = situation;
  const persons = loaded.persons!;
  const { enrolments } = persons;
  const { actor, patientId, reason } = command;
  const now = Math.max(situation.now, ...enrolments.map(({ lastRecordedAt }) => lastRecordedAt));
  const told = tellPersons(persons, after, patientId);
  const [link] = [...links.said, ...links.unsaid];
  const data: PersonOnRecord["data"] = { patient: link!.patientId, sameAs: link!.sameAs, persons: told };
  const written = enrolments.map((enrolment) => {
    const chart = openChart(enrolment, { ...rulesOf(newestPin(enrolment)), now });
    const row = { ...enrolment.row, personId: after.get(enrolment.row.patientId)! };
    const ledger = openLedger({ ...chart, enrolment: { ...enrolment, row } });
    const type = links.said.length > 0 ? "patient.joined" : "patient.parted";
    const personal = { "/reason": reason };
    const { seq } = ledger.append({ kind: "patient", type, by: actor.person, role: roleOf(actor), data, personal });
    const { standing } = chart;
    const warnings = row.warnings ?? warningsOf(chart.pathway, chart.calendar, standing);
    return { enrolment, ledger, standing, warnings, recordSeq: seq, projectedTo: row.projectedTo };
  });
  const main = written.find(({ enrolment }) => enrolment.row.id === loaded.enrolment!.row.id)!;
  const others = written.filter((each) => each !== main);
  const also: PersonsWrite = {
    ...links,
    patients: changedPatients(persons, headsNow(persons), after),
    others: others.map(({ enrolment, ledger, standing, warnings, projectedTo }) => ({
      enrolment,
      write: { ...ledger.write(standing, warnings, projectedTo), idempotency: null, position: null },
      committed: ledger.committed(),
    })),
  };
  return { answer: { kind: "persons", ...told[0]! }, made: main, also };
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

/** Each identifier goes to the person of the record that it came with. */
function changedPatients({ patients }: LoadedPersons, before: Heads, after: Heads): PatientChange[] {
  const known = new Map(patients.map((patient) => [patient.id, patient.reveal()!]));
  const held = new Map<string, Identifier[]>();
  // Whoever goes on standing for the person keeps their own before those of others.
  const inOrder = [...known].sort(([a], [b]) => Number(after.get(b) === b) - Number(after.get(a) === a));
  for (const [head, { identifiers }] of inOrder) {
    if (before.get(head) !== head) continue;
    const members = [...known].filter(([id]) => id !== head && before.get(id) === head);
    for (const identifier of identifiers) {
      const owner = ownerOf(identifier, members, (id) => after.get(id) !== after.get(head)) ?? head;
      const person = after.get(owner)!;
      held.set(person, [...(held.get(person) ?? []), identifier]);
    }
  }
  return patients.map(({ id }) => {
    const personId = after.get(id)!;
    const own = known.get(id)!;
    const personal: PatientInput = personId === id ? { ...own, identifiers: held.get(id) ?? [] } : own;
    return { id, isNew: false, personId, personal };
  });
}

/** Of the members who leave: a record that others were joined to lists theirs as well, so the shortest list tells. */
function ownerOf(
  identifier: Identifier,
  members: readonly [string, PatientInput][],
  leaves: (id: string) => boolean,
): string | undefined {
  const text = identifierText(identifier);
  const lists = members.filter(([id, { identifiers }]) => {
    return leaves(id) && identifiers.some((each) => identifierText(each) === text);
  });
  return lists.sort(([, a], [, b]) => a.identifiers.length - b.identifiers.length)[0]?.[0];
}
