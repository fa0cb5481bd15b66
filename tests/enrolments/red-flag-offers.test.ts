import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { Logger } from "@nestjs/common";
import { NamedPathways } from "../../src/enrolments/named-pathways.js";
import { RedFlagOffers } from "../../src/enrolments/red-flag-offers.js";
import type { CalledRequest } from "../../src/http/index.js";
import { PathwayRegistry } from "../../src/pathways/index.js";
import { createDataSource } from "../../src/platform/database.js";
import { Transactions } from "../../src/platform/transactions.js";
import { EnrolmentHeads, Reads } from "../../src/reads/index.js";

// What is told of the database that is away.
beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(["warn", "error", "fatal", "log"]));

it("offers red flags by the usual names while the database is away", async () => {
  const away = createDataSource("postgresql://nobody@127.0.0.1:1/nowhere", { role: "app" });
  const reads = new Reads(away);
  const heads = new EnrolmentHeads(reads, { now: () => 0 });
  const offers = new RedFlagOffers(new NamedPathways(heads, new PathwayRegistry(reads, new Transactions(away))));
  const offer = { type: "redFlag.reported", data: { signs: ["newWeakness"] } };
  const event = { type: "pain.scored", data: { redFlags: ["newWeakness"] } };
  const refused = [
    { params: { id: "7f1b3a52-0f5c-4c7e-9d53-1f2f1d1c9a11" }, body: event },
    { params: {}, body: { pathway: "some", events: [event] } },
  ] as CalledRequest[];
  for (const request of refused) expect(await offers.remedyFor(request)).toMatchObject({ offer });
});
