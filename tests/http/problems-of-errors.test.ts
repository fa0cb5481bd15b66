import { describe, expect, it } from "@jest/globals";
import { NotFoundException } from "@nestjs/common";
import { QueryFailedError } from "typeorm";
import { StoreAway } from "../../src/engine/index.js";
import { problemBody, problemOf } from "../../src/http/problem-answer.js";
import { PROBLEMS, ProblemError, type ProblemName } from "../../src/http/problems.js";
import { NoSuchRecord, ReadsBusy } from "../../src/reads/index.js";

describe("whatever is thrown becomes a problem that says nothing of itself", () => {
  it("keeps a problem as it is", () => {
    const problem = { name: "stale", detail: "The newest record is 7.", seq: 7 } as const;
    expect(problemOf(new ProblemError(problem))).toBe(problem);
    const { title } = PROBLEMS.stale;
    const detail = problem.detail;
    expect(problemBody(problem)).toEqual({ type: "/problems/stale", title, status: 409, detail, seq: 7 });
  });

  it("puts the standard members first, and lets no extension take their place", () => {
    const body = problemBody({ name: "stale", detail: "The newest record is 7.", seq: 7, status: "closed" });
    expect(Object.keys(body)).toEqual(["type", "title", "status", "detail", "seq"]);
    expect(body.status).toBe(409);
  });

  it("words what the gate for reading throws", () => {
    expect(problemOf(new NoSuchRecord("task"))).toEqual({ name: "not-found", detail: "There is no such task." });
    const busy = { name: "unavailable", detail: "Too much is read at once. Try again." };
    expect(problemOf(new ReadsBusy())).toEqual(busy);
  });

  it("never passes on the message of an error", () => {
    const errors: [unknown, ProblemName | undefined][] = [
      [new NotFoundException("Mustermann"), "not-found"],
      [Object.assign(new Error("Mustermann"), { statusCode: 413 }), "too-large"],
      [Object.assign(new Error("Mustermann"), { statusCode: 400 }), "malformed-request"],
      [Object.assign(new Error("Mustermann"), { code: "57P01" }), "unavailable"],
      [Object.assign(new Error("Mustermann"), { code: "ECONNREFUSED" }), "unavailable"],
      ...["55P03", "25P03", "40P01", "08006", "53300", "EAI_AGAIN", "EHOSTUNREACH"].map(
        (code): [unknown, "unavailable"] => [Object.assign(new Error("Mustermann"), { code }), "unavailable"],
      ),
      [new QueryFailedError("select", [], Object.assign(new Error("Mustermann"), { code: "55P03" })), "unavailable"],
      [new StoreAway(new Error("Mustermann")), "unavailable"],
      [new Error("Connection terminated unexpectedly"), "unavailable"],
      [new Error("timeout exceeded when trying to connect"), "unavailable"],
      [Object.assign(new Error("Mustermann"), { code: "23505" }), undefined],
      [new Error("Mustermann"), undefined],
      ["Mustermann", undefined],
      [undefined, undefined],
    ];
    for (const [error, name] of errors) {
      const problem = problemOf(error);
      expect([error, problem?.name]).toEqual([error, name]);
      expect(JSON.stringify(problem ?? {})).not.toContain("Mustermann");
    }
  });
});
