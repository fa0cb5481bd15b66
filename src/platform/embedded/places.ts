import { createHash } from "node:crypto";
import { existsSync, mkdirSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { StartError } from "../start-error.js";
import { reaches, type Account } from "./account.js";
import { binaryPackage, hydrate, stage } from "./binaries.js";

/** Where the server's files lie: beside everything else, unless its account cannot get there. */
export interface Places {
  /** The directory that holds `native/bin` and `native/lib`. */
  binaries: string;
  /** PGDATA. */
  data: string;
  /** The directory outside DATA_DIR that is used, if any; `pathkeeper reset` removes it. */
  staged: string | null;
}

export function stagingDirectory(dataDir: string): string {
  return join("/var/lib/pathkeeper", createHash("sha256").update(realPath(dataDir)).digest("hex").slice(0, 16));
}

/** Links resolved as far as the path exists: it is the same before DATA_DIR is made and after it was removed. */
function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(realPath(dirname(path)), basename(path));
}

export function findPlaces(dataDir: string, account: Account | null): Places {
  const staging = stagingDirectory(dataDir);
  const data = findData(dataDir, staging, account);
  const binaries = findBinaries(dataDir, staging, account);
  const staged = [data, binaries].some((path) => path.startsWith(staging)) ? staging : null;
  return { binaries, data, staged };
}

function findData(dataDir: string, staging: string, account: Account | null): string {
  const own = join(dataDir, "postgres");
  if (account === null) return own;
  const staged = join(staging, "postgres");
  const reachable = reaches(account, "x", dataDir);
  if (existsSync(staged)) return staged;
  if (existsSync(own) && !reachable) {
    throw new StartError(
      `PostgreSQL refuses to run as root, and its account "postgres" can no longer enter ${dataDir}, where its data is: let it pass (chmod o+x on the directories above), or start as the user who owns it.`,
    );
  }
  if (reachable) return own;
  makeStaging(staging);
  return staged;
}

function findBinaries(dataDir: string, staging: string, account: Account | null): string {
  const found = binaryPackage();
  const complete = hydrate(found.root);
  if (account === null) return complete ? found.root : stage(found, dataDir);
  const runs = reaches(account, "x", join(found.root, "native", "bin", "postgres"));
  if (complete && runs) return found.root;
  makeStaging(staging);
  return stage(found, staging);
}

/** Others may pass, and see nothing: the names in it are not secret, its data directory is 0700. */
function makeStaging(staging: string): void {
  mkdirSync(staging, { recursive: true, mode: 0o755 });
}
