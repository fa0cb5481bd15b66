import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DataSource } from "typeorm";
import type { Config } from "./config.js";
import { KEY_BYTES, Sealing } from "./sealing.js";
import { StartError } from "./start-error.js";

/** PATIENT_KEY, or the one in DATA_DIR. Only a configuration on a loopback address comes without one. */
export function patientKey({ patientKey: given, dataDir }: Pick<Config, "patientKey" | "dataDir">): Buffer {
  if (given) return given;
  const file = join(dataDir, "patient.key");
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(KEY_BYTES).toString("base64")}\n`, { mode: 0o600 });
  try {
    // Whole or not at all, and the first one wins: a key must never be replaced.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const key = Buffer.from(readFileSync(file, "utf8").trim(), "base64");
  if (key.length === KEY_BYTES) return key;
  throw new StartError(
    `${file} does not hold 32 bytes in base64: put the right key back, or nobody's data can be read.`,
  );
}

/** Refuses a key that is not the one this database was sealed with. The first start leaves its mark. */
export async function checkPatientKey(owner: DataSource, sealing: Sealing): Promise<void> {
  const check = sealing.keyCheck();
  await owner.query(
    "insert into installation (id, key_check, created_at) values (1, $1, pathkeeper_now()) on conflict (id) do nothing",
    [check],
  );
  const [found] = await owner.query<{ key_check: Buffer }[]>("select key_check from installation where id = 1");
  if (!found?.key_check.equals(check)) {
    throw new StartError(
      "PATIENT_KEY is not the key that the personal data in this database was sealed with: start with the right one.",
    );
  }
}
