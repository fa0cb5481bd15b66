import { describe, expect, it } from "@jest/globals";
import { actorAt, opens, type Person, ROLES_FOR, rolesAt, sitesWhere } from "../../src/people/index.js";

const NURSE: Person = {
  id: "nurse",
  name: "A nurse at two sites",
  grants: [
    { role: "coordinator", site: "north" },
    { role: "lead", site: "south" },
  ],
};
const AUDITOR: Person = { id: "auditor", name: "An auditor", grants: [{ role: "auditor", site: "*" }] };

describe("roles are held per site", () => {
  it("counts only what is held there", () => {
    expect(rolesAt(NURSE, "north")).toEqual(["coordinator"]);
    expect(actorAt(NURSE, "south")).toEqual({ person: "nurse", roles: ["lead"] });
    expect(rolesAt(NURSE, "west")).toEqual([]);
    expect(rolesAt(AUDITOR, "west")).toEqual(["auditor"]);
  });

  it("opens the patients of these sites, and of all where the role is held everywhere", () => {
    expect(sitesWhere(NURSE, ROLES_FOR.readPatients)).toEqual(["north", "south"]);
    expect(sitesWhere(AUDITOR, ROLES_FOR.readPatients)).toBeNull();
    expect(sitesWhere(AUDITOR, ROLES_FOR.writePatients)).toEqual([]);
  });

  it("lets auditors read and write nothing, and administrators see no patient", () => {
    expect(opens(["auditor"], "readPatients")).toBe(true);
    expect(opens(["auditor"], "writePatients")).toBe(false);
    expect(opens(["admin"], "readPatients")).toBe(false);
    expect(opens(["admin"], "administer")).toBe(true);
  });
});
