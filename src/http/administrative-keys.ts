import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import type { Idempotency } from "../engine/index.js";
import { PROBLEMS, ProblemError } from "../platform/problems.js";
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

  /** Does what the request asks for, unless its key stands for another one, and keeps the key with the outcome. */
  async once<T>(
    person: string,
    idempotency: Idempotency | undefined,
    kind: string,
    request: () => Promise<T>,
  ): Promise<T> {
    if (!idempotency) return request();
    const { route, key } = idempotency;
    const hash = this.sealing.keyedHash("request", idempotency.request);
    const id = [person, route, key];
    await this.refuseReuse(id, hash);
    const keep = async (status: number): Promise<void> => {
      await this.dataSource.query(
        `insert into idempotency_key (person, route, key, request_hash, kind, status, seq, answered_at)
         values ($1, $2, $3, $4, $5, $6, 0, pathkeeper_now()) on conflict do nothing`,
        [...id, hash, kind, status],
      );
      await this.refuseReuse(id, hash);
    };
    try {
      const answer = await request();
      await keep(201);
      return answer;
    } catch (error) {
      if (error instanceof ProblemError) await keep(PROBLEMS[error.problem.name].status);
      throw error;
    }
  }

  private async refuseReuse(id: readonly string[], hash: Buffer): Promise<void> {
    const [known] = await this.dataSource.query<{ request_hash: Buffer }[]>(
      `select request_hash from idempotency_key where person = $1 and route = $2 and key = $3`,
      [...id],
    );
    if (!known || known.request_hash.equals(hash)) return;
    throw new ProblemError({ name: "key-reused", detail: "This key was used for another request. Use a new one." });
  }
}
