import pg from "pg";
import { migrate } from "../../migrations/index.js";
import { createDataSource } from "../../src/platform/database.js";

/** Migrates once per run; each test file then copies the result. */
export async function buildTemplate(adminUrl: string, run: string): Promise<void> {
  await query(adminUrl, `create database ${run}`);
  const source = createDataSource(databaseUrl(adminUrl, run), { role: "owner" });
  try {
    await source.initialize();
    await migrate(source);
  } finally {
    await source.destroy();
  }
}

/** Drops the template and every copy whose test file did not come to drop it. */
export async function dropDatabases(adminUrl: string, run: string): Promise<void> {
  const names = await query(adminUrl, `select datname from pg_database where starts_with(datname, '${run}')`);
  for (const { datname } of names) await query(adminUrl, `drop database if exists ${datname} with (force)`);
}

export function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

export async function query(url: string, sql: string): Promise<Record<string, string>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
