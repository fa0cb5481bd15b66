import { createHash } from "node:crypto";
import { canonicalJson } from "../../core/index.js";
import type { StoredRecord, UnchainedRecord } from "./record-codec.js";

export interface ChainFault {
  seq: number;
  fault: string;
}

/** Stands before the first record. */
export const GENESIS: Buffer = Buffer.alloc(32);

/**
 * SHA-256 over the canonical JSON of what is stored, sealed parts as ciphertext, and the hash of the record before.
 * What is null is left out, so that a column added later breaks no chain. Everything in it survives the way into
 * PostgreSQL and back: instants are whole milliseconds, and a JSON number is the same double again.
 */
export function recordHash(enrolmentId: string, record: UnchainedRecord, previousHash: Buffer): Buffer {
  let text = "";
  for (const name of HASHED) {
    const value = valueOf(name, enrolmentId, record, previousHash);
    if (value !== null) text += `,"${name}":${textOf(name, value)}`;
  }
  return createHash("sha256")
    .update(`{${text.slice(1)}}`)
    .digest();
}

/** The members in the order of canonical JSON. */
const HASHED = [
  ...([
    "because",
    "by",
    "corrects",
    "cut",
    "data",
    "detail",
    "enrolmentId",
    "kind",
    "occurredAt",
    "performer",
  ] as const),
  ...(["previousHash", "recordedAt", "role", "sealed", "seq", "source", "stateAfter", "stateBefore", "type"] as const),
];

function valueOf(
  name: (typeof HASHED)[number],
  enrolmentId: string,
  record: UnchainedRecord,
  previousHash: Buffer,
): unknown {
  if (name === "enrolmentId") return enrolmentId;
  if (name === "previousHash") return previousHash.toString("base64");
  if (name === "sealed") return record.sealed && record.sealed.toString("base64");
  return record[name];
}

const stateTexts = new WeakMap<object, string>();

/** Enrolments in the same state share its value, which never changes: it is written out once. */
function textOf(name: (typeof HASHED)[number], value: unknown): string {
  if ((name !== "stateAfter" && name !== "stateBefore") || typeof value !== "object") return canonicalJson(value);
  let text = stateTexts.get(value!);
  if (text === undefined) stateTexts.set(value!, (text = canonicalJson(value)));
  return text;
}

/** Goes along one enrolment's chain, record by record in order of `seq`, and keeps what does not hold. */
export class ChainWalk {
  readonly faults: ChainFault[] = [];
  private seq = 0;
  private hash: Buffer = GENESIS;
  private recordedAt = -Infinity;

  constructor(readonly enrolmentId: string) {}

  take(record: StoredRecord): void {
    const expected = this.seq + 1;
    if (record.seq !== expected) {
      const gap =
        record.seq === expected + 1 ? `record ${expected} is` : `records ${expected} to ${record.seq - 1} are`;
      this.fault(expected, `${gap} missing`);
    } else if (!record.previousHash.equals(this.hash)) {
      this.fault(record.seq, "it does not carry the hash of the record before it");
    }
    if (!recordHash(this.enrolmentId, record, record.previousHash).equals(record.hash)) {
      this.fault(record.seq, "its content does not fit its hash");
    }
    if (record.recordedAt < this.recordedAt) this.fault(record.seq, "it was recorded before the record before it");
    this.seq = record.seq;
    this.hash = record.hash;
    this.recordedAt = record.recordedAt;
  }

  /** `head`: what the enrolment's row says of its newest record; null where there is no such row. */
  end(head: { seq: number; lastHash: Buffer } | null): ChainFault[] {
    if (head === null) this.fault(this.seq, "the enrolment of this history is missing");
    else if (head.seq > this.seq) this.fault(this.seq + 1, `the history ends here, and the enrolment says ${head.seq}`);
    else if (head.seq < this.seq) this.fault(head.seq + 1, `the enrolment says that its history ends at ${head.seq}`);
    else if (!head.lastHash.equals(this.hash))
      this.fault(this.seq, "the enrolment carries another hash than its newest record");
    return this.faults;
  }

  private fault(seq: number, fault: string): void {
    this.faults.push({ seq, fault });
  }
}
