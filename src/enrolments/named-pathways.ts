import { Injectable } from "@nestjs/common";
import type { Pathway } from "../core/index.js";
import type { CalledRequest } from "../http/index.js";
import { PathwayRegistry } from "../pathways/index.js";
import { isUuid } from "../platform/uuid.js";
import { EnrolmentHeads } from "../reads/index.js";

export interface Named {
  pathway: Pathway;
  /** The site of the enrolment that it is about; absent where there is none yet. */
  enrolledAt: string | undefined;
}

/** Which pathway a request is about, whatever else is wrong with it. */
@Injectable()
export class NamedPathways {
  constructor(
    private readonly heads: EnrolmentHeads,
    private readonly registry: PathwayRegistry,
  ) {}

  /** The enrolment's, with its site, or the one that the body names. */
  async of({ params, body }: CalledRequest): Promise<Named | undefined> {
    const { id } = params as { id?: string };
    if (id !== undefined) {
      const head = isUuid(id) ? await this.heads.find(id) : undefined;
      return head && this.named(head.pathway.id, head.pathway.version, head.siteId);
    }
    const { pathway, version } = (body ?? {}) as { pathway?: unknown; version?: unknown };
    if (typeof pathway !== "string") return undefined;
    const named = typeof version === "string" ? version : (await this.registry.newest(pathway))?.version;
    return named === undefined ? undefined : this.named(pathway, named);
  }

  private async named(id: string, version: string, enrolledAt?: string): Promise<Named | undefined> {
    const pathway = await this.registry.pathway(id, version);
    return pathway && { pathway, enrolledAt };
  }
}
