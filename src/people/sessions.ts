import { Inject, Injectable } from "@nestjs/common";
import { CLOCK, type Clock } from "../platform/clock.js";
import { ProblemError } from "../http/index.js";
import { DEMONSTRATION_PEOPLE } from "./demonstration.js";
import type { Person } from "./person.js";
import { readToken, signToken } from "./token.js";

export const SESSION_COOKIE = "pathkeeper";

/** Signs the tokens of the demonstration; null where there is none. */
export const SESSION_KEY = Symbol("SessionKey");

const VALID_MS = 7 * 24 * 60 * 60 * 1000;
const LOOPBACK_NAME = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/;

/** The demonstration sign-in. It exists only without OIDC and on a loopback address, else nobody can use it. */
@Injectable()
export class Sessions {
  private readonly people = new Map(DEMONSTRATION_PEOPLE.map((person) => [person.id, person]));

  constructor(
    @Inject(SESSION_KEY) private readonly key: Buffer | null,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** `host` is the name under which the caller reached us: a foreign name would be a page that had itself redirected. */
  signIn(user: string, host: string | undefined): string {
    if (!this.key || !LOOPBACK_NAME.test(host ?? "")) {
      throw new ProblemError({
        name: "not-found",
        detail: "The demonstration sign-in exists only without OIDC and on a loopback address.",
      });
    }
    return signToken(this.key, { person: user, until: this.clock.now() + VALID_MS });
  }

  personOf(token: string): Person | undefined {
    if (!this.key) return undefined;
    const id = readToken(this.key, token, this.clock.now());
    return id === undefined ? undefined : this.people.get(id);
  }

  /** Anybody who is known, such as the performer of an event. */
  person(id: string): Person | undefined {
    return this.key ? this.people.get(id) : undefined;
  }
}
