import { it, describe } from "@jest/globals";
import { until } from "../support/until.js";
import { Installation, BACKENDS } from "./support/installation.js";
import { randomUUID } from "node:crypto";
describe.each(BACKENDS)("%s", (b) => { it.each(["job","sweep"])("burst by %s", async (how) => {
  const at = await Installation.open(b); const N=2000;
  const key=()=>({route:"t",key:randomUUID(),request:"{}"});
  const ids:string[]=[]; let s=Date.now();
  for(let i=0;i<N;i+=100){ const a=await at.engine.execute(Array.from({length:100},()=>({kind:"enrol",actor:at.actor,idempotency:key(),pathway:"ticking",site:"main",occurredAt:Date.now()-60000,events:[],patient:{identifiers:[{system:"t",value:randomUUID()}],familyName:"D",givenName:"J",birthDate:"1960"}}) as any)); for(const x of a as any[]) ids.push(x.snapshot.id); }
  console.log(b,how,"enrol",Date.now()-s); const t0=Date.now()-1000; s=Date.now();
  for(let i=0;i<N;i+=100) await at.engine.execute(ids.slice(i,i+100).map(id=>({kind:"report",actor:at.actor,idempotency:key(),enrolmentId:id,event:{type:"bell.wound",occurredAt:t0,data:{}}}) as any));
  console.log("reported in",Date.now()-s, "left to due", t0+8000-Date.now());
  if (how==="job") at.startWorker(); else at.startSweeper({graceMs:0});
  await until(async()=>(await at.database.app.query("select count(*) c from record where type='timer.fired' and detail->>'name'='later'"))[0].c>=N,{timeoutMs:60000,everyMs:100});
  const [r]=await at.database.app.query(`select max((detail->>'latenessMs')::float) max, percentile_cont(0.5) within group(order by (detail->>'latenessMs')::float) p50, percentile_cont(0.95) within group(order by (detail->>'latenessMs')::float) p95 from record where type='timer.fired' and detail->>'name'='later'`);
  console.log(b,how,JSON.stringify(r));
  await at.close();
}, 120000); });
