import { expect, it } from "@jest/globals";
import { QueryFailedError } from "typeorm";
import {
  isInsufficientPrivilege,
  isLostRace,
  isPassing,
  isPasswordRefused,
  isPoolFull,
  isRoleRefused,
  isUnreachable,
  whyUnusable,
} from "../../src/platform/database-faults.js";
import { createDataSource } from "../../src/platform/database.js";
import { Unanswered } from "../../src/platform/watched-client.js";
import { createTestDatabase } from "../support/database.js";

const coded = (code: string, message = "x") => Object.assign(new Error(message), { code });

it("tells a race that was lost from a wait that was too long, and both from what will fail again", () => {
  for (const code of ["23505", "40001", "40P01"]) expect(isLostRace(coded(code))).toBe(true);
  for (const code of ["40001", "40P01", "55P03", "25P03", "25P04", "57P01", "08006", "53300", "ECONNRESET"]) {
    expect([code, isPassing(coded(code))]).toEqual([code, true]);
  }
  for (const code of ["23505", "42501", "25P02", "22023", "57014"]) expect(isPassing(coded(code))).toBe(false);
  expect(isLostRace(coded("55P03"))).toBe(false);
  for (const nothing of [undefined, null, "40001", new Error("x")]) {
    expect([isLostRace(nothing), isPassing(nothing), whyUnusable(nothing)]).toEqual([false, false, undefined]);
  }
});

it("tells a way on which nobody answers from a pool that is full, and both from a connection that was cut", () => {
  const full = new Error("timeout exceeded when trying to connect");
  const silent = new Unanswered();
  const cut = new Error("Connection terminated unexpectedly");
  expect([silent, full, cut, coded("EHOSTUNREACH")].map(isUnreachable)).toEqual([true, false, false, true]);
  expect([silent, full, cut].map(isPoolFull)).toEqual([false, true, false]);
  expect([silent, full, cut].map(isPassing)).toEqual([true, true, true]);
  expect(isUnreachable(new QueryFailedError("select", [], silent))).toBe(true);
  for (const nothing of [undefined, null, ""])
    expect([isUnreachable(nothing), isPoolFull(nothing)]).toEqual([false, false]);
});

it("finds the code within TypeORM's own error", () => {
  expect(isLostRace({ driverError: coded("23505") })).toBe(true);
  expect(isPassing(new QueryFailedError("select", [], coded("55P03")))).toBe(true);
});

it("knows what PostgreSQL and the network really say", async () => {
  const database = await createTestDatabase();
  try {
    const faultOf = (asked: Promise<unknown>) =>
      asked.then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(isInsufficientPrivilege(await faultOf(database.app.query("create table no (id int)")))).toBe(true);
    const { host, pathname } = new URL(database.url);
    const connecting = (url: string) => faultOf(createDataSource(url, { role: "owner" }).initialize());
    expect(whyUnusable(await connecting(`postgres://nobody:no@${host}${pathname}`))).toMatch(
      /refuses the (user|password)/,
    );
    expect(whyUnusable(await connecting(`${database.url}_gone`))).toBe("it has no such database (3D000)");
    expect(whyUnusable(await connecting("postgres://x@127.0.0.1:9/x"))).toBe("nothing listens there (ECONNREFUSED)");
    const refused = await connecting(`${database.url}?options=-c%20role%3Dnobody_at_all`);
    expect([isRoleRefused(refused), isPasswordRefused(refused)]).toEqual([true, false]);
  } finally {
    await database.drop();
  }
});
