import { makeCalendar, type Calendar, type CalendarVersion, type Pathway } from "../core/index.js";
import type { Choice, Pin, Rules } from "./model/rules.js";
import type { Command, Enrol } from "./model/commands.js";
import type { Calendars, Pathways } from "./ports.js";

/** Thrown while rows are locked, where a version is not at hand: it is fetched outside, since that may need a connection. */
export class MissingRules extends Error {
  constructor(readonly pin: Pin) {
    super(`${nameOf(pin.pathway)} and calendar ${pin.calendarVersion} of ${pin.siteId} are to be fetched first.`);
  }
}

const nameOf = ({ id, version }: { id: string; version: string }): string => `${id}@${version}`;

/** Versions of pathways and calendars, at hand without waiting. A version never changes once it is there. */
export class Rulebook {
  private readonly pathways = new Map<string, Pathway>();
  private readonly calendars = new Map<string, Calendar>();

  constructor(
    private readonly pathwaySource: Pathways,
    private readonly calendarSource: Calendars,
  ) {}

  /** Chooses for those who enrol, before any row is locked. */
  async choose(commands: readonly Command[]): Promise<Map<Enrol, Choice>> {
    const choices = new Map<Enrol, Choice>();
    const newest = remembering((id: string) => this.pathwaySource.newest(id));
    const present = remembering((site: string) => this.calendarSource.newest(site));
    const enrolling = commands.filter((command) => command.kind === "enrol");
    await Promise.all(
      enrolling.map(async (command) => {
        const [pathway, calendar] = await Promise.all([this.pathwayFor(command, newest), present(command.site)]);
        choices.set(command, {
          pathway,
          calendar: calendar
            ? { version: calendar.version, calendar: this.keepCalendar(command.site, calendar) }
            : null,
        });
      }),
    );
    return choices;
  }

  /** The rules of a pin. Throws `MissingRules`, or a fault where the content is not what was pinned. */
  rulesOf(pin: Pin): Rules {
    const pathway = this.pathways.get(nameOf(pin.pathway));
    const calendar = this.calendars.get(calendarName(pin.siteId, pin.calendarVersion));
    if (!pathway || !calendar) throw new MissingRules(pin);
    if (pathway.hash === pin.pathway.hash) return { pathway, calendar };
    throw new Error(notThere(pin));
  }

  /** The same, waiting for what is not at hand. */
  async fetch(pin: Pin): Promise<Rules> {
    try {
      return this.rulesOf(pin);
    } catch (error) {
      if (!(error instanceof MissingRules)) throw error;
    }
    const { id, version } = pin.pathway;
    const [pathway, calendar] = await Promise.all([
      this.pathwaySource.pathway(id, version),
      this.calendarSource.version(pin.siteId, pin.calendarVersion),
    ]);
    if (!pathway || !calendar) throw new Error(notThere(pin));
    this.pathways.set(nameOf(pathway), pathway);
    this.keepCalendar(pin.siteId, { ...calendar, version: pin.calendarVersion });
    return this.rulesOf(pin);
  }

  private async pathwayFor(
    { pathway: id, version: given }: Enrol,
    newest: (id: string) => Promise<{ version: string } | undefined>,
  ): Promise<Pathway | null> {
    const version = given ?? (await newest(id))?.version;
    if (version === undefined) return null;
    const pathway = this.pathways.get(nameOf({ id, version })) ?? (await this.pathwaySource.pathway(id, version));
    if (pathway) this.pathways.set(nameOf(pathway), pathway);
    return pathway ?? null;
  }

  private keepCalendar(site: string, version: CalendarVersion & { version: number }): Calendar {
    const name = calendarName(site, version.version);
    let calendar = this.calendars.get(name);
    if (!calendar) this.calendars.set(name, (calendar = makeCalendar(version)));
    return calendar;
  }
}

const calendarName = (site: string, version: number): string => `${version} ${site}`;

function notThere({ enrolmentId, pathway, siteId, calendarVersion }: Pin): string {
  return `Enrolment ${enrolmentId} is pinned to ${nameOf(pathway)} (${pathway.hash}) and calendar ${calendarVersion} of ${siteId}, which is not there.`;
}

/** Asks once for each argument, however often it is asked. */
function remembering<T>(ask: (argument: string) => Promise<T>): (argument: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (argument) => {
    let answer = asked.get(argument);
    if (!answer) asked.set(argument, (answer = ask(argument)));
    return answer;
  };
}
