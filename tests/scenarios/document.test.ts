import { expect, it } from "@jest/globals";
import { documentFaults, pathway, second } from "./pathway.js";

it("The first pathway is a document without a fault", () => {
  expect(documentFaults).toEqual([]);
});

it("Its second version is one as well", () => {
  expect(second.documentFaults).toEqual([]);
});

it("The first version stays what was published, for people are on it", () => {
  expect(pathway.hash).toBe("01024981ecb6126b2297d18dd1461949bd8ae6e518f7668bfeec9681b58504c7");
});
