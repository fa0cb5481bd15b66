/** What is wrong with a person beside the others, each in one sentence. People are named by their ids alone. */
import { type DataFault, parseDate, type Role } from "../core/index.js";
import { type Absence, type Grant, rolesAt, type StaffMember } from "./person.js";

/** What `assignee` means beside an id, and who the process is in histories. */
const RESERVED = new Set(["me", "none", "pathkeeper"]);

/** `others`: everybody else. `before`: as the person was until now, if known. */
export function staffFaults(
  person: StaffMember,
  others: readonly StaffMember[],
  sites: ReadonlySet<string>,
  before?: StaffMember,
): DataFault[] {
  return [
    ...(RESERVED.has(person.id) ? [{ pointer: "/id", detail: `\`${person.id}\` is not to be had as an id.` }] : []),
    ...person.grants.flatMap(({ site }, index) =>
      site === "*" || sites.has(site) ? [] : [{ pointer: `/roles/${index}/site`, detail: "There is no such site." }],
    ),
    ...(before && isLastAdministrator(before, person, others) ? [{ pointer: "/roles", detail: LAST }] : []),
    ...(person.absent ? absenceFaults(person, person.absent, others) : []),
  ];
}

const LAST = "Somebody has to be an administrator: give the role to another person first.";

/** Nobody could give it back to anybody. */
function isLastAdministrator(before: StaffMember, after: StaffMember, others: readonly StaffMember[]): boolean {
  const isOne = ({ grants }: StaffMember): boolean => grants.some(({ role }) => role === "admin");
  return isOne(before) && ![after, ...others].some(isOne);
}

function absenceFaults(person: StaffMember, absent: Absence, others: readonly StaffMember[]): DataFault[] {
  const days = (["from", "to"] as const).flatMap((name) =>
    parseDate(absent[name]) === undefined
      ? [{ pointer: `/absent/${name}`, detail: "No such day; write it like 2026-12-25." }]
      : [],
  );
  if (days.length > 0) return days;
  if (absent.to < absent.from) return [{ pointer: "/absent/to", detail: "The absence would end before it begins." }];
  const detail = deputyFault(person, absent, others) ?? standInFault(person, absent, others);
  return detail === undefined ? [] : [{ pointer: "/absent/deputy", detail }];
}

function deputyFault(person: StaffMember, absent: Absence, others: readonly StaffMember[]): string | undefined {
  const deputy = others.find(({ id }) => id === absent.deputy);
  if (absent.deputy === person.id) return "Nobody is their own deputy.";
  if (!deputy) return "Nobody is known by this id.";
  const circle = circleFrom(person, absent, others);
  if (circle)
    return `These would stand in for each other in a circle: ${circle.join(", ")}. Name somebody who is there.`;
  if (deputy.absent && overlap(deputy.absent, absent)) {
    return `${deputy.id} is absent too, from ${told(deputy.absent)}: name a deputy who is there.`;
  }
  const lacking = person.grants.find((grant) => !covers(deputy, grant));
  if (!lacking) return undefined;
  const place = lacking.site === "*" ? "every site" : `the site ${lacking.site}`;
  return `${deputy.id} does not hold the role ${lacking.role} at ${place}, and cannot stand in for ${person.id}.`;
}

/** Whoever is somebody's deputy has to be there. */
function standInFault(person: StaffMember, absent: Absence, others: readonly StaffMember[]): string | undefined {
  const other = others.find((one) => one.absent?.deputy === person.id && overlap(one.absent, absent));
  if (!other) return undefined;
  return `${person.id} stands in for ${other.id} from ${told(other.absent!)}: give ${other.id} another deputy first.`;
}

/** Who stands in for whom while the person is absent, where that leads back to the person. */
function circleFrom({ id }: StaffMember, absent: Absence, others: readonly StaffMember[]): string[] | undefined {
  const path = [id];
  for (let next: string | undefined = absent.deputy; next !== undefined;) {
    path.push(next);
    if (next === id) return path;
    const one: StaffMember | undefined = others.find((other) => other.id === next);
    next =
      one?.absent && overlap(one.absent, absent) && path.length <= others.length + 1 ? one.absent.deputy : undefined;
  }
  return undefined;
}

/** What a lead may do as well. */
const CARE: ReadonlySet<Role> = new Set(["coordinator", "clinician"]);

function covers(deputy: StaffMember, { role, site }: Grant): boolean {
  const held = rolesAt(deputy, site);
  return held.includes(role) || (CARE.has(role) && held.includes("lead"));
}

const overlap = (one: Absence, other: Absence): boolean => one.from <= other.to && other.from <= one.to;
const told = ({ from, to }: Absence): string => `${from} to ${to}`;
