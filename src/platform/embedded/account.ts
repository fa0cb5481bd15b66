import { execFileSync, spawnSync } from "node:child_process";
import { StartError } from "../start-error.js";

/** Whom the server runs as. PostgreSQL refuses to run as root. */
export interface Account {
  uid: number;
  gid: number;
}

const NAME = "postgres";

/** Null: the account of this process will do. As root: the account `postgres`, made if the machine has none. */
export function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  return find() ?? make();
}

/** Whether that account gets at a path: `x` to enter a directory or run a file, `r` to read. Asked of the kernel, not computed. */
export function reaches(account: Account | null, right: "r" | "x", path: string): boolean {
  return spawnSync("test", [`-${right}`, path], { ...account, cwd: "/" }).status === 0;
}

function find(): Account | null {
  try {
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return null;
  }
}

function id(which: "-u" | "-g"): number {
  return Number(execFileSync("id", [which, NAME], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
}

function make(): Account {
  const made = spawnSync("useradd", [
    "--system",
    "--user-group",
    "--no-create-home",
    "--home-dir",
    "/nonexistent",
    NAME,
  ]);
  const account = made.status === 0 ? find() : null;
  if (account === null) {
    throw new StartError(
      `PostgreSQL refuses to run as root, and the account "${NAME}" that it would run as cannot be made with useradd: make it, start as an ordinary user, or set DATABASE_URL.`,
    );
  }
  return account;
}
