import { randomBytes } from "node:crypto";
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DataSource } from "typeorm";
import type { Config } from "./config.js";
import { KEY_BYTES, Sealing } from "./sealing.js";
import { StartError } from "./start-error.js";

/** PATIENT_KEY, or the one in DATA_DIR. Only a configuration on a loopback address comes without one. */
export function patientKey({ patientKey: given, dataDir }: Pick<Config, "patientKey" | "dataDir">): Buffer {
  if (given) return given;
  const file = join(dataDir, "patient.key");
  if (!existsSync(file)) makeKey(file);
  const key = Buffer.from(readFileSync(file, "utf8").trim(), "base64");
  if (key.length === KEY_BYTES) return key;
  throw new StartError(
    `${file} does not hold 32 bytes in base64: put the right key back, or nobody's data can be read.`,
  );
}

function makeKey(file: string): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, `${randomBytes(KEY_BYTES).toString("base64")}\n`, { mode: 0o600 });
    // Whole or not at all, and the first one wins: a key must never be replaced.
    linkSync(draft, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") throw new StartError(`${file} cannot be written (${code}): name a DATA_DIR of this user.`);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Leaves the mark of the key on a database that has none. */
export async function markPatientKey(owner: DataSource, sealing: Sealing): Promise<void> {
  await owner.query(
    "insert into installation (id, key_check, created_at) values (1, $1, pathkeeper_now()) on conflict (id) do nothing",
    [sealing.keyCheck()],
  );
  await refuseOtherKey(owner, sealing);
}

/** Refuses a key that is not the one this database was sealed with; a database without a mark has nothing sealed. */
export async function refuseOtherKey(owner: DataSource, sealing: Sealing): Promise<void> {
  const [table] = await owner.query<{ found: boolean }[]>("select to_regclass('installation') is not null as found");
  if (!table?.found) return;
  const [mark] = await owner.query<{ key_check: Buffer }[]>("select key_check from installation where id = 1");
  if (!mark || mark.key_check.equals(sealing.keyCheck())) return;
  throw new StartError(
    "PATIENT_KEY is not the key that the personal data in this database was sealed with: start with the right one.",
  );
}
