import { Inject, Injectable } from "@nestjs/common";
import { invalidData, ProblemError } from "../http/index.js";
import { CONFIG, type Config } from "../platform/config.js";
import { People } from "./people.js";
import { Sessions } from "./sessions.js";

const LOOPBACK_NAME = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/;

/** Signs in whoever is known, unasked. It exists only without OIDC and on a loopback address. */
@Injectable()
export class DemonstrationSignIn {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly people: People,
    private readonly sessions: Sessions,
  ) {}

  /**
   * The session's token. `host` is the name under which the caller reached us: a foreign name would be a page that had
   * itself redirected.
   */
  async signIn(user: string, host: string | undefined): Promise<string> {
    if (!this.config.http.isLoopback || !LOOPBACK_NAME.test(host ?? "")) {
      throw new ProblemError({
        name: "not-found",
        detail: "The demonstration sign-in exists only without OIDC and on a loopback address.",
      });
    }
    const person = await this.people.find(user);
    if (!person) throw invalidData([{ pointer: "/user", detail: "Nobody is known by this id." }]);
    return this.sessions.start(person.id);
  }
}
