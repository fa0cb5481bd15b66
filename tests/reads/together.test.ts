import { describe, expect, it } from "@jest/globals";
import { Together } from "../../src/reads/together.js";

/** Answers when it is told to; keeps what it was asked. */
function slow() {
  const asked: string[][] = [];
  const answers: ((error?: Error) => void)[] = [];
  const findAll = (keys: string[]): Promise<Map<string, string>> => {
    asked.push(keys);
    return new Promise((resolve, reject) =>
      answers.push((error) => (error ? reject(error) : resolve(new Map(keys.map((key) => [key, `found ${key}`]))))),
    );
  };
  return { asked, answers, together: new Together(findAll) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("those who look something up at once", () => {
  it("share a statement, and each is told of its own key", async () => {
    const { asked, answers, together } = slow();
    const found = ["a", "b", "a"].map((key) => together.find(key));
    await turn();
    expect(asked).toEqual([["a", "b"]]);
    answers[0]!();
    expect(await Promise.all(found)).toEqual(["found a", "found b", "found a"]);
  });

  it("wait while two are under way, and then go together", async () => {
    const { asked, answers, together } = slow();
    const found: Promise<string | undefined>[] = [];
    for (const key of ["a", "b", "c", "d"]) {
      found.push(together.find(key));
      await turn();
    }
    expect(asked).toEqual([["a"], ["b"]]);
    answers[0]!();
    expect(await found[0]).toBe("found a");
    await turn();
    expect(asked).toEqual([["a"], ["b"], ["c", "d"]]);
    answers[1]!();
    answers[2]!();
    expect(await Promise.all(found)).toEqual(["found a", "found b", "found c", "found d"]);
  });

  it("are all told of a fault, and nobody else is", async () => {
    const { answers, together } = slow();
    const failing = ["a", "b"].map((key) => together.find(key));
    const settled = Promise.allSettled(failing);
    await turn();
    answers[0]!(new Error("The connection is gone."));
    expect((await settled).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    const after = together.find("a");
    await turn();
    answers[1]!();
    expect(await after).toBe("found a");
  });

  it("hear of nothing where there is nothing", async () => {
    const together = new Together(async () => new Map<string, string>());
    expect(await together.find("nobody")).toBeUndefined();
  });
});
