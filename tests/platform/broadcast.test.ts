import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { Broadcast, type BroadcastSettings, MOST_BYTES } from "../../src/platform/broadcast.js";
import { urlForRole } from "../../src/platform/database.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { Proxy } from "../support/proxy.js";
import { until } from "../support/until.js";

interface Process {
  broadcast: Broadcast;
  /** Ids with their bodies, those that say nothing left out; "gap" where one was told. */
  heard: string[];
}

describe("what processes tell each other", () => {
  let database: TestDatabase;
  const begun: Process[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  afterEach(async () => {
    await Promise.all(begun.splice(0).map(({ broadcast }) => broadcast.close()));
  });

  const begin = async (url = database.url, settings?: BroadcastSettings): Promise<Process> => {
    const broadcast = new Broadcast(urlForRole(url, "app"), settings);
    const process: Process = { broadcast, heard: [] };
    broadcast.listen({
      heard: (id, body) => void (body && process.heard.push(`${id} ${body}`)),
      gap: () => void process.heard.push("gap"),
    });
    begun.push(process);
    await broadcast.start();
    return process;
  };
  const gaps = ({ heard }: Process): number => heard.filter((one) => one === "gap").length;

  it("is heard by all, in one order, under ids that are the same for all, and as long as a message may be", async () => {
    const [one, other] = [await begin(), await begin()];
    const long = "x".repeat(MOST_BYTES);
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const { broadcast } = index % 2 ? one : other;
        expect(await broadcast.say([`a${index}`, long, `b${index}`])).toBe(true);
      }),
    );
    await until(() => one.heard.length === 61 && other.heard.length >= 61, { what: "all messages" });
    const messages = one.heard.filter((message) => message !== "gap");
    expect(new Set(messages).size).toBe(60);
    expect(other.heard.filter((message) => message !== "gap")).toEqual(messages);
  });

  it("is a gap for all where a process ends without a farewell, and none where it takes leave", async () => {
    const settings = { beatMs: 100 };
    const { proxy, url } = await Proxy.before(database.url);
    const staying = await begin(database.url, settings);
    const [leaving, dying] = [await begin(database.url, settings), await begin(url, settings)];
    for (const { broadcast } of [leaving, dying]) await broadcast.say(["hello"]);
    await until(() => staying.heard.filter((message) => message.endsWith("hello")).length === 2);
    expect(gaps(staying)).toBe(1);
    await leaving.broadcast.close();
    await proxy.close();
    await until(() => gaps(staying) === 2, { what: "the silence to be noticed" });
    const beats = staying.heard.length;
    await staying.broadcast.say(["later"]);
    await until(() => staying.heard.length > beats);
    expect(gaps(staying)).toBe(2);
  });

  it("goes on by itself when PostgreSQL comes back, with a gap", async () => {
    const { proxy, url } = await Proxy.before(database.url);
    const one = await begin(url);
    await proxy.close();
    await until(async () => !(await one.broadcast.say(["into the void"])), { what: "the loss to be noticed" });
    expect(gaps(one)).toBe(1);
    await proxy.open();
    await until(() => one.broadcast.say(["again"]), { what: "the connection to be back" });
    await until(() => one.heard.at(-1)?.endsWith("again"), { what: "the message" });
    expect(gaps(one)).toBe(2);
    await proxy.close();
  });

  it("starts where PostgreSQL is away, and ends there without waiting", async () => {
    const { proxy, url } = await Proxy.before(database.url);
    await proxy.close();
    const one = await begin(url);
    expect(await one.broadcast.say(["nobody hears"])).toBe(false);
    await one.broadcast.close();
    expect(one.heard).toEqual([]);
  });
});
