import { Injectable, Logger } from "@nestjs/common";
import type { Pathway } from "../core/index.js";
import type { CalledRequest, Remedies, Remedy } from "../http/index.js";
import { PathwayRegistry } from "../pathways/index.js";
import { isUuid } from "../platform/uuid.js";
import { EnrolmentHeads } from "../reads/index.js";
import { reportOfRedFlags } from "./red-flags.js";

/** Whatever refuses a request - its form, the roles of who sent it, the pathway -, none of its red flags may be lost. */
@Injectable()
export class RedFlagOffers implements Remedies {
  private readonly logger = new Logger("enrolments");

  constructor(
    private readonly heads: EnrolmentHeads,
    private readonly registry: PathwayRegistry,
  ) {}

  async remedyFor(refused: CalledRequest): Promise<Remedy | undefined> {
    const offer = reportOfRedFlags(refused.body, await this.knownPathwayOf(refused));
    if (!offer) return undefined;
    return { detail: `The red flags in it are not recorded: have them reported with ${offer.type} now.`, offer };
  }

  /** The usual names are better than nothing: a database that is away must not lose a red flag. */
  private async knownPathwayOf(refused: CalledRequest): Promise<Pathway | undefined> {
    try {
      return await this.pathwayOf(refused);
    } catch (error) {
      this.logger.warn({
        msg: "fault",
        request: refused.id,
        fault: error instanceof Error ? error.name : typeof error,
      });
      return undefined;
    }
  }

  /** The enrolment's, or the one that the body names. */
  private async pathwayOf({ params, body }: CalledRequest): Promise<Pathway | undefined> {
    const { id } = params as { id?: string };
    if (id !== undefined) {
      const head = isUuid(id) ? await this.heads.find(id) : undefined;
      return head && this.registry.pathway(head.pathway.id, head.pathway.version);
    }
    const { pathway, version } = (body ?? {}) as { pathway?: unknown; version?: unknown };
    if (typeof pathway !== "string") return undefined;
    const named = typeof version === "string" ? version : (await this.registry.newest(pathway))?.version;
    return named === undefined ? undefined : this.registry.pathway(pathway, named);
  }
}
