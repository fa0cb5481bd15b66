import type { Pathway } from "../../core/index.js";
import type { Command, Enrol } from "../model/commands.js";
import type { EnrolmentRow } from "../model/loaded.js";
import type { Pathways } from "../ports.js";

interface Version {
  id: string;
  version: string;
}

/** Thrown under the lock where a version was not at hand; it is fetched outside, since fetching may need a connection. */
export class MissingPathways extends Error {
  constructor(readonly missing: Version) {
    super(`${missing.id}@${missing.version} is to be fetched first.`);
  }
}

const nameOf = ({ id, version }: Version): string => `${id}@${version}`;

/** The versions that enrolments are pinned to, at hand without waiting. */
export class PinnedPathways {
  private readonly atHand = new Map<string, Pathway | null>();
  private readonly choices = new WeakMap<Enrol, Version>();

  constructor(private readonly pathways: Pathways) {}

  /** Chooses the version for those who enrol, before any lock is taken. */
  async prepare(commands: readonly Command[]): Promise<void> {
    for (const command of commands) {
      if (command.kind !== "enrol") continue;
      const version = command.version ?? (await this.pathways.newest(command.pathway))?.version;
      if (version === undefined) continue;
      const choice = { id: command.pathway, version };
      this.choices.set(command, choice);
      if (!this.atHand.get(nameOf(choice))) await this.fetch(choice);
    }
  }

  async fetch(version: Version): Promise<void> {
    this.atHand.set(nameOf(version), (await this.pathways.pathway(version.id, version.version)) ?? null);
  }

  /** The version for a new enrolment; null where it is not published. */
  chosen(command: Enrol): Pathway | null {
    const choice = this.choices.get(command);
    return (choice && this.atHand.get(nameOf(choice))) ?? null;
  }

  /** The version that rules an enrolment: content that differs from what was pinned is a fault. */
  ruling({ id, pathway: pin }: EnrolmentRow): Pathway {
    const pathway = this.atHand.get(nameOf(pin));
    if (pathway === undefined) throw new MissingPathways(pin);
    if (pathway?.hash === pin.hash) return pathway;
    this.atHand.delete(nameOf(pin));
    throw new Error(`Enrolment ${id} is pinned to ${nameOf(pin)} (${pin.hash}), which is not there.`);
  }
}
