import { it } from "@jest/globals";
import { World } from "./engine-world.js";
it("bench", async () => {
  const w = await World.make("2026-03-02T10:00:00Z");
  const ids: string[] = [];
  for (let i = 0; i < 32; i++) ids.push((await w.enrol()).id);
  let t = performance.now();
  let n = 0;
  const end = t + 8000;
  await Promise.all(ids.map(async (id) => { while (performance.now() < end) { await w.report(id, "pain.scored", { index: 1, redFlags: [] }); n++; await 0; } }));
  console.log("events/s", (n * 1000) / (performance.now() - t), "per enrolment", n / 32);
  await w.drop();
}, 60000);
