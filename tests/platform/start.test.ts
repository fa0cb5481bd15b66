import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { isAlive, startOf, waitForEnd } from "../../src/platform/processes.js";
import { openDirectory, pathkeeper, startServer, type Command } from "../support/command.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { until } from "../support/until.js";

type Server = Command & { url: string };

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
    expect(server.said.out).toMatch(/^Making a PostgreSQL cluster in .*…\nStarting PostgreSQL…\n/);
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

  it("measures and logs requests by their route, never by their address", async () => {
    const id = "00000000-0000-4000-8000-000000000000";
    for (const path of [`/api/enrolments/${id}?asOf=Mustermann`, "/nowhere/Mustermann"]) {
      await (await fetch(`${server.url}${path}`)).text();
    }
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('route="/api/enrolments/:id",status="401"');
    expect(metrics).toContain("pathkeeper_timers_overdue 0");
    await until(() => server.said.err.includes('"route":"/api/enrolments/:id","status":401'));
    for (const text of [metrics, server.said.err]) {
      expect(text).not.toContain("Mustermann");
      expect(text).not.toContain(id);
    }
  });

  it("tells a second start on the same DATA_DIR in one sentence", async () => {
    for (const PORT of ["0", new URL(server.url).port]) {
      const second = pathkeeper(["start"], { env: { ...env, PORT } });
      expect(await second.ended).toBe(1);
      expect(second.said.err.trim().split("\n")).toEqual([expect.stringContaining("is running on")]);
    }
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

  it("has a neighbour with another DATA_DIR, which says in JSON where it is, and nothing else", async () => {
    const other = openDirectory();
    const neighbour = pathkeeper(["start", "--json"], { env: { DATA_DIR: other, PORT: "0" } });
    await until(() => neighbour.said.out.includes("\n"), { timeoutMs: 60_000, what: "the neighbour" });
    const { address, ...rest } = JSON.parse(neighbour.said.out) as { address: string; [fact: string]: unknown };
    expect(rest).toMatchObject({ docs: `${address}/docs`, dataDir: other, database: "embedded", queue: "postgres" });
    expect(rest["signIns"]).toContain("clinician2");
    expect(await sites(address)).not.toContain("kept");
    process.kill(neighbour.pid, "SIGTERM");
    expect(await neighbour.ended).toBe(0);
    expect(neighbour.said.out.trim().split("\n")).toHaveLength(1);
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

  it("is not reset while a database elsewhere is configured, whose key may lie there", async () => {
    const reset = pathkeeper(["reset", "--yes"], { env: { ...env, DATABASE_URL: "postgres://127.0.0.1:1/elsewhere" } });
    expect(await reset.ended).toBe(2);
    expect(reset.said.err).toContain("unset DATABASE_URL");
    expect(existsSync(join(dataDir, "patient.key"))).toBe(true);
  });

  it("is removed by reset, which leaves alone what is not its own", async () => {
    writeFileSync(join(dataDir, "notes.txt"), "mine");
    expect(await pathkeeper(["reset"], { env }).ended).toBe(2);
    expect(existsSync(join(dataDir, "postgres"))).toBe(true);
    const reset = pathkeeper(["reset", "--yes", "--json"], { env });
    expect(await reset.ended).toBe(0);
    const { removed, kept } = JSON.parse(reset.said.out) as { removed: string[]; kept: string[] };
    expect(removed[0]).toBe(dataDir);
    expect(kept).toEqual([join(dataDir, "notes.txt")]);
    expect(existsSync(join(dataDir, "postgres"))).toBe(false);
    expect(existsSync(join(dataDir, "patient.key"))).toBe(false);
    expect(readFileSync(join(dataDir, "notes.txt"), "utf8")).toBe("mine");
  });
});

describe("a command beside a server", () => {
  it.each([[["doctor"]], [["audit", "verify"]]])("makes no installation where there is none: %s", async (args) => {
    const nowhere = join(openDirectory(), "nowhere");
    const command = pathkeeper(args, { env: { DATA_DIR: nowhere } });
    expect(await command.ended).toBe(2);
    expect(command.said.err.trim().split("\n")).toEqual([expect.stringContaining("There is no installation in")]);
    expect(existsSync(nowhere)).toBe(false);
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
});

describe("a start in a place that cannot be", () => {
  const elsewhere = { HOST: "999.1.1.1", PATIENT_KEY: Buffer.alloc(32, 7).toString("base64") };
  it.each([
    [elsewhere, "HOST 999.1.1.1 is no address of this machine."],
    [{ DATA_DIR: "/etc/passwd" }, "DATA_DIR /etc/passwd is a file, or lies in one: name a directory."],
    [{ DATA_DIR: "/etc/passwd/x" }, "DATA_DIR /etc/passwd/x is a file, or lies in one: name a directory."],
  ])("says so: %j", async (env: Record<string, string>, sentence) => {
    const command = pathkeeper(["start"], { env: { PORT: "0", DATA_DIR: join(tmpdir(), "never-made"), ...env } });
    expect(await command.ended).toBe(2);
    expect(command.said.err).toBe(`${sentence}\n`);
  });
});

describe("a command that cannot succeed", () => {
  const COMMANDS = [[["start"]], [["doctor"]], [["audit", "verify"]]];

  it.each([...COMMANDS, [["reset", "--yes"]]])("is wrong use with wrong variables, each told: %s", async (args) => {
    const env = { PORT: "x", ROLE: "y" };
    const command = pathkeeper(args, { env });
    expect(await command.ended).toBe(2);
    expect(command.said.err.trim().split("\n")).toHaveLength(2);
    const json = pathkeeper([...args, "--json"], { env });
    expect(await json.ended).toBe(2);
    expect(json.said.err).toBe("");
    expect(JSON.parse(json.said.out)).toEqual({ error: command.said.err.trimEnd() });
  });

  it.each(COMMANDS)("answers no where nothing listens at DATABASE_URL: %s", async (args) => {
    const env = { DATABASE_URL: "postgres://me:hunter2@127.0.0.1:9/x", PORT: "0", DATA_DIR: openDirectory() };
    const sentence = "PostgreSQL at 127.0.0.1:9/x cannot be used: nothing listens there (ECONNREFUSED).";
    const command = pathkeeper(args, { env });
    expect(await command.ended).toBe(1);
    expect(command.said).toEqual({ out: "", err: `${sentence}\n` });
    const json = pathkeeper([...args, "--json"], { env });
    expect(await json.ended).toBe(1);
    expect(JSON.parse(json.said.out)).toEqual({ error: sentence });
    rmSync(env.DATA_DIR, { recursive: true });
  });
});

describe("a start on a database of somebody's own", () => {
  let database: TestDatabase;
  const dataDir = openDirectory();
  const refusal = async (url: string): Promise<string> => {
    const command = pathkeeper(["start"], { env: { DATABASE_URL: url, DATA_DIR: dataDir, PORT: "0" } });
    expect(await command.ended).toBe(1);
    return command.said.err;
  };
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await database.drop();
    rmSync(dataDir, { recursive: true });
  });

  it("refuses one that is newer than the code", async () => {
    await database.owner.query("insert into migrations (timestamp, name) values (9e12, 'FromTheFuture9000000000000')");
    expect(await refusal(database.url)).toMatch(/^The database is newer than this program .*FromTheFuture.*\.\n$/);
  });

  it("prints what somebody must run where its role may not make roles", async () => {
    const name = `limited_${process.pid}`;
    const url = new URL(database.url);
    Object.assign(url, { pathname: `/${name}`, username: name, password: "x" });
    await database.owner.query(`create role ${name} login password 'x'`);
    await database.owner.query(`create database ${name} owner ${name}`);
    try {
      expect(await refusal(url.toString())).toBe(
        `Somebody who may create roles must run this once: GRANT pathkeeper_app TO ${name};\n`,
      );
    } finally {
      await database.owner.query(`drop database ${name}`);
      await database.owner.query(`drop role ${name}`);
    }
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
