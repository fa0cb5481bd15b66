import "reflect-metadata";
import pg from "pg";
import { LOCK_ENROLMENTS } from "./src/engine/load-statements.js";
import { WRITE_DECISIONS } from "./src/engine/write-statements.js";
import { randomUUID } from "node:crypto";
const c = new pg.Client({ connectionString: process.argv[2] }); await c.connect();
const { rows } = await c.query("select id from enrolment limit 300");
const v = (id: string) => [JSON.stringify([{ n: 0, id, person: "clinician", route: "r", key: randomUUID() }]), [id]];
const types = "(jsonb, uuid[])";
await c.query(`prepare l ${types} as ${LOCK_ENROLMENTS.text}`);
const lit = (id: string) => `'${JSON.stringify([{ n: 0, id, person: "clinician", route: "r", key: randomUUID() }])}', '{${id}}'`;
for (let i = 0; i < 12; i++) { const r = await c.query(`explain (analyze, buffers off) execute l(${lit(rows[i].id)})`); const t = r.rows.map((x: any) => x["QUERY PLAN"]); console.log(t.filter((x: string) => /Time/.test(x)).join(" ")); if (i === 11) console.log(t.join("\n")); }
for (const mode of ["auto", "force_generic_plan", "force_custom_plan"]) { await c.query(`set plan_cache_mode=${mode}`); await c.query("begin"); for (let i = 0; i < 20; i++) await c.query({ name: "x" + mode, text: LOCK_ENROLMENTS.text, values: v(rows[i].id) }); const t = performance.now(); for (let i = 0; i < 300; i++) await c.query({ name: "x" + mode, text: LOCK_ENROLMENTS.text, values: v(rows[i].id) }); console.log(mode, ((performance.now() - t) / 300).toFixed(3), "ms"); await c.query("commit"); }
const t = performance.now(); for (let i = 0; i < 300; i++) await c.query({ name: "one", text: "select 1", values: [] }); console.log("select 1", ((performance.now() - t) / 300).toFixed(3));
await c.end();
