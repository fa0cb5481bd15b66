import "reflect-metadata";
import { migrate } from "./migrations/index.js";
import { createDataSource } from "./src/platform/database.js";
const url = process.argv[2]!;
const owner = await createDataSource(url, { role: "owner", poolSize: 3 }).initialize();
try { await migrate(owner); console.log("migrated"); } catch (e) { console.log("ERR", (e as Error).message); }
await owner.destroy();
try {
const app = await createDataSource(url, { role: "app" }).initialize();
console.log(await app.query("select current_user, (select count(*) from record), split_part(version(),' ',2) v"));
await app.destroy(); } catch (e) { console.log("APPERR", (e as Error).message); }
