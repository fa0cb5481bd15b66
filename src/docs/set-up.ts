import type { INestApplication } from "@nestjs/common";
import { ApiDescription } from "./api-description.js";

/** Call it when the application has all its modules. */
export function setUpDocs(app: INestApplication): void {
  app.get(ApiDescription).describeRoutes(app);
}
