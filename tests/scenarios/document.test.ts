import { expect, it } from "@jest/globals";
import { documentFaults } from "./pathway.js";

it("The first pathway is a document without a fault", () => {
  expect(documentFaults).toEqual([]);
});
