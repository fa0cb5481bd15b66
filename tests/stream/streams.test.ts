import type { Readable } from "node:stream";
import { afterEach, describe, expect, it } from "@jest/globals";
import { Registry } from "prom-client";
import { EVERYTHING } from "../../src/stream/announcer.js";
import { pack } from "../../src/stream/changes.js";
import { StreamMetrics } from "../../src/stream/stream-metrics.js";
import { type Audience, Streams, type StreamsSettings } from "../../src/stream/streams.js";
import { until } from "../support/until.js";

const EVERY_SITE: Audience = async () => null;
const body = (siteId: string, enrolmentId = "e"): string =>
  pack([{ enrolmentId, siteId, seq: 1, taskIds: [] }], 7_900)[0]!;

describe("the open streams of a process", () => {
  const begun: Streams[] = [];
  afterEach(async () => {
    await Promise.all(begun.splice(0).map((streams) => streams.close()));
  });

  const begin = (settings?: StreamsSettings): { streams: Streams; registry: Registry } => {
    const registry = new Registry();
    const streams = new Streams(new StreamMetrics(registry), settings);
    begun.push(streams);
    return { streams, registry };
  };
  /** All that comes on a stream, as it comes. */
  const collect = (stream: Readable): { text: string } => {
    const got = { text: "" };
    stream.on("data", (chunk: Buffer) => (got.text += chunk.toString()));
    return got;
  };
  const resyncs = async (registry: Registry, reason: string): Promise<number> => {
    const { values } = await registry.getSingleMetric("pathkeeper_stream_resyncs_total")!.get();
    return values.find(({ labels }) => labels["reason"] === reason)!.value;
  };

  it("tell of the sites of whoever follows, and of no other", async () => {
    const { streams } = begin();
    const north = collect(await streams.follow(async () => ["north"]));
    const all = collect(await streams.follow(EVERY_SITE));
    streams.heard("p-1", body("south"));
    streams.heard("p-2", body("north"));
    await until(() => north.text.includes("p-2") && all.text.includes("p-2"));
    expect(north.text).not.toContain("p-1");
    expect(north.text.match(/event: changed/g)).toHaveLength(1);
    expect(all.text.match(/event: changed/g)).toHaveLength(2);
  });

  it("tell by the roles of now: of another site, and of nothing once there is none", async () => {
    const { streams } = begin({ everyMs: 10 });
    let sites: string[] | undefined = ["north"];
    const stream = await streams.follow(async () => sites);
    const got = collect(stream);
    streams.start();
    sites = ["south"];
    let told = 0;
    await until(() => {
      streams.heard(`p-${++told}`, body("south"));
      return got.text.includes("event: changed");
    });
    sites = undefined;
    await until(() => stream.closed, { what: "the end of the stream" });
  });

  it("outlast a look at the sign-in that fails", async () => {
    const { streams } = begin({ everyMs: 10 });
    let looks = 0;
    const stream = await streams.follow(async () => {
      if (++looks > 1) throw new Error("The database is away.");
      return null;
    });
    const got = collect(stream);
    streams.start();
    await until(() => looks > 3);
    streams.heard("p-1", body("north"));
    await until(() => got.text.includes("p-1"));
  });

  it("show that they live where nothing is told, and move the place on past what was for others", async () => {
    const { streams } = begin({ everyMs: 10, quietMs: 30 });
    const got = collect(await streams.follow(async () => ["north"]));
    streams.start();
    streams.heard("p-1", body("south"));
    await until(() => got.text.includes(": still here\nid: p-1\n\n"));
  });

  it("cost a bounded memory where nobody reads, and say what was left out once somebody does", async () => {
    const { streams, registry } = begin();
    const stream = await streams.follow(EVERY_SITE);
    const long = body("north", "x".repeat(5_000));
    for (let n = 1; n <= 1_000; n += 1) streams.heard(`p-${n}`, long);
    expect(stream.readableLength).toBeLessThan(80 * 1024);
    const got = collect(stream);
    await until(() => got.text.includes("event: resync\nid: p-1000\n"));
    expect(await resyncs(registry, "slow")).toBe(1);
    streams.heard("p-1001", body("north"));
    await until(() => got.text.includes("id: p-1001\n"));
  });

  it("remember so many messages; whoever comes back later is told to read anew", async () => {
    const { streams, registry } = begin({ remembered: 3 });
    for (let n = 1; n <= 5; n += 1) streams.heard(`p-${n}`, body("north"));
    const known = collect(await streams.follow(EVERY_SITE, "p-3"));
    const gone = collect(await streams.follow(EVERY_SITE, "p-2"));
    await until(() => known.text.includes("p-5") && gone.text.includes("resync"));
    expect([...known.text.matchAll(/event: (\w+)\nid: (\S+)/g)].map(([, event, id]) => `${event} ${id}`)).toEqual([
      "changed p-4",
      "changed p-5",
    ]);
    expect(gone.text).toContain("event: resync\nid: p-5\n");
    expect(gone.text).not.toContain("event: changed");
    expect(await resyncs(registry, "unknown")).toBe(1);
  });

  it.each([
    ["a gap", (streams: Streams) => streams.gap()],
    ["too much to be told", (streams: Streams) => streams.heard("p-2", EVERYTHING)],
    ["words of another version", (streams: Streams) => streams.heard("p-2", "{}")],
  ])("are told to read anew after %s, and cannot be resumed across it", async (_, happens) => {
    const { streams, registry } = begin();
    const got = collect(await streams.follow(EVERY_SITE));
    streams.heard("p-1", body("north"));
    happens(streams);
    await until(() => got.text.includes("event: resync"));
    streams.heard("p-3", body("north"));
    const resumed = collect(await streams.follow(EVERY_SITE, "p-1"));
    await until(() => resumed.text.includes("event: resync"));
    expect(await resyncs(registry, "gap")).toBe(1);
  });

  it("end together, also that of somebody who reads nothing, and none is opened after", async () => {
    const { streams } = begin();
    const [read, unread] = [await streams.follow(EVERY_SITE), await streams.follow(EVERY_SITE)];
    collect(read);
    await streams.close();
    expect([read.closed, unread.closed]).toEqual([true, true]);
    await expect(streams.follow(EVERY_SITE)).rejects.toThrow("No stream can be opened now.");
  });
});
