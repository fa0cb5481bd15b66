import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { StartError } from "../start-error.js";
import type { Account } from "./account.js";
import type { Places } from "./places.js";

export interface ClusterOptions {
  dataDir: string;
  places: Places;
  account: Account | null;
  password: string;
}

/** Made once and kept beside the data; without it the data cannot be opened again. */
export function passwordOf(dataDir: string, data: string): string {
  const file = join(dataDir, "postgres.password");
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  if (existsSync(data)) {
    throw new StartError(
      `The database in ${data} is there, but its password is not in ${file}: put the file back, or throw the data away with npx pathkeeper reset.`,
    );
  }
  const password = randomBytes(24).toString("base64url");
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}

/** Makes the data directory under another name first: one that is there is whole, whenever the process was killed. */
export async function initialise({ places, account, password }: ClusterOptions): Promise<void> {
  const { binaries, data } = places;
  const binary = (name: string): string => join(binaries, "native", "bin", name);
  if (existsSync(data)) return refuseOtherMajor(data, binaries);
  removeDrafts(data);
  const draft = `${data}.new-${process.pid}`;
  const secret = `${draft}.password`;
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(secret, `${password}\n`, { mode: 0o600 });
  for (const path of account === null ? [] : [draft, secret]) chownSync(path, account!.uid, account!.gid);
  const flags = [
    `--pgdata=${draft}`,
    "--username=pathkeeper",
    `--pwfile=${secret}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
  ];
  try {
    await run(binary("initdb"), flags, account);
    renameSync(draft, data);
  } finally {
    removeDrafts(data);
  }
}

function removeDrafts(data: string): void {
  for (const name of readdirSync(dirname(data))) {
    if (name.startsWith(`${basename(data)}.new-`)) rmSync(join(dirname(data), name), { recursive: true, force: true });
  }
}

function refuseOtherMajor(data: string, binaries: string): void {
  const found = readFileSync(join(data, "PG_VERSION"), "utf8").trim();
  const share = readFileSync(join(binaries, "native", "share", "postgresql", "postgres.bki"), "utf8").slice(0, 40);
  const expected = /PostgreSQL (\d+)/.exec(share)?.[1];
  if (expected !== undefined && expected !== found) {
    throw new StartError(
      `The data in ${data} was written by PostgreSQL ${found} and this is PostgreSQL ${expected}: carry it over with pg_upgrade, or start with another DATA_DIR.`,
    );
  }
}

function run(command: string, flags: string[], account: Account | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, flags, {
      ...account,
      cwd: "/",
      env: { PATH: process.env["PATH"], LC_ALL: "C" },
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.once("error", (error) =>
      reject(new StartError(`The embedded PostgreSQL cannot be set up: ${error.message}.`)),
    );
    child.once("close", (code) => {
      const reason = said.split("\n").find((line) => /error|fatal/i.test(line)) ?? said.trim();
      if (code === 0) resolve();
      else reject(new StartError(`The embedded PostgreSQL cannot be set up: ${reason}.`));
    });
  });
}
