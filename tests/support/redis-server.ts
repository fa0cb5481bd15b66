import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { Redis } from "ioredis";
import { until } from "./until.js";
import { freePort } from "./free-port.js";

/** Gives the address of a Redis: the one named by REDIS_URL, or a server of our own without any persistence. */
export async function startRedis(directory: string, stops: (() => Promise<void> | void)[]): Promise<string> {
  const given = process.env["REDIS_URL"];
  if (given) return given;
  const program = find() ?? install();
  const port = await freePort();
  const flags = {
    port,
    bind: "127.0.0.1",
    dir: directory,
    save: "",
    appendonly: "no",
    "maxmemory-policy": "noeviction",
  };
  const child = spawn(
    program,
    Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]),
    { stdio: "ignore" },
  );
  child.unref();
  stops.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    child.kill("SIGTERM");
    await once(child, "exit");
  });
  const url = `redis://127.0.0.1:${port}`;
  await until(() => answers(url), { what: `${program} on port ${port}` });
  return url;
}

function find(): string | null {
  return ["redis-server", "valkey-server"].find((name) => spawnSync(name, ["--version"]).status === 0) ?? null;
}

function install(): string {
  const mayInstall = process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0;
  if (mayInstall) {
    process.stderr.write("Installing redis-server for the tests (apt-get).\n");
    const quiet = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } } as const;
    spawnSync("apt-get", ["update", "-q"], quiet);
    spawnSync("apt-get", ["install", "-q", "-y", "--no-install-recommends", "redis-server"], quiet);
  }
  const found = find();
  if (found === null)
    throw new Error("The tests need a Redis: put redis-server or valkey-server on the PATH, or set REDIS_URL.");
  return found;
}

async function answers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  redis.on("error", () => undefined);
  try {
    await redis.connect();
    return (await redis.ping()) === "PONG";
  } finally {
    redis.disconnect();
  }
}
