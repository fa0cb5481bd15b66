import { Injectable } from "@nestjs/common";
import type { Sql, Statement } from "../platform/statement.js";
import { PATHKEEPER, Reads, Together } from "../reads/index.js";
import type { StaffMember } from "./person.js";

/** The members of a `StaffMember`, by their own names. */
export const STAFF_COLUMNS = ["id", "name", "email", "phone", "language", "grants", "absent", "told", "digest"]
  .map((name) => `p.${name}`)
  .join(", ");

const ALL: Statement = {
  name: "pathkeeper-people",
  text: `select ${STAFF_COLUMNS} from person p order by p.id`,
};
const FIND: Statement = {
  name: "pathkeeper-find-people",
  text: `select ${STAFF_COLUMNS} from person p where p.id = any ($1::text[])`,
};
/** Whoever only reads is not held up. */
const LOCK: Statement = { name: "pathkeeper-lock-people", text: "lock table person in share row exclusive mode" };
const PUT: Statement = {
  name: "pathkeeper-put-person",
  text: `
    insert into person (id, name, email, phone, language, grants, absent, told, digest, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, pathkeeper_now())
    on conflict (id) do update set
      (name, email, phone, language, grants, absent, told, digest) =
      (excluded.name, excluded.email, excluded.phone, excluded.language, excluded.grants, excluded.absent,
       excluded.told, excluded.digest)`,
};

/** Everybody who is known. */
@Injectable()
export class People {
  private readonly sql: Sql;
  private readonly asked = new Together(async (ids: string[]) => {
    const found = await this.sql.rows<StaffMember>(FIND, [ids]);
    return new Map(found.map((person) => [person.id, person]));
  });

  constructor(reads: Reads) {
    this.sql = reads.by(PATHKEEPER, "people");
  }

  all(sql = this.sql): Promise<StaffMember[]> {
    return sql.rows<StaffMember>(ALL, []);
  }

  find(id: string): Promise<StaffMember | undefined> {
    return this.asked.find(id);
  }

  /** In a transaction, at whose end others go on: what must hold between several people is judged meanwhile. */
  async lock(sql: Sql): Promise<StaffMember[]> {
    await sql.rows(LOCK, []);
    return this.all(sql);
  }

  /** In a transaction that holds the lock. Adds the person, or replaces whoever has the id. */
  async put(sql: Sql, { id, name, email, phone, language, grants, absent, told, digest }: StaffMember): Promise<void> {
    const json = [grants, absent, told].map((value) => value && JSON.stringify(value));
    await sql.rows(PUT, [id, name, email, phone, language, ...json, digest]);
  }
}
