import { Injectable, Logger } from "@nestjs/common";
import type { DataFault } from "../core/index.js";
import { type AmendPatient, type Correct, Engine, type Enrol, faultsIn, type Report } from "../engine/index.js";
import { type CalledRequest, contractOf, type FormJudge, ProblemError, tellFaults } from "../http/index.js";
import { KnownPeople, permittedAt, type Person } from "../people/index.js";
import { EnrolmentHeads, NoSuchRecord } from "../reads/index.js";
import { MAIN_SITE } from "../sites/index.js";
import { Readable } from "./readable.js";

type Tried = Enrol | Report | Correct | AmendPatient;

/**
 * Judges a request whose form has faults: what can be read of it is tried by the engine as a dry run, so that there is one
 * judge of all requests, and all that is wrong with one is told at once.
 */
@Injectable()
export class PartialJudge implements FormJudge {
  private readonly logger = new Logger("enrolments");

  constructor(
    private readonly engine: Engine,
    private readonly heads: EnrolmentHeads,
    private readonly people: KnownPeople,
  ) {}

  /** Without those that a fault of the form may have brought about: at its place, above or below it. */
  async faultsOf(request: CalledRequest, form: readonly DataFault[]): Promise<DataFault[]> {
    try {
      const answer = await this.engine.execute(await this.commandOf(request, form));
      if (answer.kind !== "refused") return [];
      return tellFaults(faultsIn(answer.refusal)).filter(({ pointer }) =>
        form.every((broken) => !isWithin(pointer, broken.pointer) && !isWithin(broken.pointer, pointer)),
      );
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      if (error instanceof NoSuchRecord) return [];
      // What cannot be looked up now is judged when the form holds.
      const fault = error instanceof Error ? error.name : typeof error;
      this.logger.warn({ msg: "fault", request: request.id, fault });
      return [];
    }
  }

  private async commandOf(request: CalledRequest, form: readonly DataFault[]): Promise<Tried> {
    const person = request.person as Person;
    const { id, seq } = request.params as { id?: string; seq?: number };
    const readable = new Readable(request.body, form, this.people);
    const actorAt = (site: string) => permittedAt(person, site, "writePatients");
    if (id === undefined) {
      const site = readable.site(MAIN_SITE);
      return readable.enrol(site === undefined ? { person: person.id, roles: [] } : actorAt(site), site);
    }
    // The faults say which pathway it is, and more.
    const { purpose } = contractOf(request)!;
    const [{ siteId }, actor] = await this.heads.toAct(person, purpose!, id, actorAt);
    if (seq !== undefined) return readable.correct(actor, id, seq);
    return purpose === "amendment" ? readable.amend(actor, id) : readable.report(actor, id, siteId);
  }
}

function isWithin(pointer: string, place: string): boolean {
  return pointer === place || pointer.startsWith(`${place}/`);
}
