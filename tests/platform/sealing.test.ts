import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { markPatientKey, patientKey } from "../../src/platform/patient-key.js";
import { Sealing, UnsealError } from "../../src/platform/sealing.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

const sealing = new Sealing(Buffer.alloc(32, 1));
const other = new Sealing(Buffer.alloc(32, 2));

describe("a sealed text", () => {
  const key = sealing.newKey();

  it("comes back as it went in", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (text, aad) => {
        expect(sealing.unsealText(key, aad, sealing.sealText(key, aad, text))).toBe(text);
      }),
    );
  });

  it("shows nothing of itself and looks different each time", () => {
    const [one, two] = [sealing.sealText(key, "here", "Maria"), sealing.sealText(key, "here", "Maria")];
    expect(one.equals(two)).toBe(false);
    expect(one.includes("Maria")).toBe(false);
  });

  it("opens neither at another place nor with another key", () => {
    const sealed = sealing.sealText(key, "record:1", "Maria");
    expect(() => sealing.unsealText(key, "record:2", sealed)).toThrow(UnsealError);
    expect(() => sealing.unsealText(sealing.newKey(), "record:1", sealed)).toThrow(UnsealError);
  });

  it("notices one changed bit, wherever it is, and a text cut short", () => {
    const sealed = sealing.sealText(key, "here", "Maria");
    for (let byte = 0; byte < sealed.length; byte += 1) {
      const changed = Buffer.from(sealed);
      changed[byte]! ^= 1;
      expect(() => sealing.unsealText(key, "here", changed)).toThrow(UnsealError);
      expect(() => sealing.unsealText(key, "here", sealed.subarray(0, byte))).toThrow(UnsealError);
    }
  });
});

describe("a patient's key", () => {
  it("unwraps only under the same PATIENT_KEY and for the same patient", () => {
    const key = sealing.newKey();
    const wrapped = sealing.wrapKey(key, "patient:1");
    expect(new Sealing(Buffer.alloc(32, 1)).unwrapKey(wrapped, "patient:1")).toEqual(key);
    expect(() => other.unwrapKey(wrapped, "patient:1")).toThrow(UnsealError);
    expect(() => sealing.unwrapKey(wrapped, "patient:2")).toThrow(UnsealError);
  });
});

describe("a keyed hash", () => {
  it("is the same for the same text, purpose and key, and for nothing else", () => {
    const hash = sealing.keyedHash("name", "maria").toString("hex");
    expect(new Sealing(Buffer.alloc(32, 1)).keyedHash("name", "maria").toString("hex")).toBe(hash);
    const others = [
      sealing.keyedHash("name", "mario"),
      sealing.keyedHash("identifier", "maria"),
      other.keyedHash("name", "maria"),
    ].map((buffer) => buffer.toString("hex"));
    expect(new Set([hash, ...others]).size).toBe(4);
  });
});

describe("PATIENT_KEY", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "patient-key-"));
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    rmSync(dataDir, { recursive: true });
    await database.drop();
  });

  it("is made once in DATA_DIR, for its owner's eyes only", () => {
    const made = patientKey({ patientKey: null, dataDir });
    expect(made).toHaveLength(32);
    expect(patientKey({ patientKey: null, dataDir })).toEqual(made);
    expect(statSync(join(dataDir, "patient.key")).mode & 0o777).toBe(0o600);
  });

  it("is refused when it is not the one that the database was sealed with", async () => {
    await markPatientKey(database.owner, sealing);
    await markPatientKey(database.owner, new Sealing(Buffer.alloc(32, 1)));
    await expect(markPatientKey(database.owner, other)).rejects.toThrow("PATIENT_KEY is not the key");
  });
});
