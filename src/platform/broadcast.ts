/**
 * What the processes of an installation tell each other, through PostgreSQL: one connection per process, on which it
 * listens and speaks.
 *
 * B1 Everybody hears the same messages in the same order, that of their commits: the id of a message marks a place upon
 *    which all processes agree.
 * B2 Nothing is missed in silence. Whoever listens is told of a gap when the connection was away, and when another
 *    process fell silent without a farewell: it may have died with something untold.
 */
import { randomUUID } from "node:crypto";
import type { Notification } from "pg";
import { withTimeLimit } from "./time-limit.js";
import { WatchedClient } from "./watched-client.js";

export interface BroadcastListener {
  /** `body` is empty where somebody only says that they are there. */
  heard(id: string, body: string): void;
  /** Something may have been said that is never going to be heard here. */
  gap(): void;
}

export interface BroadcastSettings {
  /** How often each process says that it is there; four times as long without a word is silence. */
  beatMs?: number;
}

/** Bytes of one body: PostgreSQL takes messages of less than 8,000, and the id goes before it. */
export const MOST_BYTES = 7_900;

const CHANNEL = "pathkeeper";
const BEAT_MS = 5_000;
const BEATS_OF_SILENCE = 4;
const FAREWELL = "farewell";
const CONNECT_MS = 5_000;
const ANSWER_MS = 5_000;
const RETRY_MS = 250;
const LONGEST_RETRY_MS = 2_000;
const LAST_WORD_MS = 1_000;

/** One transaction, however many messages. */
const SAY = `select pg_notify('${CHANNEL}', message) from unnest($1::text[]) as message`;
/** What a crash of the server takes with it, it took from the listeners as well. */
const LISTEN = `set synchronous_commit = off; listen ${CHANNEL}`;

export class Broadcast {
  private readonly name = randomUUID();
  private readonly beatMs: number;
  private readonly listeners: BroadcastListener[] = [];
  /** The other processes, with when they were last heard. */
  private readonly others = new Map<string, number>();
  private client: WatchedClient | null = null;
  private said = 0;
  private closed = false;
  private beats: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    /** As the application. */
    private readonly url: string,
    { beatMs = BEAT_MS }: BroadcastSettings = {},
  ) {
    this.beatMs = beatMs;
  }

  listen(listener: BroadcastListener): void {
    this.listeners.push(listener);
  }

  /** Until the first attempt to connect has come to something; later ones follow by themselves. */
  async start(): Promise<void> {
    await this.connect(RETRY_MS);
    this.beats = setInterval(() => this.beat(), this.beatMs).unref();
  }

  /** In one transaction. False where it may not have been said: said once more, it is heard twice at worst. */
  async say(bodies: readonly string[]): Promise<boolean> {
    if (!this.client) return false;
    const messages = bodies.map((body) => `${this.name}-${++this.said} ${body}`);
    return answerTo(this.client, SAY, [messages]).then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.beats);
    clearTimeout(this.retry);
    const { client } = this;
    await withTimeLimit(LAST_WORD_MS, this.say([FAREWELL]), false);
    this.client = null;
    await withTimeLimit(LAST_WORD_MS, client?.end().catch(() => undefined) ?? Promise.resolve(), undefined);
  }

  private async connect(retryMs: number): Promise<void> {
    const client = new WatchedClient({
      connectionString: this.url,
      application_name: "pathkeeper broadcast",
      connectionTimeoutMillis: CONNECT_MS,
      answerMs: ANSWER_MS,
    });
    // Each fault ends the connection, and the end is what is heard.
    client.on("error", () => undefined);
    client.on("notification", (notification) => this.hear(notification));
    try {
      await client.connect();
      await answerTo(client, LISTEN);
    } catch {
      void client.end().catch(() => undefined);
      return this.connectAfter(retryMs);
    }
    if (this.closed) return void client.end().catch(() => undefined);
    client.once("end", () => this.lost(client));
    this.client = client;
    this.others.clear();
    this.tellOfGap();
    // The first place upon which this process agrees with the others.
    await this.say([""]);
  }

  private lost(client: WatchedClient): void {
    if (this.client !== client) return;
    this.client = null;
    this.connectAfter(RETRY_MS);
  }

  private connectAfter(ms: number): void {
    if (this.closed) return;
    this.retry = setTimeout(() => void this.connect(Math.min(2 * ms, LONGEST_RETRY_MS)), ms).unref();
  }

  private hear({ payload = "" }: Notification): void {
    const [, id, by, body] = /^((\S+)-\d+) (.*)$/s.exec(payload) ?? [];
    if (id === undefined || by === undefined || body === undefined) return;
    if (body === FAREWELL) this.others.delete(by);
    else if (by !== this.name) this.others.set(by, performance.now());
    for (const listener of this.listeners) listener.heard(id, body === FAREWELL ? "" : body);
  }

  private beat(): void {
    void this.say([""]);
    const earliest = performance.now() - BEATS_OF_SILENCE * this.beatMs;
    for (const [other, heardAt] of this.others) {
      if (heardAt >= earliest) continue;
      this.others.delete(other);
      this.tellOfGap();
    }
  }

  private tellOfGap(): void {
    for (const listener of this.listeners) listener.gap();
  }
}

/** `WatchedClient` leaves open in which of the driver's shapes it is asked. */
function answerTo(client: WatchedClient, text: string, values?: unknown[]): Promise<unknown> {
  return client.query(text, values);
}
