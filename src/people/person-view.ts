import type { NewPerson, PersonAnswer, PersonChanges } from "./people.schemas.js";
import { type StaffMember, TOLD_BY_EMAIL } from "./person.js";

export function newStaff(body: NewPerson, id: string): StaffMember {
  const { name, email, phone = null, language = "en", roles, absent = null, told, digest = true } = body;
  return {
    ...{ id, name, grants: roles, email: email.toLowerCase(), phone, language, absent, digest },
    told: { ...TOLD_BY_EMAIL, ...told },
  };
}

export function changedStaff(person: StaffMember, { roles, email, told, ...changes }: PersonChanges): StaffMember {
  return {
    ...{ ...person, ...changes },
    ...(roles && { grants: roles }),
    ...(email !== undefined && { email: email.toLowerCase() }),
    told: { ...person.told, ...told },
  };
}

export function personAnswer({ grants, phone, absent, ...person }: StaffMember): PersonAnswer {
  const { id, name, email, language, told, digest } = person;
  return {
    ...{ id, name, email, language, roles: [...grants], told, digest },
    ...(phone !== null && { phone }),
    ...(absent && { absent }),
  };
}
