import { Injectable } from "@nestjs/common";
import type { Refusal } from "../engine/index.js";
import { type Problem, problemOfRefusal } from "../http/index.js";
import { PathwayRegistry } from "../pathways/index.js";
import { describeEvent } from "./accepted-events.js";

/** A refusal says what would be accepted, in the same words as the enrolment does. */
@Injectable()
export class Refusals {
  constructor(private readonly registry: PathwayRegistry) {}

  /** The events that it names are described by the version that ruled when it was refused. */
  async problemOf(refusal: Refusal): Promise<Problem> {
    const problem = problemOfRefusal(refusal);
    if (!("pathway" in refusal)) return problem;
    const pathway = await this.registry.pathway(refusal.pathway.id, refusal.pathway.version);
    return { ...problem, acceptedEvents: refusal.acceptedEvents.map((type) => describeEvent(pathway!, type)) };
  }
}
