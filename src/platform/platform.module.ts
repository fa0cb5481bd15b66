import { type DynamicModule, Global, Module } from "@nestjs/common";
import { Registry } from "prom-client";
import { DataSource } from "typeorm";
import { Broadcast } from "./broadcast.js";
import { CLOCK, type Clock } from "./clock.js";
import { CONFIG, type Config } from "./config.js";
import type { QueueStore } from "./queues.js";
import { Sealing } from "./sealing.js";
import { Probes } from "./probes.js";
import { QUEUE_STORE } from "./tokens.js";
import { Transactions } from "./transactions.js";

/** What the process has before Nest starts. Whoever made the parts ends them, after the application is closed. */
export interface PlatformParts {
  config: Config;
  /** Connected as the application. */
  dataSource: DataSource;
  clock: Clock;
  sealing: Sealing;
  queues: QueueStore;
  registry: Registry;
}

/** Makes the parts injectable everywhere: CONFIG, DataSource, CLOCK, Sealing, QUEUE_STORE, Registry; Transactions, Probes and Broadcast on them. */
@Global()
@Module({})
export class PlatformModule {
  static with(parts: PlatformParts): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: parts.config },
      { provide: DataSource, useValue: parts.dataSource },
      { provide: CLOCK, useValue: parts.clock },
      { provide: Sealing, useValue: parts.sealing },
      { provide: QUEUE_STORE, useValue: parts.queues },
      { provide: Registry, useValue: parts.registry },
    ];
    const services = [Transactions, Probes];
    const { url } = parts.dataSource.options as { url: string };
    const broadcast = { provide: Broadcast, useFactory: () => new Broadcast(url) };
    return {
      module: PlatformModule,
      providers: [...providers, ...services, broadcast],
      exports: [...providers.map(({ provide }) => provide), ...services, Broadcast],
    };
  }
}
