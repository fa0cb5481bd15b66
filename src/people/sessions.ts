import { createHash, randomBytes, randomUUID } from "node:crypto";
import { Inject, Injectable } from "@nestjs/common";
import { formatInstant, type Instant } from "../core/index.js";
import { ProblemError } from "../http/index.js";
import { CLOCK, type Clock } from "../platform/clock.js";
import { CONFIG, type Config } from "../platform/config.js";
import type { Sql, Statement } from "../platform/statement.js";
import { Transactions } from "../platform/transactions.js";
import { PATHKEEPER, Reads, Together } from "../reads/index.js";
import { STAFF_COLUMNS } from "./people.js";
import type { StaffMember } from "./person.js";

export const SESSION_COOKIE = "pathkeeper";

const MINUTE_MS = 60_000;
const IDLE_MS = 30 * MINUTE_MS;
const LONGEST_MS = 12 * 60 * MINUTE_MS;
/** Not every request writes: whoever works without a break is noted so often. */
const NOTED_EVERY_MS = MINUTE_MS;

/** One sign-in, which its row tells apart from others of the same person. */
export interface Session {
  id: string;
  person: string;
  startedAt: Instant;
  /** To a minute. */
  usedAt: Instant;
}

/** A sign-in with whom it let in, as they are known now. */
export interface SignedIn {
  session: Session;
  person: StaffMember;
}

/** When it ends unless it is used before, and when it ends at the latest. */
export function endsOf({ startedAt, usedAt }: Session): { endsAt: Instant; endsAtLatest: Instant } {
  const endsAtLatest = startedAt + LONGEST_MS;
  return { endsAt: Math.min(usedAt + IDLE_MS, endsAtLatest), endsAtLatest };
}

interface SessionRow {
  session: string;
  person: string;
  started_at: Instant;
  used_at: Instant;
}

/** Lateral joins look rows up by their keys, however small a table was when the statement was planned. */
const FIND: Statement = {
  name: "pathkeeper-find-sessions",
  text: `
    select encode(s.token_hash, 'hex') as token, s.id as session, s.person, s.started_at, s.used_at, ${STAFF_COLUMNS}
    from unnest($1::text[]) as asked (token)
    cross join lateral (select * from session where token_hash = decode(asked.token, 'hex') limit 1) s
    cross join lateral (select * from person where id = s.person limit 1) p`,
};
/** Of one person, or (null) of everybody; those that have ended left out. */
const LIST: Statement = {
  name: "pathkeeper-sessions",
  text: `
    select id as session, person, started_at, used_at from session
    where ($1::text is null or person = $1) and started_at > $2::timestamptz and used_at > $3::timestamptz
    order by used_at desc, id`,
};
/** Sweeps up those that have ended. */
const START: Statement = {
  name: "pathkeeper-start-session",
  text: `
    with ended as (delete from session where started_at <= $5::timestamptz or used_at <= $6::timestamptz)
    insert into session (id, token_hash, person, started_at, used_at) values ($1, $2, $3, $4, $4)`,
};
const NOTE: Statement = {
  name: "pathkeeper-note-session",
  text: `update session set used_at = $2::timestamptz where id = $1 and used_at < $2::timestamptz`,
};
/** Of one person, or (null) of anybody. */
const END: Statement = {
  name: "pathkeeper-end-session",
  text: `delete from session where id = $1 and ($2::text is null or person = $2) returning id`,
};

/** Sign-ins, in a table that all processes share: one that ends ends everywhere, and none ends with a process. */
@Injectable()
export class Sessions {
  private readonly sql: Sql;
  private readonly asked = new Together(async (tokens: string[]) => {
    type Row = SessionRow & StaffMember & { token: string };
    const found = await this.sql.rows<Row>(FIND, [tokens]);
    return new Map(found.map(({ token, ...row }) => [token, signedIn(row)]));
  });

  constructor(
    reads: Reads,
    private readonly transactions: Transactions,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.sql = reads.by(PATHKEEPER, "people");
  }

  /** The token, which is told this once. */
  async start(person: string): Promise<string> {
    const token = randomBytes(32).toString("base64url");
    const values = [randomUUID(), hashOf(token), person, formatInstant(this.clock.now()), ...this.bounds()];
    await this.transactions.transaction((sql) => sql.rows(START, values));
    return token;
  }

  /**
   * Undefined for a token that nobody was given, and for one whose sign-in has ended. Until there is OpenID Connect each
   * is the demonstration's, and holds no longer than that is offered.
   */
  async find(token: string): Promise<SignedIn | undefined> {
    const found = await this.look(token);
    const now = this.clock.now();
    if (!found) return undefined;
    if (now - found.session.usedAt < NOTED_EVERY_MS) return found;
    const { id } = found.session;
    await this.transactions.transaction((sql) => sql.rows(NOTE, [id, formatInstant(now)]));
    return { ...found, session: { ...found.session, usedAt: now } };
  }

  /** The same, and no use of the sign-in: it ends as it would have. */
  async look(token: string): Promise<SignedIn | undefined> {
    if (!this.config.http.isLoopback) return undefined;
    const found = await this.asked.find(hashOf(token).toString("hex"));
    return found && endsOf(found.session).endsAt > this.clock.now() ? found : undefined;
  }

  /** Those that go on, of one person or (null) of everybody. */
  async list(person: string | null): Promise<Session[]> {
    return (await this.sql.rows<SessionRow>(LIST, [person, ...this.bounds()])).map(sessionOf);
  }

  /** One of this person, or (null) of anybody. */
  async end(id: string, person: string | null): Promise<void> {
    const ended = await this.transactions.transaction((sql) => sql.rows(END, [id, person]));
    if (ended.length === 0) throw new ProblemError({ name: "not-found", detail: "There is no such sign-in." });
  }

  /** What started, or was used, by then has ended. */
  private bounds(): [string, string] {
    const now = this.clock.now();
    return [formatInstant(now - LONGEST_MS), formatInstant(now - IDLE_MS)];
  }
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function sessionOf({ session, person, started_at, used_at }: SessionRow): Session {
  return { id: session, person, startedAt: started_at, usedAt: used_at };
}

function signedIn(row: SessionRow & StaffMember): SignedIn {
  const { session: _, person: __, started_at: ___, used_at: ____, ...person } = row;
  return { session: sessionOf(row), person };
}
