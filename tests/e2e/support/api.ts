import { randomUUID } from "node:crypto";

export type User = "coordinator" | "clinician" | "clinician2" | "lead" | "auditor" | "admin" | "system";

/** JSON as a test reads it: any depth, without ceremony. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Body = any;

export interface Reply {
  status: number;
  type: string;
  body: Body;
  headers: Headers;
}

export interface Options {
  as?: User;
  /** Absent: a new one for each request; null: none is sent. */
  key?: string | null;
  headers?: Record<string, string>;
}

/** What a person with curl can do, and nothing else. */
export class Api {
  private readonly tokens = new Map<User, string>();

  constructor(readonly url: string) {}

  get(path: string, options: Options = {}): Promise<Reply> {
    return this.send("GET", path, undefined, { key: null, ...options });
  }

  post(path: string, body?: unknown, options: Options = {}): Promise<Reply> {
    return this.send("POST", path, body, options);
  }

  async send(method: string, path: string, body?: unknown, options: Options = {}): Promise<Reply> {
    const reply = await this.sendOnce(method, path, body, options);
    if (reply.status !== 401 || !options.as) return reply;
    // Tokens run out, and tests let months pass.
    this.tokens.delete(options.as);
    return this.sendOnce(method, path, body, options);
  }

  async token(user: User): Promise<string> {
    const known = this.tokens.get(user);
    if (known) return known;
    const { body } = await this.post("/api/session", { user }, { key: null });
    this.tokens.set(user, body.token);
    return body.token;
  }

  private async sendOnce(method: string, path: string, body: unknown, options: Options): Promise<Reply> {
    const headers = new Headers(options.headers);
    if (options.as) headers.set("authorization", `Bearer ${await this.token(options.as)}`);
    if (options.key !== null) headers.set("idempotency-key", options.key ?? randomUUID());
    if (body !== undefined && !headers.has("content-type")) headers.set("content-type", "application/json");
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(this.url + path, { method, headers, body: text, redirect: "manual" });
    const type = response.headers.get("content-type")?.split(";")[0] ?? "";
    const received = await response.text();
    const isJson = type.endsWith("json") && received !== "";
    return { status: response.status, type, headers: response.headers, body: isJson ? JSON.parse(received) : received };
  }
}
