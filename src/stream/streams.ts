/**
 * The open streams of this process.
 *
 * S1 What changed at a site is told to those who may read there, as their roles are now, and to nobody else.
 * S2 Nobody misses anything in silence: who cannot be told of all that changed is told to read anew.
 * S3 A stream ends with the sign-in that opened it, and with the process.
 */
import type { Readable } from "node:stream";
import { ProblemError } from "../http/index.js";
import { type Change, unpack } from "./changes.js";
import { changed, heartbeat, NOWHERE, opening, resync } from "./events.js";
import { EVERYTHING } from "./announcer.js";
import { Outlet } from "./outlet.js";
import { Ring } from "./ring.js";
import type { ResyncReason, StreamMetrics } from "./stream-metrics.js";

/** The sites of which somebody may hear, now; null: every one; undefined: they are to hear nothing any more. */
export type Audience = () => Promise<readonly string[] | null | undefined>;

export interface StreamsSettings {
  /** How often sign-ins are looked at. */
  everyMs?: number;
  /** How long a stream says nothing before it shows that it lives. */
  quietMs?: number;
  /** Messages that a stream can be resumed over. */
  remembered?: number;
}

const DEFAULTS = { everyMs: 5_000, quietMs: 15_000, remembered: 2_000 };

interface Stream {
  outlet: Outlet;
  audience: Audience;
  sites: readonly string[] | null;
  toldAt: number;
}

export class Streams {
  private readonly settings: Required<StreamsSettings>;
  private readonly ring: Ring;
  private readonly open = new Set<Stream>();
  private newest = NOWHERE;
  private closed = false;
  private rounds: NodeJS.Timeout | undefined;
  private round: Promise<void> | null = null;

  constructor(
    private readonly metrics: StreamMetrics,
    settings: StreamsSettings = {},
  ) {
    this.settings = { ...DEFAULTS, ...settings };
    this.ring = new Ring(this.settings.remembered);
  }

  start(): void {
    this.rounds = setInterval(() => (this.round ??= this.lookAround()), this.settings.everyMs).unref();
  }

  /** `after`: the id of the last event that they saw on a stream before, of whichever process. */
  async follow(audience: Audience, after?: string): Promise<Readable> {
    const sites = await audience();
    if (this.closed || sites === undefined) {
      throw new ProblemError({ name: "unavailable", detail: "No stream can be opened now. Try again." });
    }
    const outlet = new Outlet(() => this.resync("slow"));
    const stream: Stream = { outlet, audience, sites, toldAt: performance.now() };
    this.open.add(stream);
    this.metrics.opened();
    outlet.once("close", () => {
      this.open.delete(stream);
      this.metrics.closed();
    });
    this.begin(stream, after);
    return outlet;
  }

  /** A message of any process, this one too. */
  heard(id: string, body: string): void {
    this.newest = id;
    const changes = changesIn(body);
    if (!changes) return this.gap();
    this.ring.add(id, changes);
    if (changes.length > 0) for (const stream of this.open) this.tell(stream, id, changes);
  }

  /** Something may never be heard here. */
  gap(): void {
    this.ring.clear();
    for (const stream of this.open) this.say(stream, this.resync("gap"));
  }

  /** Ends every stream, and refuses those to come. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.rounds);
    const ended = [...this.open].map(({ outlet }) => new Promise((resolve) => outlet.once("close", resolve)));
    for (const { outlet } of this.open) outlet.finish();
    await Promise.all(ended);
  }

  private begin(stream: Stream, after: string | undefined): void {
    const missed = after === undefined ? [] : this.ring.since(after);
    this.say(stream, opening(after !== undefined && missed ? after : this.newest));
    if (missed) for (const [id, changes] of missed) this.tell(stream, id, changes);
    else this.say(stream, this.resync("unknown"));
  }

  private tell(stream: Stream, id: string, changes: readonly Change[]): void {
    const { sites } = stream;
    const theirs = sites === null ? changes : changes.filter(({ siteId }) => sites.includes(siteId));
    if (theirs.length > 0) this.say(stream, changed(id, theirs));
  }

  private say(stream: Stream, text: string): void {
    stream.toldAt = performance.now();
    stream.outlet.tell(text);
  }

  private resync(reason: ResyncReason): string {
    this.metrics.resynced(reason);
    return resync(this.newest);
  }

  private async lookAround(): Promise<void> {
    await Promise.all([...this.open].map((stream) => this.lookAt(stream)));
    this.round = null;
  }

  private async lookAt(stream: Stream): Promise<void> {
    // Whoever cannot be asked about now is asked about in the next round.
    const sites = await stream.audience().catch(() => stream.sites);
    if (sites === undefined) return stream.outlet.finish();
    stream.sites = sites;
    if (performance.now() - stream.toldAt >= this.settings.quietMs) this.say(stream, heartbeat(this.newest));
  }
}

/** Null: anything may have changed. */
function changesIn(body: string): Change[] | null {
  if (body === "") return [];
  if (body === EVERYTHING) return null;
  try {
    return unpack(body);
  } catch {
    // Said by another version of this program.
    return null;
  }
}
