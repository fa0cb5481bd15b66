import { Injectable } from "@nestjs/common";
import {
  checkDocument,
  compile,
  contentHash,
  type Fault,
  type Instant,
  parseDocument,
  type Parsed,
  type Pathway,
  type PathwayDocument,
} from "../core/index.js";
import type { Sql, Statement } from "../platform/statement.js";
import { Transactions } from "../platform/transactions.js";
import { PATHKEEPER, Reads } from "../reads/index.js";
import { compareVersions } from "./versions.js";

/** A published version, without its document. */
export interface Published {
  id: string;
  version: string;
  hash: string;
  title: string;
  publishedAt: Instant;
  publishedBy: string;
}

export type Publication =
  | { kind: "published"; published: Published }
  | { kind: "faulty"; faults: Fault[] }
  /** The version exists with other content. */
  | { kind: "exists"; id: string; version: string };

const COLUMNS = `id, version, hash, document ->> 'title' as title,
  published_at as "publishedAt", published_by as "publishedBy"`;

const ALL: Statement = { name: "pathkeeper-pathways", text: `select ${COLUMNS} from pathway_version` };
const VERSIONS: Statement = {
  name: "pathkeeper-pathway-versions",
  text: `select ${COLUMNS} from pathway_version where id = $1`,
};
const VERSION: Statement = {
  name: "pathkeeper-pathway-version",
  text: `select ${COLUMNS} from pathway_version where id = $1 and version = $2`,
};
const DOCUMENT: Statement = {
  name: "pathkeeper-pathway-document",
  text: `select hash, document from pathway_version where id = $1 and version = $2`,
};
const PUBLISH: Statement = {
  name: "pathkeeper-publish-pathway",
  text: `
    insert into pathway_version (id, version, hash, document, published_at, published_by)
    values ($1, $2, $3, $4, pathkeeper_now(), $5) on conflict (id, version) do nothing`,
};

/** A document that may be published. */
export interface Sound {
  document: PathwayDocument;
  hash: string;
}

/** Every published version, for ever: a version is data, never edited, and compiled once per process. */
@Injectable()
export class PathwayRegistry {
  private readonly compiled = new Map<string, Promise<Pathway | undefined>>();
  private readonly sql: Sql;

  constructor(
    reads: Reads,
    private readonly transactions: Transactions,
  ) {
    this.sql = reads.by(PATHKEEPER, "pathway");
  }

  publish(text: string, by: string): Promise<Publication> {
    return this.publishParsed(parseDocument(text), by);
  }

  async publishParsed(parsed: Parsed, by: string): Promise<Publication> {
    const checked = await this.check(parsed);
    return Array.isArray(checked)
      ? { kind: "faulty", faults: checked }
      : this.transactions.transaction((sql) => this.store(sql, checked, by));
  }

  /** What is published already is not checked again. */
  async check({ document, faults, locate }: Parsed): Promise<Sound | Fault[]> {
    if (!document || faults.length) return faults;
    const hash = contentHash(document);
    if ((await this.find(document.id, document.version))?.hash === hash) return { document, hash };
    const wrong = checkDocument(document, locate);
    return wrong.length ? wrong : { document, hash };
  }

  /** In a transaction. Publishing what is published already changes nothing. */
  async store(sql: Sql, { document, hash }: Sound, by: string): Promise<Exclude<Publication, { kind: "faulty" }>> {
    const { id, version } = document;
    await sql.rows(PUBLISH, [id, version, hash, JSON.stringify(document), by]);
    const published = (await this.find(id, version, sql))!;
    return published.hash === hash ? { kind: "published", published } : { kind: "exists", id, version };
  }

  /** By id, the newest version first. */
  async list(): Promise<Published[]> {
    const all = await this.sql.rows<Published>(ALL, []);
    return all.sort((one, other) =>
      one.id === other.id ? compareVersions(other.version, one.version) : one.id < other.id ? -1 : 1,
    );
  }

  async find(id: string, version: string, sql = this.sql): Promise<Published | undefined> {
    return (await sql.rows<Published>(VERSION, [id, version]))[0];
  }

  /** The highest version number published. */
  async newest(id: string): Promise<Published | undefined> {
    const rows = await this.sql.rows<Published>(VERSIONS, [id]);
    return rows.sort((one, other) => compareVersions(other.version, one.version))[0];
  }

  /** A published version, ready to run; undefined where there is none. Always made from what is stored. */
  pathway(id: string, version: string): Promise<Pathway | undefined> {
    const key = JSON.stringify([id, version]);
    const known = this.compiled.get(key);
    if (known) return known;
    const loading = this.load(id, version);
    this.compiled.set(key, loading);
    // Only what was found may be kept: the next question may come after the publication, or after a broken connection.
    const forget = () => this.compiled.delete(key);
    loading.then((pathway) => pathway ?? forget(), forget);
    return loading;
  }

  private async load(id: string, version: string): Promise<Pathway | undefined> {
    const [stored] = await this.sql.rows<{ hash: string; document: PathwayDocument }>(DOCUMENT, [id, version]);
    if (!stored) return undefined;
    const pathway = compile(stored.document);
    if (pathway.hash !== stored.hash)
      throw new Error(`The stored document of ${id}@${version} is not the one published.`);
    return pathway;
  }
}
