import { NestFactory } from "@nestjs/core";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import type { Logger } from "pino";
import { AppModule } from "./app.module.js";
import { setUpDocs } from "./docs/index.js";
import { createHttpDurations, makeHttpAdapter, observeHttp, setUpHttp } from "./http/index.js";
import { PinoLoggerService } from "./platform/logging.js";
import type { PlatformParts } from "./platform/platform.module.js";

/** The whole application, ready to listen; its modules have published, checked and seeded what they must. */
export async function createApplication(parts: PlatformParts, logger: Logger): Promise<NestFastifyApplication> {
  const adapter = makeHttpAdapter({ perAddress: parts.config.http.connectionsPerAddress });
  observeHttp(adapter.getInstance(), logger, createHttpDurations(parts.registry));
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(parts), adapter, {
    logger: new PinoLoggerService(logger),
    // A module that refuses the start throws; the caller tells why.
    abortOnError: false,
  });
  try {
    await setUpHttp(app);
    if (parts.config.role !== "worker") setUpDocs(app);
    await app.init();
    return app;
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
}
