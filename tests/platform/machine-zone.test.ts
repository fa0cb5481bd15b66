import { expect, it } from "@jest/globals";
import { StartError } from "../../src/platform/start-error.js";
import { machineZone } from "../../src/sites/sites.seed.js";

it("the first site is where the machine is, which may be nowhere", () => {
  for (const name of ["UTC", "Etc/UTC", "Etc/GMT", "GMT"]) expect(machineZone(name)).toBe("UTC");
  expect(machineZone("Europe/Berlin")).toBe("Europe/Berlin");
  for (const name of ["EST", "Etc/GMT+5", "US/Eastern"]) {
    expect(() => machineZone(name)).toThrow(StartError);
    expect(() => machineZone(name)).toThrow(
      /^The machine's time zone .* write region and city, such as .* Set TZ so\.$/,
    );
  }
});
