import { type CanActivate, type ExecutionContext, Injectable } from "@nestjs/common";
import { contractOf, ProblemError } from "../http/index.js";
import { EnrolmentHeads } from "../reads/index.js";
import type { SignedInRequest } from "./caller.decorator.js";
import { opens, ROLES_FOR } from "./permissions.js";
import { rolesAnywhere } from "./person.js";
import { SESSION_COOKIE, Sessions, type SignedIn } from "./sessions.js";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Finds out who asks and whether the route is for them at all. Below /api, what states no contract is closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly sessions: Sessions,
    private readonly heads: EnrolmentHeads,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== "http") return true;
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const contract = contractOf(request);
    const access = contract?.access ?? (request.url.startsWith("/api/") ? "anyone" : "public");
    if (access === "public") return true;
    const { person, session } = await this.signedIn(request);
    Object.assign(request, { person, session });
    if (access !== "anyone" && !opens(rolesAnywhere(person), access)) {
      const { id } = request.params as { id?: string };
      if (contract?.purpose) await this.heads.turnAway(person, contract.purpose, id);
      const detail = `None of your roles permits this. Roles that do: ${ROLES_FOR[access].join(", ")}.`;
      throw new ProblemError({ name: "forbidden", detail });
    }
    return true;
  }

  private async signedIn(request: SignedInRequest): Promise<SignedIn> {
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const cookie = request.headers.authorization === undefined ? request.cookies[SESSION_COOKIE] : undefined;
    const token = bearer ?? cookie;
    const found = token === undefined ? undefined : await this.sessions.find(token);
    if (!found) {
      throw new ProblemError({ name: "signed-out", detail: "Sign in with POST /api/session and send the token." });
    }
    if (!bearer) this.refuseForeignPages(request);
    return found;
  }

  /** A browser sends the cookie by itself, but no foreign page can add this header to what it makes it send. */
  private refuseForeignPages(request: SignedInRequest): void {
    if (SAFE_METHODS.has(request.method) || request.headers["x-pathkeeper"] === "1") return;
    throw new ProblemError({ name: "forbidden", detail: "With the cookie, send the header X-Pathkeeper: 1." });
  }
}
