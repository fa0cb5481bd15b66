import { until } from "../../support/until.js";
import type { Api, Body, User } from "./api.js";

export interface StreamEvent {
  id: string;
  /** Absent: only the place is told. */
  event?: string;
  data?: Body;
}

export interface FollowOptions {
  as?: User;
  after?: string;
  headers?: Record<string, string>;
}

/** A stream as a browser follows it. */
export class EventStream {
  readonly events: StreamEvent[] = [];
  /** The end, from whichever side. */
  isOver = false;
  /** The `id` that a browser would send when it opens the stream again. */
  lastId = "";
  comments = 0;

  private constructor(
    readonly response: Response,
    private readonly stopping: AbortController,
  ) {
    void this.read().finally(() => (this.isOver = true));
  }

  static async follow(api: Api, { as = "lead", after, headers = {} }: FollowOptions = {}): Promise<EventStream> {
    // Tokens run out, and tests let months pass: this signs in anew where it must.
    await api.get("/api/sites", { as });
    const stopping = new AbortController();
    const response = await fetch(`${api.url}/api/stream`, {
      signal: stopping.signal,
      headers: {
        ...(headers["cookie"] ? {} : { authorization: `Bearer ${await api.token(as)}` }),
        ...(after !== undefined && { "last-event-id": after }),
        ...headers,
      },
    });
    const stream = new EventStream(response, stopping);
    if (response.status === 200) await until(() => stream.lastId !== "", { what: "the opening of the stream" });
    return stream;
  }

  /** Until an event of that kind has come that fits. */
  async next(event: string, fits: (data: Body) => boolean = () => true, timeoutMs = 15_000): Promise<StreamEvent> {
    const found = () => this.events.find((one) => one.event === event && fits(one.data));
    return until(found, { timeoutMs, everyMs: 5, what: `the event ${event}` });
  }

  ofKind(event: string): StreamEvent[] {
    return this.events.filter((one) => one.event === event);
  }

  close(): void {
    this.stopping.abort();
  }

  private async read(): Promise<void> {
    let text = "";
    try {
      for await (const chunk of this.response.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const blocks = text.split("\n\n");
        text = blocks.pop()!;
        for (const block of blocks) this.take(block);
      }
    } catch {
      // Cut off: over as well.
    }
  }

  private take(block: string): void {
    const event: StreamEvent = { id: this.lastId };
    for (const line of block.split("\n")) {
      const [, field, value = ""] = /^([^:]*):? ?(.*)$/.exec(line)!;
      if (field === "") this.comments += 1;
      if (field === "id") this.lastId = event.id = value;
      if (field === "event") event.event = value;
      if (field === "data") event.data = JSON.parse(value);
    }
    if (event.event !== undefined) this.events.push(event);
  }
}
