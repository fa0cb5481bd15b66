import { Injectable } from "@nestjs/common";
import { contentHash, type PathwayDocument } from "../core/index.js";
import { StartError } from "../platform/start-error.js";
import { statementOf } from "../platform/statement.js";
import { PATHKEEPER, Reads } from "../reads/index.js";

const NAMED = 20;

interface Pinned {
  pathway_id: string;
  pathway_version: string;
  pathway_hash: string;
  hash: string | null;
  document: PathwayDocument | null;
  enrolments: string[];
  count: number;
}

const PINNED = statementOf(`
  select e.pathway_id, e.pathway_version, e.pathway_hash, v.hash, v.document, e.enrolments, e.count
  from (
    select pathway_id, pathway_version, pathway_hash,
      (array_agg(id::text order by id))[1:${NAMED}] as enrolments, count(*) as count
    from enrolment where status <> 'exited' group by 1, 2, 3
  ) e
  left join pathway_version v on v.id = e.pathway_id and v.version = e.pathway_version
  order by 1, 2`);

/** Nobody is followed by a pathway that is not the one they were enrolled on: the process does not start otherwise. */
@Injectable()
export class BootCheck {
  constructor(private readonly reads: Reads) {}

  /** Throws the sentence that says which enrolments are without their version. */
  async run(): Promise<void> {
    const pinned = await this.reads.by(PATHKEEPER, "pathway").rows<Pinned>(PINNED, []);
    const faults = pinned.map(fault).filter((sentence) => sentence !== undefined);
    if (faults.length) throw new StartError(faults.join("\n"));
  }
}

function fault(pin: Pinned): string | undefined {
  const name = `${pin.pathway_id}@${pin.pathway_version}`;
  if (!pin.document) return `The pathway ${name} is missing, and ${followers(pin)}. Restore it before the start.`;
  const isSame = pin.hash === pin.pathway_hash && contentHash(pin.document) === pin.pathway_hash;
  if (isSame) return undefined;
  return `The pathway ${name} is not the one that was published (${pin.pathway_hash}), and ${followers(pin)}. Restore it before the start.`;
}

function followers({ enrolments, count }: Pinned): string {
  const more = count > enrolments.length ? ` and ${count - enrolments.length} more` : "";
  return `${count === 1 ? "this enrolment lives" : "these enrolments live"} on it: ${enrolments.join(", ")}${more}`;
}
