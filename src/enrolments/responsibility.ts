import { Injectable } from "@nestjs/common";
import { ExpressionError } from "../core/index.js";
import { type ChangeResponsible, Engine, type Idempotency } from "../engine/index.js";
import { AdministrativeKeys, answerOf, invalidData } from "../http/index.js";
import { actorAt, KnownPeople, permittedAt, type Person, ROLES_FOR, sitesWhere } from "../people/index.js";
import type { Statement } from "../platform/statement.js";
import { EnrolmentHeads, Reads } from "../reads/index.js";
import { EnrolmentReader } from "./enrolment-reader.js";
import type { HandedOver, Handover, NewResponsible } from "./responsible.schemas.js";

/** Those of one person that go on, at these sites (null: at all), among these (null: all). */
const HELD: Statement = {
  name: "pathkeeper-enrolments-of-responsible",
  text: `
    select id, site_id from enrolment
    where responsible = $1 and status <> 'exited'
      and ($2::text[] is null or site_id = any ($2)) and ($3::uuid[] is null or id = any ($3))
    order by id`,
};
interface Held {
  id: string;
  site_id: string;
}

/** So many wait in the engine's lane at once: others come in between. */
const AT_ONCE = 100;

/** Who is responsible for which enrolment, and handing that over. */
@Injectable()
export class Responsibility {
  constructor(
    private readonly engine: Engine,
    private readonly reads: Reads,
    private readonly heads: EnrolmentHeads,
    private readonly reader: EnrolmentReader,
    private readonly people: KnownPeople,
    private readonly keys: AdministrativeKeys,
  ) {}

  async change(caller: Person, id: string, { person, reason }: NewResponsible, idempotency: Idempotency | undefined) {
    const [head, actor] = await this.heads.toRead(caller, "responsible", id, (site) =>
      permittedAt(caller, site, "writePatients"),
    );
    await this.refuseOthers(person, [head.siteId], "/person");
    const command = { kind: "changeResponsible", actor, idempotency, enrolmentId: head.id, person, reason } as const;
    const { snapshot } = answerOf("responsible", await this.engine.execute(command));
    const patient = await this.reader.patient(caller, "responsible", snapshot);
    return this.reader.answer(snapshot, actor.roles, patient, { responsible: person });
  }

  async handOver(caller: Person, body: Handover, idempotency: Idempotency | undefined): Promise<HandedOver> {
    const { from, to, enrolments = [], reason } = body;
    if (from === to) throw invalidData([{ pointer: "/to", detail: "They are responsible already." }]);
    const named = enrolments.map((id) => id.toLowerCase());
    const held = await this.held(caller, from, body.enrolments ? named : null);
    await this.refuseOthers(to, new Set(held.map(({ site_id }) => site_id)), "/to");
    // What is done twice is done once: the key need only stand for this request.
    await this.keys.once(caller.id, idempotency, () => Promise.resolve());
    const commands = held.map(({ id, site_id }): ChangeResponsible => {
      return { kind: "changeResponsible", actor: actorAt(caller, site_id), enrolmentId: id, person: to, from, reason };
    });
    // In the order in which they were named; null: handed over.
    const faults = new Map<string, string | null>(named.map((id) => [id, notHeld(from)]));
    for (let next = 0; next < commands.length; next += AT_ONCE) {
      const some = commands.slice(next, next + AT_ONCE);
      await Promise.all(some.map(async (one) => faults.set(one.enrolmentId, await this.handedOver(one))));
    }
    return {
      changed: [...faults].flatMap(([id, detail]) => (detail === null ? [id] : [])),
      unchanged: [...faults].flatMap(([enrolment, detail]) => (detail === null ? [] : [{ enrolment, detail }])),
    };
  }

  private held(caller: Person, from: string, among: readonly string[] | null): Promise<Held[]> {
    const sites = sitesWhere(caller, ROLES_FOR.writePatients);
    const work = (sql: ReturnType<Reads["by"]>) => sql.rows<Held>(HELD, [from, sites, among]);
    return this.reads.answer(caller, "responsible", work, (held) => held.map(({ id }) => id));
  }

  /** Why it was not; null: it was. */
  private async handedOver(command: ChangeResponsible): Promise<string | null> {
    try {
      const { isChanged } = answerOf("responsible", await this.engine.execute(command));
      return isChanged ? null : notHeld(command.from!);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return `An expression of the pathway fails at ${error.place}: nothing is recorded until it is mended.`;
    }
  }

  private async refuseOthers(person: string, sites: Iterable<string>, pointer: string): Promise<void> {
    for (const site of sites) {
      const { roles } = await this.people.performerAt(person, site);
      if (roles?.includes("coordinator")) continue;
      const detail = `${person} does not hold the role coordinator at the site ${site}.`;
      throw invalidData([{ pointer, detail }]);
    }
  }
}

const notHeld = (from: string): string => `There is no such enrolment for which ${from} is responsible.`;
