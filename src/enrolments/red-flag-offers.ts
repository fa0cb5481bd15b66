import { Injectable, Logger } from "@nestjs/common";
import type { Pathway } from "../core/index.js";
import type { CalledRequest, Remedies, Remedy } from "../http/index.js";
import { NamedPathways } from "./named-pathways.js";
import { reportOfRedFlags } from "./red-flags.js";

/** Whatever refuses a request - its form, the roles of who sent it, the pathway -, none of its red flags may be lost. */
@Injectable()
export class RedFlagOffers implements Remedies {
  private readonly logger = new Logger("enrolments");

  constructor(private readonly pathways: NamedPathways) {}

  async remedyFor(refused: CalledRequest): Promise<Remedy | undefined> {
    const offer = reportOfRedFlags(refused.body, await this.knownPathwayOf(refused));
    if (!offer) return undefined;
    return { detail: `The red flags in it are not recorded: have them reported with ${offer.type} now.`, offer };
  }

  /** The usual names are better than nothing: a database that is away must not lose a red flag. */
  private async knownPathwayOf(refused: CalledRequest): Promise<Pathway | undefined> {
    try {
      return (await this.pathways.of(refused))?.pathway;
    } catch (error) {
      this.logger.warn({
        msg: "fault",
        request: refused.id,
        fault: error instanceof Error ? error.name : typeof error,
      });
      return undefined;
    }
  }
}
