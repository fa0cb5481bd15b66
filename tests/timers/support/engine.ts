import type { DataSource } from "typeorm";
import { assembleEngine, type Engine, type EngineParts, PatientVault } from "../../../src/engine/index.js";
import { PathwayRegistry } from "../../../src/pathways/index.js";
import { Sites } from "../../../src/sites/index.js";
import type { Clock } from "../../../src/platform/clock.js";
import { Transactions } from "../../../src/platform/transactions.js";
import { Reads } from "../../../src/reads/index.js";
import { Sealing } from "../../../src/platform/sealing.js";
import type { TestDatabase } from "../../support/database.js";

export const vault = new PatientVault(new Sealing(Buffer.alloc(32, 7)));

/** The engine with one site; everybody who reports holds the roles that the command says. */
export async function makeEngine(database: TestDatabase, clock: Clock): Promise<Engine> {
  const { owner } = database;
  await owner.query("INSERT INTO site (id, name, on_call, created_at) VALUES ('main', 'Main', '{}', pathkeeper_now())");
  await owner.query(
    `INSERT INTO site_calendar (site_id, version, time_zone, working_days, holidays, recorded_at, recorded_by)
     VALUES ('main', 1, 'UTC', '{1,2,3,4,5}', '{}', pathkeeper_now(), 'admin')`,
  );
  return secondEngine(database, clock);
}

/** One more on the same database, as another process has one. */
export function secondEngine(database: TestDatabase, clock: Clock): Engine {
  return assembled(database, clock).engine;
}

/** With everything that it is made of; without `historyCacheBytes` nothing is kept. */
export function assembled({ app }: TestDatabase, clock: Clock, historyCacheBytes = 2 ** 20): EngineParts {
  const ground = { dataSource: app, vault, pathways: registryOn(app), calendars: new Sites(new Reads(app)) };
  return assembleEngine({ ...ground, clock, historyCacheBytes });
}

export function registryOn(app: DataSource): PathwayRegistry {
  return new PathwayRegistry(new Reads(app), new Transactions(app));
}
