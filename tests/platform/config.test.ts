import { describe, expect, it } from "@jest/globals";
import { Temporal } from "temporal-polyfill";
import { readConfig } from "../../src/platform/config.js";

const KEY = Buffer.alloc(32, 7).toString("base64");

function mistakes(env: Record<string, string>): string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
}

describe("the configuration", () => {
  it("needs no environment at all", () => {
    expect(readConfig({})).toMatchObject({
      role: "all",
      http: { host: "127.0.0.1", port: 3000, isLoopback: true, connectionsPerAddress: 512 },
      databaseUrl: null,
      redisUrl: null,
      dataDir: expect.stringMatching(/\/\.pathkeeper$/),
      timerHorizonMs: null,
      historyCacheBytes: 128 * 1024 * 1024,
      confirmOlderThan: Temporal.Duration.from("P1Y"),
      patientKey: null,
      logLevel: "info",
    });
  });

  it("reads every variable", () => {
    const env = {
      DATABASE_URL: "postgresql://me:secret@db/pathkeeper?sslmode=require",
      REDIS_URL: "rediss://queue:6380",
      PORT: "8080",
      HOST: "0.0.0.0",
      ROLE: "worker",
      DATA_DIR: "/srv/pathkeeper",
      TIMER_HORIZON: "P1DT12H",
      HISTORY_CACHE: "64",
      CONFIRM_OLDER_THAN: "P6M",
      CONNECTIONS_PER_ADDRESS: "64",
      PATIENT_KEY: KEY,
      LOG_LEVEL: "debug",
    };
    expect(readConfig(env)).toEqual({
      role: "worker",
      http: { host: "0.0.0.0", port: 8080, isLoopback: false, connectionsPerAddress: 64 },
      databaseUrl: env.DATABASE_URL,
      redisUrl: env.REDIS_URL,
      dataDir: "/srv/pathkeeper",
      timerHorizonMs: 129_600_000,
      historyCacheBytes: 64 * 1024 * 1024,
      confirmOlderThan: Temporal.Duration.from("P6M"),
      patientKey: Buffer.alloc(32, 7),
      logLevel: "debug",
    });
  });

  it("takes an empty variable as one that is not set", () => {
    expect(readConfig({ PORT: "", REDIS_URL: " " })).toEqual(readConfig({}));
  });

  it.each([
    ["DATABASE_URL", "mysql://db", "must be the address of a PostgreSQL"],
    ["REDIS_URL", "queue:6379", "must be the address of a Redis"],
    ["PORT", "70000", "must be a whole number from 0 to 65535"],
    ["PORT", "3e3", "must be a whole number from 0 to 65535"],
    ["HOST", "not a host", "must be a host name or an IP address"],
    ["ROLE", "web", "must be one of all, api, worker"],
    ["TIMER_HORIZON", "P1M", "must be an ISO 8601 duration of days or less"],
    ["TIMER_HORIZON", "-P1D", "must be an ISO 8601 duration of days or less"],
    ["HISTORY_CACHE", "64MB", "must be a whole number of MiB"],
    ["CONNECTIONS_PER_ADDRESS", "many", "must be a whole number, such as 512"],
    ["HISTORY_CACHE", "-1", "must be a whole number of MiB"],
    ["CONFIRM_OLDER_THAN", "a year", "must be an ISO 8601 duration of up to 200 years"],
    ["CONFIRM_OLDER_THAN", "-P1Y", "must be an ISO 8601 duration of up to 200 years"],
    ["CONFIRM_OLDER_THAN", "P201Y", "must be an ISO 8601 duration of up to 200 years"],
    ["PATIENT_KEY", "c2hvcnQ=", "must be 32 bytes in base64"],
    ["LOG_LEVEL", "loud", "must be one of fatal, error"],
    ["OIDC_ISSUER", "https://id.example", "knows no OpenID Connect yet"],
    ["OIDC_AUDIENCE", "pathkeeper", "knows no OpenID Connect yet"],
  ])("refuses %s=%s in one sentence", (name, value, sentence) => {
    const found = mistakes({ [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${name} .*${sentence}.*\\.$`));
  });

  it("tells all mistakes at once", () => {
    expect(mistakes({ PORT: "x", ROLE: "y", LOG_LEVEL: "z" })).toHaveLength(3);
  });

  it("repeats nothing that may be secret", () => {
    const found = mistakes({ DATABASE_URL: "postgre://me:hunter2@db/x", PATIENT_KEY: "hunter2" }).join(" ");
    expect(found).not.toContain("hunter2");
  });

  it("wants a key where somebody from outside may come", () => {
    expect(mistakes({ HOST: "0.0.0.0" })).toEqual([expect.stringContaining("PATIENT_KEY must be set")]);
    expect(mistakes({ HOST: "0.0.0.0", PATIENT_KEY: KEY })).toEqual([]);
    for (const HOST of ["localhost", "127.0.0.2", "::1"]) expect(mistakes({ HOST })).toEqual([]);
  });

  it("lets several processes share a database only where it is not the embedded one", () => {
    expect(mistakes({ ROLE: "worker" })).toEqual([expect.stringContaining("needs DATABASE_URL")]);
  });
});
