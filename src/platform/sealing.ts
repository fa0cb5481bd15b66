/**
 * The cryptography of personal data. Each patient has a key; PATIENT_KEY only wraps those keys and derives the keys of
 * the hashes, so that destroying one patient's wrapped key makes that person unreadable and nobody else.
 *
 * Sealed: version (1) | nonce (12) | tag (16) | ciphertext, AES-256-GCM. What a text belongs to is authenticated with
 * it (`aad`), so that nothing sealed for one place can be read at another.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";

const CIPHER = "aes-256-gcm";
const VERSION = 1;
const NONCE = 12;
const TAG = 16;
const HEAD = 1 + NONCE + TAG;
export const KEY_BYTES = 32;

/** It was sealed with another key, for another place, or altered since. */
export class UnsealError extends Error {
  constructor() {
    super("A sealed text cannot be opened: it belongs to another key or another place, or was altered.");
  }
}

export class Sealing {
  // Private to the language, not only to TypeScript: nothing that prints or serialises an object shows them.
  readonly #patientKey: Buffer;
  readonly #wrappingKey: Buffer;
  readonly #hashKeys = new Map<string, Buffer>();

  constructor(patientKey: Buffer) {
    if (patientKey.length !== KEY_BYTES) throw new RangeError(`PATIENT_KEY has ${KEY_BYTES} bytes.`);
    this.#patientKey = patientKey;
    this.#wrappingKey = this.derive("wrap");
  }

  newKey(): Buffer {
    return randomBytes(KEY_BYTES);
  }

  wrapKey(key: Buffer, aad: string): Buffer {
    return seal(this.#wrappingKey, aad, key);
  }

  unwrapKey(wrapped: Buffer, aad: string): Buffer {
    return unseal(this.#wrappingKey, aad, wrapped);
  }

  sealText(key: Buffer, aad: string, text: string): Buffer {
    return seal(key, aad, Buffer.from(text, "utf8"));
  }

  unsealText(key: Buffer, aad: string, sealed: Buffer): string {
    return unseal(key, aad, sealed).toString("utf8");
  }

  /** HMAC-SHA-256: the same text gives the same hash, for one purpose and under one PATIENT_KEY. */
  keyedHash(purpose: string, text: string): Buffer {
    let key = this.#hashKeys.get(purpose);
    if (!key) this.#hashKeys.set(purpose, (key = this.derive(`hash:${purpose}`)));
    return createHmac("sha256", key).update(text, "utf8").digest();
  }

  /** A key of its own for each use, such as signing the tokens of sessions; none tells anything about another. */
  derive(use: string): Buffer {
    return Buffer.from(hkdfSync("sha256", this.#patientKey, Buffer.alloc(0), `pathkeeper/${use}`, KEY_BYTES));
  }

  /** Kept in the database, so that a start with another PATIENT_KEY is noticed before anything is sealed with it. */
  keyCheck(): Buffer {
    return this.derive("key-check");
  }
}

function seal(key: Buffer, aad: string, plain: Buffer): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(aad, "utf8"));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
}

function unseal(key: Buffer, aad: string, sealed: Buffer): Buffer {
  if (sealed.length < HEAD || sealed[0] !== VERSION) throw new UnsealError();
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(1, 1 + NONCE), { authTagLength: TAG });
  decipher.setAAD(Buffer.from(aad, "utf8")).setAuthTag(sealed.subarray(1 + NONCE, HEAD));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEAD)), decipher.final()]);
  } catch {
    throw new UnsealError();
  }
}
