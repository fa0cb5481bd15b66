import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, extname, join, sep } from "node:path";
import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import type { Queue } from "bullmq";

const require = createRequire(import.meta.url);
const UI = dirname(require.resolve("@bull-board/ui/package.json"));

type ServerAdapter = Parameters<typeof createBullBoard>[0]["serverAdapter"];
type Queues = Parameters<ServerAdapter["setQueues"]>[0];
type UiConfig = Parameters<ServerAdapter["setUIConfig"]>[0];
type EntryRoute = Parameters<ServerAdapter["setEntryRoute"]>[0];
type ApiRoute = Parameters<ServerAdapter["setApiRoutes"]>[0][number];
type ErrorHandler = Parameters<ServerAdapter["setErrorHandler"]>[0];

export interface BoardAnswer {
  status: number;
  type: string;
  body: string | Buffer;
}

const TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
};

/**
 * Bull Board, read only: the queues are bells, and what becomes of them is for `pathkeeper doctor`. Its own adapter for
 * Fastify stays out, since the one gate for access would not stand before its routes.
 */
export class Board implements ServerAdapter {
  private queues!: Queues;
  private uiConfig: UiConfig = {};
  private entry!: EntryRoute;
  private routes: ApiRoute[] = [];
  private onError!: ErrorHandler;

  constructor(
    queues: readonly Queue[],
    /** Where it is found, without a slash at its end. */
    private readonly basePath: string,
  ) {
    createBullBoard({
      queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
      serverAdapter: this,
      options: { uiBasePath: UI, uiConfig: { boardTitle: "Pathkeeper's queues" } },
    });
  }

  /** What a browser asks for below the base path; undefined where there is nothing. */
  async answer(path: string, query: Record<string, unknown>): Promise<BoardAnswer | undefined> {
    if (path.startsWith("/static/")) return asset(path.slice("/static/".length));
    for (const route of this.routes) {
      const params = route.method === "get" && placesIn(route.route, path);
      if (params) return this.ask(route, params, query);
    }
    return placesIn(this.entry.route, path) ? this.page() : undefined;
  }

  setQueues(queues: Queues): this {
    this.queues = queues;
    return this;
  }

  setUIConfig(config: UiConfig): this {
    this.uiConfig = config;
    return this;
  }

  setEntryRoute(route: EntryRoute): this {
    this.entry = route;
    return this;
  }

  setApiRoutes(routes: ApiRoute[]): this {
    this.routes = routes;
    return this;
  }

  setErrorHandler(handler: ErrorHandler): this {
    this.onError = handler;
    return this;
  }

  setViewsPath(): this {
    return this;
  }

  setStaticPath(): this {
    return this;
  }

  private async ask(route: ApiRoute, params: object, query: Record<string, unknown>): Promise<BoardAnswer> {
    const { queues, uiConfig } = this;
    const asked = { queues, uiConfig, query, params, body: {}, headers: {} };
    const { status = 200, body } = await Promise.resolve(route.handler(asked)).catch((error: unknown) =>
      this.onError(error as Error),
    );
    return { status, type: TYPES[".json"]!, body: typeof body === "string" ? body : JSON.stringify(body) };
  }

  private async page(): Promise<BoardAnswer> {
    const { name, params } = this.entry.handler({ basePath: this.basePath, uiConfig: this.uiConfig });
    const template = await readFile(join(UI, "dist", name), "utf8");
    // `<%= name %>` and `<%- name %>` are all that the template asks for, and no value comes from outside.
    const body = template.replaceAll(/<%[=-] (\w+) %>/g, (_, key: string) => params[key] ?? "");
    return { status: 200, type: "text/html; charset=utf-8", body };
  }
}

/** What stands at the named places of a pattern such as `/queue/:name`; undefined where the path is another. */
function placesIn(patterns: string | readonly string[], path: string): Record<string, string> | undefined {
  for (const pattern of [patterns].flat()) {
    const [expected, given] = [pattern.split("/"), path.split("/").map(decodeURIComponent)];
    if (expected.length !== given.length) continue;
    if (!expected.every((part, place) => (part.startsWith(":") ? given[place] !== "" : part === given[place])))
      continue;
    const names = expected.flatMap((part, place) => (part.startsWith(":") ? [[part.slice(1), given[place]!]] : []));
    return Object.fromEntries(names) as Record<string, string>;
  }
  return undefined;
}

/** What the page loads; nothing outside its folder. */
async function asset(name: string): Promise<BoardAnswer | undefined> {
  const folder = join(UI, "dist", "static");
  const file = join(folder, name);
  const type = TYPES[extname(file)];
  if (!type || !file.startsWith(folder + sep)) return undefined;
  const body = await readFile(file).catch(() => undefined);
  return body && { status: 200, type, body };
}
