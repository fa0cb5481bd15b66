import type { PlainDate } from "../../core/index.js";
import type { PatientInput } from "../model/commands.js";
import type { DataFault } from "../model/refusals.js";
import { earliestBirth } from "./times.js";

type Person = Pick<PatientInput, "familyName" | "givenName" | "birthDate" | "birthDateUnknown">;

/** Everything that is wrong with who somebody is said to be. `at`: pointer of the person in the request. */
export function patientFaults(person: Person, today: PlainDate, at: string): DataFault[] {
  const { familyName, givenName, birthDate, birthDateUnknown = false } = person;
  const faults: DataFault[] = [];
  if (familyName === undefined && givenName === undefined)
    faults.push({ pointer: `${at}/familyName`, code: "no-name" });
  const pointer = `${at}/birthDate`;
  if (birthDate === undefined) {
    if (!birthDateUnknown) faults.push({ pointer, code: "no-birth-date" });
    return faults;
  }
  if (birthDateUnknown) faults.push({ pointer: `${at}/birthDateUnknown`, code: "birth-date-and-unknown" });
  const birth = earliestBirth(birthDate);
  if (!birth) faults.push({ pointer, code: "unreadable-birth-date" });
  else if (birth > today) faults.push({ pointer, code: "future-birth-date" });
  return faults;
}
