import type { DataFault, Role } from "../core/index.js";
import { rolesAt, type StaffMember } from "../people/index.js";
import { type OnCall, shiftOf } from "./on-call.js";

/** People whom nobody knows, or who do not hold at the site the role for which they are to be on call; half hours. */
export function onCallFaults(site: string, onCall: OnCall, people: readonly StaffMember[]): DataFault[] {
  const known = new Map(people.map((person) => [person.id, person]));
  return Object.entries(onCall).flatMap(([role, named]) =>
    named.flatMap((one, index) => {
      const shift = shiftOf(one);
      const at = `/${role}/${index}`;
      const stranger = strangerFault(site, role as Role, shift.person, known);
      return [
        ...(stranger ? [{ pointer: typeof one === "string" ? at : `${at}/person`, detail: stranger }] : []),
        ...((shift.from === undefined) === (shift.to === undefined) ? [] : [{ pointer: at, detail: HALF }]),
      ];
    }),
  );
}

const HALF = "Give both `from` and `to`, or neither for the whole day.";

function strangerFault(
  site: string,
  role: Role,
  id: string,
  known: ReadonlyMap<string, StaffMember>,
): string | undefined {
  const person = known.get(id);
  if (!person) return "Nobody is known by this id.";
  return rolesAt(person, site).includes(role) ? undefined : `${id} does not hold the role ${role} at the site ${site}.`;
}
