import { Injectable, Logger } from "@nestjs/common";
import { type DataFault, type JsonObject, parseWhen, type Pathway } from "../core/index.js";
import { type Fault, judgeForm } from "../engine/index.js";
import { type CalledRequest, type FormJudge, ProblemError, tellFaults } from "../http/index.js";
import { permittedAt, type Person } from "../people/index.js";
import { NamedPathways } from "./named-pathways.js";

/** Judges the events of a request whose form has faults elsewhere, as far as they can be read by themselves. */
@Injectable()
export class EventJudge implements FormJudge {
  private readonly logger = new Logger("enrolments");

  constructor(private readonly pathways: NamedPathways) {}

  async faultsOf(request: CalledRequest): Promise<DataFault[]> {
    const events = eventsOf(request);
    const pathway = events.length > 0 ? await this.pathwayOf(request) : undefined;
    return pathway ? events.flatMap(({ event, at }) => tellFaults(judge(pathway, event, at))) : [];
  }

  /** What cannot be looked up now is judged when the form holds. */
  private async pathwayOf(request: CalledRequest): Promise<Pathway | undefined> {
    try {
      const named = await this.pathways.of(request);
      // The faults say which pathway it is.
      if (named?.enrolledAt !== undefined) permittedAt(request.person as Person, named.enrolledAt, "writePatients");
      return named?.pathway;
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      this.logger.warn({
        msg: "fault",
        request: request.id,
        fault: error instanceof Error ? error.name : typeof error,
      });
      return undefined;
    }
  }
}

/** Those of an enrolment, or the one that is reported. */
function eventsOf({ body, params }: CalledRequest): { event: unknown; at: string }[] {
  if ((params as { id?: unknown }).id !== undefined) return [{ event: body, at: "" }];
  const { events } = (body ?? {}) as { events?: unknown };
  return Array.isArray(events) ? events.map((event: unknown, index) => ({ event, at: `/events/${index}` })) : [];
}

function judge(pathway: Pathway, event: unknown, at: string): Fault[] {
  const { type, data = {}, occurredAt } = (event ?? {}) as Record<string, unknown>;
  const isUnreadable = typeof occurredAt === "string" && parseWhen(occurredAt) === undefined;
  const time: Fault[] = isUnreadable ? [{ pointer: `${at}/occurredAt`, code: "unreadable-time" }] : [];
  if (typeof type !== "string" || type === "") return time;
  if (typeof data !== "object" || data === null || Array.isArray(data)) return time;
  return [...time, ...judgeForm(pathway, { type, data: data as JsonObject }, at)];
}
