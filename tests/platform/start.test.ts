import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { isAlive, startOf, waitForEnd } from "../../src/platform/processes.js";
import { pathkeeper, startServer, type Command } from "../support/command.js";
import { until } from "../support/until.js";

type Server = Command & { url: string };

/** A place that others may pass through, as a home or a service directory ordinarily is. */
function openDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "start-"));
  chmodSync(directory, 0o711);
  return directory;
}

describe("an installation with the embedded PostgreSQL", () => {
  const dataDir = openDirectory();
  const env = { DATA_DIR: dataDir };
  let server: Server;
  const postmaster = (): number =>
    Number(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);
  const kill = async (...pids: number[]): Promise<void> => {
    for (const pid of pids) process.kill(pid, "SIGKILL");
    for (const pid of pids) await waitForEnd(pid, 10_000);
  };
  beforeAll(async () => {
    server = await startServer({ env });
  });
  afterAll(async () => {
    if (startOf(server.pid) !== null) process.kill(server.pid, "SIGINT");
    await server.ended;
    rmSync(dataDir, { recursive: true });
  });

  it("is ready, says where, and keeps its secrets to its owner", async () => {
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    expect(server.said.out).toContain(dataDir);
    expect(server.said.out).toContain("coordinator, clinician, clinician2, lead, auditor, admin, system");
    for (const secret of ["patient.key", "postgres.password"]) {
      expect(statSync(join(dataDir, secret)).mode & 0o777).toBe(0o600);
    }
  });

  it("runs PostgreSQL in a process group of its own, durable, with a password and on loopback only", async () => {
    expect(groupOf(postmaster())).toBe(postmaster());
    const settings = readFileSync(`/proc/${postmaster()}/cmdline`, "utf8");
    for (const setting of ["listen_addresses=127.0.0.1", "fsync=on", "synchronous_commit=on"])
      expect(settings).toContain(setting);
    const access = readAccess(join(dataDir, "postgres", "pg_hba.conf"));
    expect(access).toContain("scram-sha-256");
    expect(access).not.toContain("trust");
  });

  it("tells a second start on the same DATA_DIR in one sentence", async () => {
    const second = pathkeeper(["start"], { env: { ...env, PORT: "0" } });
    expect(await second.ended).toBe(1);
    expect(second.said.err.trim().split("\n")).toEqual([expect.stringContaining("is running on")]);
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
  });

  it("keeps its data and stops the PostgreSQL that is left when Node alone is killed", async () => {
    await addSite(server.url, "kept");
    const orphan = postmaster();
    await kill(server.pid);
    expect(isAlive(orphan)).toBe(true);
    server = await startServer({ env });
    expect(postmaster()).not.toBe(orphan);
    expect(isAlive(orphan)).toBe(false);
    expect(await sites(server.url)).toContain("kept");
  });

  it("starts again at once after everything was killed", async () => {
    await kill(server.pid, postmaster());
    server = await startServer({ env });
    expect(await sites(server.url)).toContain("kept");
  });

  it("takes no stranger for its own, whose process id stands in a pid file that was left", async () => {
    await kill(server.pid, postmaster());
    const stranger = spawn("sleep", ["120"], { stdio: "ignore" });
    try {
      for (const file of ["postgres/postmaster.pid", "pathkeeper.lock"]) {
        const path = join(dataDir, file);
        writeFileSync(path, readFileSync(path, "utf8").replace(/\d+/, String(stranger.pid)));
      }
      server = await startServer({ env });
      expect(await sites(server.url)).toContain("kept");
      expect(stranger.exitCode).toBeNull();
    } finally {
      stranger.kill();
    }
  });

  it("starts PostgreSQL again when it dies under the running process", async () => {
    const before = postmaster();
    process.kill(before, "SIGKILL");
    await until(async () => postmaster() !== before && (await sites(server.url)).includes("kept"), {
      what: "PostgreSQL",
    });
  });

  it("has a neighbour with another DATA_DIR", async () => {
    const other = openDirectory();
    const neighbour = await startServer({ env: { DATA_DIR: other } });
    expect(await sites(neighbour.url)).not.toContain("kept");
    process.kill(neighbour.pid, "SIGTERM");
    expect(await neighbour.ended).toBe(0);
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    rmSync(other, { recursive: true });
  });

  it("ends cleanly at Ctrl-C: Node, then PostgreSQL, and nothing in the log but sentences", async () => {
    const left = postmaster();
    process.kill(server.pid, "SIGINT");
    process.kill(server.pid, "SIGINT");
    expect(await server.ended).toBe(0);
    expect(isAlive(left)).toBe(false);
    expect(existsSync(join(dataDir, "pathkeeper.lock"))).toBe(false);
    expect(existsSync(join(dataDir, "postgres", "postmaster.pid"))).toBe(false);
    for (const line of server.said.err.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("msg");
  });

  it("is removed by reset, which leaves alone what is not its own", async () => {
    writeFileSync(join(dataDir, "notes.txt"), "mine");
    expect(await pathkeeper(["reset"], { env }).ended).toBe(2);
    expect(existsSync(join(dataDir, "postgres"))).toBe(true);
    expect(await pathkeeper(["reset", "--yes"], { env }).ended).toBe(0);
    expect(existsSync(join(dataDir, "postgres"))).toBe(false);
    expect(existsSync(join(dataDir, "patient.key"))).toBe(false);
    expect(readFileSync(join(dataDir, "notes.txt"), "utf8")).toBe("mine");
  });
});

describe("a start that cannot succeed", () => {
  it("says so of a port in use, before anything is made", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await until(() => holder.listening);
    const { port } = holder.address() as { port: number };
    const dataDir = join(tmpdir(), `never-made-${port}`);
    const command = pathkeeper(["start"], { env: { DATA_DIR: dataDir, PORT: String(port) } });
    expect(await command.ended).toBe(1);
    expect(command.said.err).toBe(
      `Port ${port} on 127.0.0.1 is not to be had: stop what uses it, or set PORT to another.\n`,
    );
    expect(existsSync(dataDir)).toBe(false);
    await new Promise((resolve) => holder.close(resolve));
  });

  it("says so of each wrong variable", async () => {
    const command = pathkeeper(["start"], { env: { PORT: "x", ROLE: "y" } });
    expect(await command.ended).toBe(1);
    expect(command.said.err.trim().split("\n")).toHaveLength(2);
  });

  it("says so of a DATABASE_URL where nothing listens", async () => {
    const env = { DATABASE_URL: "postgres://me:hunter2@127.0.0.1:9/x", PORT: "0", DATA_DIR: openDirectory() };
    const command = pathkeeper(["start"], { env });
    expect(await command.ended).toBe(1);
    expect(command.said.err).toBe(
      "PostgreSQL at 127.0.0.1:9/x cannot be used: nothing listens there (ECONNREFUSED).\n",
    );
    rmSync(env.DATA_DIR, { recursive: true });
  });
});

function groupOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
}

/** The lines that grant something; root reads what belongs to the account of PostgreSQL. */
function readAccess(file: string): string {
  return readFileSync(file, "utf8").replaceAll(/^#.*$/gm, "");
}

async function as(user: string, url: string, path: string, body?: object): Promise<Response> {
  const json = { "content-type": "application/json" };
  const signIn = await fetch(`${url}/api/session`, { method: "POST", headers: json, body: JSON.stringify({ user }) });
  const { token } = (await signIn.json()) as { token: string };
  const headers = { ...json, authorization: `Bearer ${token}`, "idempotency-key": `${path}-${performance.now()}` };
  return fetch(`${url}${path}`, body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers });
}

async function addSite(url: string, id: string): Promise<void> {
  const answer = await as("admin", url, "/api/sites", { id, name: "North", timeZone: "Europe/Berlin" });
  expect(answer.status).toBe(201);
}

async function sites(url: string): Promise<string> {
  return (await as("admin", url, "/api/sites")).text();
}
