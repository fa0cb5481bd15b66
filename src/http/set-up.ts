import cookie from "@fastify/cookie";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";

/** What the web server needs besides the modules, before it listens. */
export async function setUpHttp(app: NestFastifyApplication): Promise<void> {
  await app.register(cookie as never);
}
