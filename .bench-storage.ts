import "reflect-metadata";
import { randomUUID } from "node:crypto";
import pg from "pg";
import { createDataSource } from "./src/platform/database.js";
import { migrate } from "./migrations/index.js";
import * as s from "./tests/engine/storage-samples.js";
import { dumpSchema } from "./tests/engine/dump-schema.js";
import { readFileSync } from "node:fs";
const url = process.argv[2]!;
const N = Number(process.argv[3] ?? 2000), CONC = 32;
const owner = await createDataSource(url, { role: "owner", poolSize: 3 }).initialize();
await migrate(owner);
console.log("schema same", await dumpSchema(owner) === readFileSync("tests/engine/schema.sql","utf8"));
await owner.query("insert into site values ('main','Main','{}',pathkeeper_now()) on conflict do nothing");
await owner.query("insert into site_calendar values ('main', 1, 'Europe/Berlin', '{1,2,3,4,5}', '{2026-12-25}', pathkeeper_now(), 'admin') on conflict do nothing");
const app = await createDataSource(url, { role: "app", poolSize: 32 }).initialize();
async function conc(n: number, f: (i: number) => Promise<void>) { let i = 0; const t = performance.now(); await Promise.all(Array.from({ length: CONC }, async () => { for (;;) { const k = i++; if (k >= n) return; await f(k); } })); return n / ((performance.now() - t) / 1000); }
const ids: string[] = [];
const value = randomUUID();
const states = Array.from({length: 15}, (_, i) => `treatment.someState${i}`);
const entries = Object.fromEntries(states.map(x => [x, { at: s.T0, nth: 0, fact: 0 }]));
console.log("enrolments/s", (await conc(N, async (i) => { ids.push(await s.enrolOne(app, s.patient(`${value}-${i}`))); })).toFixed(0));
for (let k = 0; k < 4; k++) await conc(N, async (i) => { await s.goOn(app, ids[i]!, (l) => ({ records: [s.record(l.enrolment!.seq + 1, {personal: null}), s.record(l.enrolment!.seq + 2, {personal:null})] })); });
await owner.query("analyze");
const command = (i: number) => s.report(ids[i % N]!, { idempotency: s.idempotency(randomUUID()) });
const stored = { ...({} as any), status: "active", enrolledAt: s.T0, position: s.T0, value: { treatment: "awaitingResponse", a: "b", c: "d", e: "f" }, entries, timers: [], tasks: [], setAside: [] };
let tl = 0, tw = 0;
async function event(i: number) {
  await app.transaction(async (m) => {
    const c = command(i); let t = performance.now();
    const [l] = await s.loader.load(m, [c]); tl += performance.now() - t;
    const e = l!.enrolment!;
    const d = s.nextWrite(l!, { enrolment: { ...e.row, stored, states: [...states.slice(0, 5), `x${i % 3}`] },
      records: [s.record(e.seq + 1, { personal: null }), s.record(e.seq + 2, { kind: "task", personal: null }), s.record(e.seq + 3, { kind: "task", personal: null })],
      tasks: [{ ...e.tasks[0]!, status: "closed", closedAt: s.T0 }, s.task()], timers: [{ ...e.timers[0]!, generation: e.timers[0]!.generation + 1 }],
      idempotency: { person: "clinician", route: "r", key: c.idempotency!.key, requestHash: l!.idempotency!.requestHash, enrolmentId: e.row.id, kind: "report", status: 201, seq: e.seq + 3, recordSeq: e.seq + 1, answeredAt: s.T0, problem: null } });
    t = performance.now(); await s.writer.write(m, [{ loaded: l!, decision: d }]); tw += performance.now() - t;
  });
}
await conc(500, event); tl = tw = 0;
for (let k = 0; k < 3; k++) { const c0 = process.cpuUsage(); const r = await conc(N, event); const c = process.cpuUsage(c0); console.log("events/s", r.toFixed(0), "node cpu ms/event", ((c.user + c.system) / 1000 / N).toFixed(3)); }
console.log("avg load ms", (tl / N / 3).toFixed(2), "write", (tw / N / 3).toFixed(2), "(at 32)");
tl = tw = 0; const t1 = performance.now(); for (let i = 0; i < 300; i++) await event(i); console.log("alone: ms/event", ((performance.now() - t1) / 300).toFixed(2), "load", (tl / 300).toFixed(2), "write", (tw / 300).toFixed(2));
// list of 100
for (const size of [10, 100]) {
tl = tw = 0; const t2 = performance.now(); let done = 0;
for (let b = 0; b + size <= Math.min(N, 1000); b += size) { await app.transaction(async (m) => {
  const cs = Array.from({ length: size }, (_, j) => command(b + j)); let t = performance.now();
  const ls = await s.loader.load(m, cs); tl += performance.now() - t;
  const items = ls.map((l, j) => { const e = l.enrolment!; return { loaded: l, decision: s.nextWrite(l, { enrolment: { ...e.row, stored }, records: [s.record(e.seq + 1, { personal: null }), s.record(e.seq + 2, { personal: null }), s.record(e.seq + 3, { personal: null })], tasks: [{ ...e.tasks[0]! }, s.task()], timers: [{ ...e.timers[0]! }], idempotency: { person: "clinician", route: "r", key: cs[j]!.idempotency!.key, requestHash: l.idempotency!.requestHash, enrolmentId: e.row.id, kind: "report", status: 201, seq: e.seq + 3, recordSeq: e.seq + 1, answeredAt: s.T0, problem: null } }) }; });
  t = performance.now(); await s.writer.write(m, items); tw += performance.now() - t; done += size;
}); }
console.log(`lists of ${size}: events/s`, (done / ((performance.now() - t2) / 1000)).toFixed(0), "load ms/list", (tl / (done / size)).toFixed(2), "write", (tw / (done / size)).toFixed(2));
}
// floor
const pool = new pg.Pool({ connectionString: url, max: 32, options: "-c role=pathkeeper_app" } as any);
const buf = Buffer.alloc(32, 1); const now = new Date(s.T0);
const rec = "insert into record(enrolment_id,seq,kind,type,occurred_at,recorded_at,by,role,data,state_before,state_after,because,previous_hash,hash) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)";
async function floor(i: number) {
  const c = await pool.connect(); const id = ids[i % N]!;
  const q = (name: string, text: string, values: unknown[]) => c.query({ name, text, values });
  await c.query("begin");
  const { rows: [e] } = await q("f0", "select * from enrolment where id = $1 for update", [id]);
  const { rows: t } = await q("f1", "select * from task where enrolment_id = $1", [id]);
  const { rows: tm } = await q("f2", "select * from timer where enrolment_id = $1", [id]);
  const r = s.record(1);
  for (let k = 1; k <= 3; k++) await q("f3", rec, [id, e.seq + k, k === 1 ? "event" : "task", r.type, now, now, r.by, r.role, JSON.stringify(r.data), JSON.stringify(r.stateBefore), JSON.stringify(r.stateAfter), JSON.stringify(r.because), buf, buf]);
  await q("f4", "update task set status='closed', closed_at=$3 where enrolment_id=$1 and id=$2", [id, t[0].id, now]);
  const k = s.task();
  await q("f5", "insert into task(enrolment_id,id,key,opened_at,nth,title,role,urgency,due_at,reminders,escalations,status,held,site_id,pathway_id) values ($1,$2,$3,$4,0,$5,$6,$7,$8,$9,$10,'open',false,'main','p')", [id, k.id, k.key, now, k.title, k.role, k.urgency, now, JSON.stringify(k.reminders), JSON.stringify(k.escalations)]);
  await q("f6", "update timer set generation=generation+1 where enrolment_id=$1 and state=$2 and name=$3", [id, tm[0].state, tm[0].name]);
  await q("f7", "insert into idempotency_key(person,route,key,request_hash,enrolment_id,kind,status,seq,record_seq,answered_at) values ('clinician','r',$1,$2,$3,'report',201,$4,$4,$5)", [randomUUID(), buf, id, e.seq, now]);
  await q("f8", "update enrolment set stored=$2, states=$3, seq=$4, last_hash=$5, projected_to=$6 where id=$1", [id, JSON.stringify(stored), [...states.slice(0, 5), `x${i % 3}`], e.seq + 3, buf, now]);
  await c.query("commit"); c.release();
}
await conc(500, floor);
for (let k = 0; k < 3; k++) console.log("floor/s", (await conc(N, floor)).toFixed(0));
await pool.end(); await app.destroy(); await owner.destroy();
