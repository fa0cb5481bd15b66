import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import type { Idempotency } from "../engine/index.js";
import { ProblemError } from "../platform/problems.js";
import { Sealing } from "../platform/sealing.js";

/**
 * Idempotency where no enrolment is concerned. What these routes do is the same when it is done twice, so it is enough
 * that a key stands for one request for ever; the engine keeps the keys of everything else.
 */
@Injectable()
export class AdministrativeKeys {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sealing: Sealing,
  ) {}

  async claim(person: string, idempotency: Idempotency | undefined, kind: string): Promise<void> {
    if (!idempotency) return;
    const { route, key, request } = idempotency;
    const hash = this.sealing.keyedHash("request", request);
    await this.dataSource.query(
      `insert into idempotency_key (person, route, key, request_hash, kind, status, seq, answered_at)
       values ($1, $2, $3, $4, $5, 201, 0, pathkeeper_now()) on conflict do nothing`,
      [person, route, key, hash, kind],
    );
    const [known] = await this.dataSource.query<{ request_hash: Buffer }[]>(
      `select request_hash from idempotency_key where person = $1 and route = $2 and key = $3`,
      [person, route, key],
    );
    if (known?.request_hash.equals(hash)) return;
    throw new ProblemError({ name: "key-reused", detail: "This key was used for another request. Use a new one." });
  }
}
