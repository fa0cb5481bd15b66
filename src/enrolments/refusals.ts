import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import type { Pathway } from "../core/index.js";
import { isKeyed, type Answer, type Command, type Keyed } from "../engine/index.js";
import { PathwayRegistry } from "../pathways/index.js";
import { acceptedEvents } from "./accepted-events.js";

/** A refusal says what would be accepted, in the same words as the enrolment does. */
@Injectable()
export class Refusals {
  constructor(
    private readonly dataSource: DataSource,
    private readonly registry: PathwayRegistry,
  ) {}

  async describe(answer: Answer, command: Command): Promise<Answer> {
    if (answer.kind !== "problem" || !isKeyed(command)) return answer;
    const { acceptedEvents: types } = answer.problem;
    const pathway = Array.isArray(types) ? await this.pathwayOf(command) : undefined;
    if (!pathway) return answer;
    const described = acceptedEvents(types as string[], pathway, command.actor.roles);
    return { ...answer, problem: { ...answer.problem, acceptedEvents: described } };
  }

  private async pathwayOf(command: Keyed): Promise<Pathway | undefined> {
    if (command.kind === "enrol") {
      const version = command.version ?? (await this.registry.newest(command.pathway))?.version;
      return version === undefined ? undefined : this.registry.pathway(command.pathway, version);
    }
    const rows = await this.dataSource.query<{ pathway_id: string; pathway_version: string }[]>(
      `select pathway_id, pathway_version from enrolment where id = $1`,
      [command.enrolmentId],
    );
    return rows[0] && this.registry.pathway(rows[0].pathway_id, rows[0].pathway_version);
  }
}
