import type { JsonObject } from "../../core/index.js";
import type { Sealing } from "../../platform/sealing.js";
import type { PatientInput } from "../model/commands.js";
import { formerIdentifierText, formerIdentifierValue, identifierText, identifierValue } from "../model/identifiers.js";
import { birthDateParts, sameNames, searchableNames } from "../model/patient-tokens.js";

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

  /** By which an identifier may be stored: its hash, and the one of its former normal form. */
  identifierHashes(identifier: { system: string; value: string }): Buffer[] {
    const texts = new Set([identifierText(identifier), formerIdentifierText(identifier)]);
    return [...texts].map((text) => this.#sealing.keyedHash("identifier", text));
  }

  /** What a patient can be searched for by: the names, the birth date, and identifiers without system. */
  tokenHashes(personal: PatientInput): Buffer[] {
    const values = new Set(personal.identifiers.map(({ value }) => identifierValue(value)));
    const { birthDate } = personal;
    return [
      ...searchableNames(personal).map((text) => this.nameHash(text)),
      this.sameNamesHash(personal),
      ...[...values].map((value) => this.identifierValueHash(value)),
      ...(birthDate === undefined ? [] : birthDateParts(birthDate).map((part) => this.birthDateHash(part))),
      ...(birthDate === undefined ? [] : [this.wholeBirthDateHash(birthDate)]),
    ];
  }

  /** For a value whose system is not known, as somebody types it into a search. */
  identifierValueHash(value: string): Buffer {
    return this.#sealing.keyedHash("identifierValue", identifierValue(value));
  }

  /** The same, and of its former normal form. */
  identifierValueHashes(value: string): Buffer[] {
    const values = new Set([identifierValue(value), formerIdentifierValue(value)]);
    return [...values].map((text) => this.#sealing.keyedHash("identifierValue", text));
  }

  /** For a text as `searchableNames` gives it. */
  nameHash(text: string): Buffer {
    return this.#sealing.keyedHash("name", text);
  }

  sameNamesHash(person: Pick<PatientInput, "familyName" | "givenName">): Buffer {
    return this.#sealing.keyedHash("sameNames", sameNames(person));
  }

  /** Of whoever may have been born on a date, in a month or in a year: born then, or known no more exactly than that. */
  bornHashes(birthDate: string): Buffer[] {
    const coarser = birthDateParts(birthDate).slice(0, -1);
    return [this.birthDateHash(birthDate), ...coarser.map((part) => this.wholeBirthDateHash(part))];
  }

  private birthDateHash(part: string): Buffer {
    return this.#sealing.keyedHash("birthDate", part);
  }

  /** For all that is known of it. */
  private wholeBirthDateHash(birthDate: string): Buffer {
    return this.#sealing.keyedHash("wholeBirthDate", birthDate);
  }

  requestHash(request: string): Buffer {
    return this.#sealing.keyedHash("request", request);
  }
}

const keyOf = (patientId: string): string => `patient-key:${patientId}`;
const patientOf = (patientId: string): string => `patient:${patientId}`;
const recordOf = (enrolmentId: string, seq: number): string => `record:${enrolmentId}:${seq}`;
