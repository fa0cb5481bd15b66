/** What can be read of a body whose form has faults, as commands that are tried and never carried out. */
import type { DataFault, JsonObject, When } from "../core/index.js";
import type {
  Actor,
  AmendPatient,
  Correct,
  Enrol,
  Identifier,
  PatientInput,
  Report,
  Reported,
} from "../engine/index.js";
import { readWhen } from "../http/index.js";
import type { KnownPeople } from "../people/index.js";

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const fieldsOf = (value: unknown): Fields => (isObject(value) ? value : {});

/** A name, or whatever stands where one is wanted, is a name to whoever asks whether there is any. */
const SOME_NAME = "?";

/** Reads a body beside the faults of its form: what is broken is left out, or stands there as something. */
export class Readable {
  private readonly body: Fields;

  constructor(
    body: unknown,
    private readonly form: readonly DataFault[],
    private readonly people: KnownPeople,
  ) {
    this.body = fieldsOf(body);
  }

  /** The site that it names; undefined where it names none that could be. */
  site(otherwise: string): string | undefined {
    return this.body["site"] === undefined ? otherwise : this.text(this.body, "", "site");
  }

  /** Roles are held at a site: `actor` has none where nobody knows which it is. */
  async enrol(actor: Actor, site: string | undefined): Promise<Enrol> {
    const { body } = this;
    const version = body["version"] === undefined ? undefined : (this.text(body, "", "version") ?? "");
    const events = this.isSound("/events", true) && Array.isArray(body["events"]) ? (body["events"] as unknown[]) : [];
    return {
      ...{ kind: "enrol", dryRun: true, actor, version, site: site ?? "" },
      pathway: this.text(body, "", "pathway") ?? "",
      occurredAt: this.when(body),
      patient: this.patient(fieldsOf(body["patient"])),
      events: await Promise.all(
        events.map((event, index) => this.event(fieldsOf(event), `/events/${index}`, site ?? "")),
      ),
    };
  }

  async report(actor: Actor, enrolmentId: string, site: string): Promise<Report> {
    const event = await this.event(this.body, "", site);
    return { kind: "report", dryRun: true, actor, enrolmentId, event: { ...event, source: undefined } };
  }

  correct(actor: Actor, enrolmentId: string, corrects: number): Correct {
    const { data, strikeOut } = this.body;
    return {
      ...{ kind: "correct", dryRun: true, actor, enrolmentId, corrects },
      occurredAt: this.when(this.body),
      ...(isObject(data) && { data: data as JsonObject }),
      ...(typeof strikeOut === "boolean" && { strikeOut }),
      reason: this.text(this.body, "", "reason") ?? "",
    };
  }

  amend(actor: Actor, enrolmentId: string): AmendPatient {
    const { body } = this;
    const changes: Fields = {};
    for (const name of ["identifiers", "addIdentifiers", "removeIdentifiers"]) changes[name] = this.identifiers(name);
    for (const name of ["familyName", "givenName"])
      changes[name] = body[name] === null ? null : this.name(body, "", name);
    Object.assign(changes, this.birth(body, ""));
    return { kind: "amendPatient", dryRun: true, actor, enrolmentId, changes };
  }

  private async event(event: Fields, at: string, site: string): Promise<Reported> {
    const { data, source } = event;
    const performer = this.text(event, at, "performer");
    return {
      type: this.text(event, at, "type") ?? "",
      data: fieldsOf(data) as JsonObject,
      occurredAt: this.when(event),
      ...(performer !== undefined && site !== "" && { performer: await this.people.performerAt(performer, site) }),
      ...(source !== undefined && this.isSound(`${at}/source`) && { source: source as Reported["source"] }),
    };
  }

  /** Nobody is looked for: what an identifier would bring to light stands in the way of no fault. */
  private patient(patient: Fields): PatientInput {
    const at = "/patient";
    const names = { familyName: this.name(patient, at, "familyName"), givenName: this.name(patient, at, "givenName") };
    return { identifiers: [], ...names, ...this.birth(patient, at) };
  }

  private birth(fields: Fields, at: string): Pick<PatientInput, "birthDate" | "birthDateUnknown"> {
    const { birthDate, birthDateUnknown } = fields;
    const read = this.text(fields, at, "birthDate");
    if (birthDate !== undefined && read === undefined) return { birthDateUnknown: true };
    return { birthDate: read, ...(typeof birthDateUnknown === "boolean" && { birthDateUnknown }) };
  }

  private name(fields: Fields, at: string, name: string): string | undefined {
    return fields[name] === undefined ? undefined : (this.text(fields, at, name) ?? SOME_NAME);
  }

  private identifiers(name: string): Identifier[] | undefined {
    const given = this.body[name];
    return given !== undefined && this.isSound(`/${name}`) ? (given as Identifier[]) : undefined;
  }

  private when({ occurredAt }: Fields): When | undefined {
    return typeof occurredAt === "string" ? readWhen(occurredAt) : undefined;
  }

  private text(fields: Fields, at: string, name: string): string | undefined {
    const value = fields[name];
    return typeof value === "string" && this.isSound(`${at}/${name}`) ? value : undefined;
  }

  /** `asWhole`: its parts may be broken. */
  private isSound(place: string, asWhole = false): boolean {
    return !this.form.some(({ pointer }) => pointer === place || (!asWhole && pointer.startsWith(`${place}/`)));
  }
}
