import type { DataSource } from "typeorm";
import type { Clock } from "../platform/clock.js";
import { Engine, type EngineSettings } from "./engine.js";
import type { Calendars, Pathways } from "./ports.js";
import { Rulebook } from "./rulebook.js";
import { HistoryCache } from "./storage/history-cache.js";
import { Loader } from "./storage/load.js";
import type { PatientVault } from "./storage/patient-vault.js";
import { PostgresStore } from "./storage/postgres-store.js";
import { renewTokens } from "./storage/renew-tokens.js";
import { schemaOf } from "./storage/schema.js";
import { EnrolmentViews } from "./enrolment-views.js";

/** What an engine stands on. */
export interface EngineGround extends EngineSettings {
  /** Connected as the application. */
  dataSource: DataSource;
  vault: PatientVault;
  pathways: Pathways;
  calendars: Calendars;
  clock: Clock;
  /** For histories kept in memory; 0 keeps nothing. */
  historyCacheBytes: number;
}

export interface EngineParts {
  engine: Engine;
  views: EnrolmentViews;
  loader: Loader;
  rulebook: Rulebook;
  /** To be done before anybody searches; tells how many patients it concerned. */
  renewTokens(): Promise<number>;
}

export function assembleEngine(ground: EngineGround): EngineParts {
  const { dataSource, vault, pathways, calendars, clock, historyCacheBytes } = ground;
  const schema = schemaOf(dataSource);
  const cache = new HistoryCache(historyCacheBytes);
  const rulebook = new Rulebook(pathways, calendars);
  const loader = new Loader(schema, vault, cache);
  return {
    engine: new Engine(new PostgresStore(dataSource, vault, cache), rulebook, clock, ground),
    views: new EnrolmentViews(schema, loader, vault, rulebook, clock),
    ...{ loader, rulebook },
    renewTokens: () => renewTokens(dataSource, vault),
  };
}
