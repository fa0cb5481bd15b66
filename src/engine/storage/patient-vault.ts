import type { JsonObject } from "../../core/index.js";
import type { Sealing } from "../../platform/sealing.js";
import type { PatientInput } from "../model/commands.js";
import { identifierText, identifierValue, nameTokens } from "../model/patient-tokens.js";

/** Everything personal goes through here: it is sealed with a key per patient, and found by keyed hashes. */
export class PatientVault {
  readonly #sealing: Sealing;

  constructor(sealing: Sealing) {
    this.#sealing = sealing;
  }

  /** A key for a new patient, and how it is stored. */
  newKey(patientId: string): { key: Buffer; wrapped: Buffer } {
    const key = this.#sealing.newKey();
    return { key, wrapped: this.#sealing.wrapKey(key, keyOf(patientId)) };
  }

  unwrapKey(patientId: string, wrapped: Buffer): Buffer {
    return this.#sealing.unwrapKey(wrapped, keyOf(patientId));
  }

  sealPatient(key: Buffer, patientId: string, personal: PatientInput): Buffer {
    return this.#sealing.sealText(key, patientOf(patientId), JSON.stringify(personal));
  }

  unsealPatient(key: Buffer, patientId: string, sealed: Buffer): PatientInput {
    return JSON.parse(this.#sealing.unsealText(key, patientOf(patientId), sealed)) as PatientInput;
  }

  sealRecord(key: Buffer, enrolmentId: string, seq: number, personal: JsonObject): Buffer {
    return this.#sealing.sealText(key, recordOf(enrolmentId, seq), JSON.stringify(personal));
  }

  unsealRecord(key: Buffer, enrolmentId: string, seq: number, sealed: Buffer): JsonObject {
    return JSON.parse(this.#sealing.unsealText(key, recordOf(enrolmentId, seq), sealed)) as JsonObject;
  }

  identifierHash(identifier: { system: string; value: string }): Buffer {
    return this.#sealing.keyedHash("identifier", identifierText(identifier));
  }

  /** What a patient can be searched for by: each word of the names, the birth date, and identifiers without system. */
  tokenHashes(personal: PatientInput): Buffer[] {
    const names = [personal.familyName, personal.givenName].flatMap((name) => name ?? []);
    const words = new Set(names.flatMap(nameTokens));
    const values = new Set(personal.identifiers.map(({ value }) => identifierValue(value)));
    return [
      ...[...words].map((word) => this.nameHash(word)),
      ...[...values].map((value) => this.identifierValueHash(value)),
      ...(personal.birthDate === undefined ? [] : [this.birthDateHash(personal.birthDate)]),
    ];
  }

  /** For a value whose system is not known, as somebody types it into a search. */
  identifierValueHash(value: string): Buffer {
    return this.#sealing.keyedHash("identifierValue", identifierValue(value));
  }

  /** For a word as `nameTokens` gives it. */
  nameHash(word: string): Buffer {
    return this.#sealing.keyedHash("name", word);
  }

  birthDateHash(birthDate: string): Buffer {
    return this.#sealing.keyedHash("birthDate", birthDate);
  }

  requestHash(request: string): Buffer {
    return this.#sealing.keyedHash("request", request);
  }
}

const keyOf = (patientId: string): string => `patient-key:${patientId}`;
const patientOf = (patientId: string): string => `patient:${patientId}`;
const recordOf = (enrolmentId: string, seq: number): string => `record:${enrolmentId}:${seq}`;
