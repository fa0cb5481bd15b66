import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import { PatientVault, searchPatients } from "../engine/index.js";
import { sqlOf } from "../platform/statement.js";
import type { PatientAnswer } from "./patient.schemas.js";

interface Row {
  id: string;
  wrapped_key: Buffer | null;
  sealed: Buffer;
}

/** Opens personal data for those who may read it: callers have been judged before they come here. */
@Injectable()
export class PatientReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly vault: PatientVault,
  ) {}

  async read(ids: readonly string[]): Promise<Map<string, PatientAnswer>> {
    const rows = await this.dataSource.query<Row[]>(
      `select id, wrapped_key, sealed from patient where id = any ($1::uuid[])`,
      [[...new Set(ids)]],
    );
    return new Map(rows.map((row) => [row.id, this.open(row)]));
  }

  /** The patients whom names, a birth date or an identifier's value fit. */
  find(q: string): Promise<string[]> {
    return searchPatients(sqlOf(this.dataSource.manager), this.vault, q);
  }

  private open({ id, wrapped_key, sealed }: Row): PatientAnswer {
    if (!wrapped_key) return { id, erased: true };
    return { id, ...this.vault.unsealPatient(this.vault.unwrapKey(id, wrapped_key), id, sealed) };
  }
}
