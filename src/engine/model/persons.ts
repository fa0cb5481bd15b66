/**
 * Which records are of one person: a function of what has been said and not unsaid. One record's name stands for the
 * person; it is the head.
 */

/** Somebody said that the record `patientId` is of the same person as `sameAs`: as the `nth` about them. */
export interface Link {
  patientId: string;
  sameAs: string;
  nth: number;
}

/** The head of each record's person: with each link, the second record's head becomes that of both. */
export function headsOf(patients: readonly string[], links: readonly Link[]): Map<string, string> {
  const heads = new Map(patients.map((id) => [id, id]));
  for (const { patientId, sameAs } of [...links].sort((a, b) => a.nth - b.nth)) {
    const [from, to] = [heads.get(patientId)!, heads.get(sameAs)!];
    for (const [id, head] of heads) if (head === from) heads.set(id, to);
  }
  return heads;
}

/** What DELETE takes back: what was said of the record itself, else what was said of others about it. */
export function linksOf(patientId: string, links: readonly Link[]): Link[] {
  const own = links.filter((link) => link.patientId === patientId);
  return own.length > 0 ? own : links.filter(({ sameAs }) => sameAs === patientId);
}
