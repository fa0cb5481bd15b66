import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { Redis } from "ioredis";
import { until } from "../../support/until.js";

/** A Redis that a test may stop, pause and kill: the run's own is shared. */
export class OwnRedis {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly port: number,
    private readonly flags: readonly string[],
  ) {}

  /** On a port that nobody listens on yet. */
  static async reserve(...flags: string[]): Promise<OwnRedis> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, "close");
    return new OwnRedis(port, flags);
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const args = ["--port", String(this.port), "--bind", "127.0.0.1", "--save", "", ...this.flags];
    this.child = spawn("redis-server", args, { stdio: "ignore" });
    await until(() => this.command((redis) => redis.ping()), { what: "a Redis of the test's own" });
  }

  /** It keeps its connections and answers nothing. */
  hang(): void {
    this.child?.kill("SIGSTOP");
  }

  recover(): void {
    this.child?.kill("SIGCONT");
  }

  async empty(): Promise<void> {
    await this.command((redis) => redis.flushall());
  }

  async kill(): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  private async command<T>(run: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    redis.on("error", () => undefined);
    try {
      await redis.connect();
      return await run(redis);
    } finally {
      redis.disconnect();
    }
  }
}
