import { ENTITIES } from "../entities.js";
import { verifyChains } from "../engine/index.js";
import type { Config } from "../platform/config.js";
import { openInstallation } from "../platform/installation.js";
import { connectAsApplication } from "../platform/prepare-database.js";
import { counted } from "./counted.js";

const CONNECTIONS = 2;

/** Beside a running installation or on one that is stopped. Tells whether every chain holds. */
export async function verifyHistories(config: Config, flags: { enrolment?: string; json?: boolean }): Promise<boolean> {
  const installation = await openInstallation(config, { join: true });
  try {
    const dataSource = await connectAsApplication(installation.databaseUrl, {
      entities: ENTITIES,
      poolSize: CONNECTIONS,
    });
    try {
      const verification = await verifyChains(dataSource, flags.enrolment?.toLowerCase());
      if (!verification) {
        if (flags.json) console.log(JSON.stringify({ checked: 0, broken: [] }));
        else console.log(`There is no enrolment ${flags.enrolment}.`);
        return false;
      }
      const { checked, broken } = verification;
      if (flags.json) console.log(JSON.stringify(verification, null, 2));
      else {
        for (const { enrolment, seq, fault } of broken) console.log(`Enrolment ${enrolment}, record ${seq}: ${fault}`);
        const holds = checked === 1 ? "it holds" : "all hold";
        const found = broken.length === 0 ? holds : counted(broken.length, "fault");
        console.log(`${counted(checked, "history", "histories")} recomputed: ${found}.`);
      }
      return broken.length === 0;
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await installation.close();
  }
}
