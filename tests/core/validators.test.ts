import { readFileSync } from "node:fs";
import { expect, it } from "@jest/globals";
import { FOLDER, validators } from "./validator-tool.js";

it("the validators that are committed are those of the schema: else run `npm run validators`", () => {
  for (const [name, text] of Object.entries(validators())) expect(readFileSync(`${FOLDER}${name}`, "utf8")).toBe(text);
});
