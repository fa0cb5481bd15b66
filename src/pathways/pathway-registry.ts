import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
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
import { type Sql, sqlOf } from "../platform/statement.js";
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

const VERSION = {
  name: "pathkeeper-pathway-version",
  text: `select ${COLUMNS} from pathway_version where id = $1 and version = $2`,
};
const PUBLISH = {
  name: "pathkeeper-publish-pathway",
  text: `
    insert into pathway_version (id, version, hash, document, published_at, published_by)
    values ($1, $2, $3, $4, pathkeeper_now(), $5) on conflict (id, version) do nothing`,
};

/** Every published version, for ever: a version is data, never edited, and compiled once per process. */
@Injectable()
export class PathwayRegistry {
  private readonly compiled = new Map<string, Promise<Pathway | undefined>>();

  constructor(private readonly dataSource: DataSource) {}

  /** Publishing what is published already changes nothing, and is not checked again. */
  publish(text: string, by: string, sql?: Sql): Promise<Publication> {
    return this.publishParsed(parseDocument(text), by, sql);
  }

  async publishParsed({ document, faults, locate }: Parsed, by: string, sql?: Sql): Promise<Publication> {
    if (!document || faults.length) return { kind: "faulty", faults };
    const { id, version } = document;
    const hash = contentHash(document);
    if ((await this.find(id, version, sql))?.hash !== hash) {
      const wrong = checkDocument(document, locate);
      if (wrong.length) return { kind: "faulty", faults: wrong };
      await (sql ?? sqlOf(this.dataSource.manager)).rows(PUBLISH, [id, version, hash, JSON.stringify(document), by]);
    }
    const published = (await this.find(id, version, sql))!;
    return published.hash === hash ? { kind: "published", published } : { kind: "exists", id, version };
  }

  /** By id, the newest version first. */
  async list(): Promise<Published[]> {
    const all = await this.dataSource.query<Published[]>(`select ${COLUMNS} from pathway_version`);
    return all.sort((one, other) =>
      one.id === other.id ? compareVersions(other.version, one.version) : one.id < other.id ? -1 : 1,
    );
  }

  async find(id: string, version: string, sql = sqlOf(this.dataSource.manager)): Promise<Published | undefined> {
    return (await sql.rows<Published>(VERSION, [id, version]))[0];
  }

  /** The highest version number published. */
  async newest(id: string): Promise<Published | undefined> {
    const rows = await this.dataSource.query<Published[]>(`select ${COLUMNS} from pathway_version where id = $1`, [id]);
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
    const rows = await this.dataSource.query<{ hash: string; document: PathwayDocument }[]>(
      `select hash, document from pathway_version where id = $1 and version = $2`,
      [id, version],
    );
    const stored = rows[0];
    if (!stored) return undefined;
    const pathway = compile(stored.document);
    if (pathway.hash !== stored.hash)
      throw new Error(`The stored document of ${id}@${version} is not the one published.`);
    return pathway;
  }
}
