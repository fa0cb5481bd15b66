import { Injectable } from "@nestjs/common";
import type { Refusal } from "../engine/index.js";
import { type Problem, problemOfRefusal } from "../http/index.js";
import { PathwayRegistry } from "../pathways/index.js";
import type { Person } from "../people/index.js";
import { describeEvent } from "./accepted-events.js";
import { placesOf, Whose } from "./whose.js";

const ONE_PERSON = "If they are one person, say so with POST /api/patients/{id}/same-as.";

/** A refusal says what would be accepted, in the same words as the enrolment does. */
@Injectable()
export class Refusals {
  constructor(
    private readonly registry: PathwayRegistry,
    readonly whose: Whose,
  ) {}

  /**
   * As somebody may read it. The events that it names are described by the version that ruled when it was refused; the
   * patients by those of their enrolments that the person may read.
   */
  async problemOf(refusal: Refusal, person: Person): Promise<Problem> {
    if (refusal.name === "overlapping-enrolment" && !(await this.mayRead(refusal.enrolment, person))) {
      const { name, pointer, event } = refusal;
      return problemOfRefusal({ name, pointer, ...(event !== undefined && { event }) });
    }
    const problem = problemOfRefusal(refusal);
    if ("patients" in refusal && refusal.patients) return this.named(problem, refusal.patients, person);
    if (!("pathway" in refusal)) return problem;
    const pathway = await this.registry.pathway(refusal.pathway.id, refusal.pathway.version);
    return { ...problem, acceptedEvents: refusal.acceptedEvents.map((type) => describeEvent(pathway!, type)) };
  }

  private async mayRead(enrolment: string | undefined, person: Person): Promise<boolean> {
    return enrolment !== undefined && (await this.whose.readable(person, [enrolment])).length > 0;
  }

  private async named(problem: Problem, ids: readonly string[], person: Person): Promise<Problem> {
    const patients = await this.whose.enrolments(person, ids);
    if (patients.length === 0) return problem;
    const mend = problem.name === "duplicate-identifier" ? ` ${ONE_PERSON}` : "";
    return { ...problem, detail: `${problem.detail} ${placesOf(patients)}${mend}`, patients };
  }
}
