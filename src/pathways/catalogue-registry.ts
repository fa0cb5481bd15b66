import { Injectable } from "@nestjs/common";
import {
  type Catalogue,
  checkCatalogue,
  contentHash,
  type Fault,
  type Instant,
  type ParsedCatalogue,
  type PathwayDocument,
  wordedBy,
  type Worded,
} from "../core/index.js";
import type { Sql, Statement } from "../platform/statement.js";
import { Transactions } from "../platform/transactions.js";
import { PATHKEEPER, Reads } from "../reads/index.js";

/** A published catalogue, without its words. */
export interface PublishedCatalogue {
  language: string;
  /** From 1; the highest holds. */
  number: number;
  hash: string;
  publishedAt: Instant;
  publishedBy: string;
}

const COLUMNS = `language, number, hash, published_at as "publishedAt", published_by as "publishedBy"`;
const OF_VERSION = `from pathway_catalogue where pathway_id = $1 and pathway_version = $2`;

const ALL: Statement = {
  name: "pathkeeper-catalogues",
  text: `select ${COLUMNS} ${OF_VERSION} order by language, number desc`,
};
const NEWEST: Statement = {
  name: "pathkeeper-newest-catalogues",
  text: `
    select distinct on (language) ${COLUMNS}, catalogue ${OF_VERSION} and language = any($3)
    order by language, number desc`,
};
/** Of two that publish at once, in whichever processes, the second waits here. */
const LOCK: Statement = {
  name: "pathkeeper-lock-catalogue",
  text: `select pg_advisory_xact_lock(hashtextextended('catalogue ' || $1 || ' ' || $2 || ' ' || $3, 0))`,
};
const PUBLISH: Statement = {
  name: "pathkeeper-publish-catalogue",
  text: `
    insert into pathway_catalogue
      (pathway_id, pathway_version, language, number, hash, catalogue, published_at, published_by)
    select $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5::json, pathkeeper_now(), $6
    ${OF_VERSION} and language = $3
    returning ${COLUMNS}`,
};

/** What is read where a language has no word of its own. */
const USUAL = "en";

/** A catalogue that may be published. */
export interface SoundCatalogue {
  catalogue: Catalogue;
  hash: string;
}

/** The words of each version, language by language. The newest holds; the older ones are kept, for messages name them. */
@Injectable()
export class CatalogueRegistry {
  private readonly sql: Sql;

  constructor(
    reads: Reads,
    private readonly transactions: Transactions,
  ) {
    this.sql = reads.by(PATHKEEPER, "pathway");
  }

  check(document: PathwayDocument, { catalogue, faults, locate }: ParsedCatalogue): SoundCatalogue | Fault[] {
    if (!catalogue || faults.length > 0) return faults;
    const unfit = checkCatalogue(document, catalogue, locate);
    return unfit.length > 0 ? unfit : { catalogue, hash: contentHash(catalogue) };
  }

  /** In a transaction. Publishing what holds already changes nothing. */
  async store(sql: Sql, sound: SoundCatalogue, by: string): Promise<PublishedCatalogue> {
    const [newest] = await this.lockedList(sql, sound.catalogue);
    return newest?.hash === sound.hash ? newest : this.add(sql, sound, by);
  }

  /** Publishes what an installation brings along, once: what was mended since then stays mended. */
  async bring(sound: SoundCatalogue, by: string): Promise<void> {
    await this.transactions.transaction(async (sql) => {
      const known = await this.lockedList(sql, sound.catalogue);
      if (!known.some(({ hash }) => hash === sound.hash)) await this.add(sql, sound, by);
    });
  }

  /** By language, the newest first. */
  list(id: string, version: string, sql = this.sql): Promise<PublishedCatalogue[]> {
    return sql.rows<PublishedCatalogue>(ALL, [id, version]);
  }

  /** Every word of a version: of the language, else of the language without its region, else English, else its own. */
  async words(document: PathwayDocument, language: string): Promise<Worded & { catalogues: PublishedCatalogue[] }> {
    const languages = [...new Set([language, language.split("-")[0]!, USUAL])];
    const rows = await this.sql.rows<PublishedCatalogue & { catalogue: Catalogue }>(NEWEST, [
      ...[document.id, document.version],
      languages,
    ]);
    const found = languages.flatMap((tag) => rows.find((row) => row.language === tag) ?? []);
    const worded = wordedBy(
      document,
      language,
      found.map(({ catalogue }) => catalogue),
    );
    return { ...worded, catalogues: found.map(({ catalogue: _, ...published }) => published) };
  }

  private async lockedList(sql: Sql, { pathway, version, language }: Catalogue): Promise<PublishedCatalogue[]> {
    await sql.rows(LOCK, [pathway, version, language]);
    return (await this.list(pathway, version, sql)).filter((one) => one.language === language);
  }

  private async add(sql: Sql, { catalogue, hash }: SoundCatalogue, by: string): Promise<PublishedCatalogue> {
    const { pathway, version, language } = catalogue;
    const values = [pathway, version, language, hash, JSON.stringify(catalogue), by];
    return (await sql.rows<PublishedCatalogue>(PUBLISH, values))[0]!;
  }
}
