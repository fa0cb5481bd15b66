import { describe, expect, it } from "@jest/globals";
import { type Absence, type Grant, isAbsentOn, type StaffMember, TOLD_BY_EMAIL } from "../../src/people/person.js";
import { staffFaults } from "../../src/people/staff-faults.js";

const everywhere = (...roles: Grant["role"][]): Grant[] => roles.map((role) => ({ role, site: "*" }));

function person(id: string, grants: Grant[], absent: Absence | null = null): StaffMember {
  const contact = { email: `${id}@example.org`, phone: null, language: "en", told: TOLD_BY_EMAIL, digest: true };
  return { id, name: id, grants, absent, ...contact };
}

describe("what is wrong with a person is told in one sentence each", () => {
  const absent = (deputy: string, from = "2026-07-01", to = "2026-07-14"): Absence => ({ from, to, deputy });
  const told = (one: StaffMember, ...others: StaffMember[]) =>
    staffFaults(one, others, new Set(["north", "south"])).map(({ pointer, detail }) => `${pointer}: ${detail}`);
  const coordinators = everywhere("coordinator");

  it("a role at a site that is not there, an id that means something else", () => {
    const grants: Grant[] = [
      { role: "coordinator", site: "north" },
      { role: "lead", site: "atlantis" },
    ];
    expect(told(person("a", grants))).toEqual(["/roles/1/site: There is no such site."]);
    expect(told(person("me", []))).toEqual(["/id: `me` is not to be had as an id."]);
  });

  it("the last administrator keeps the role", () => {
    const [before, after] = [person("a", everywhere("admin")), person("a", coordinators)];
    const faults = (...others: StaffMember[]) =>
      staffFaults(after, others, new Set(), before).map(({ pointer }) => pointer);
    expect(faults(person("b", coordinators))).toEqual(["/roles"]);
    expect(faults(person("b", everywhere("admin")))).toEqual([]);
  });

  it("days that do not exist, or in the wrong order", () => {
    const days = (from: string, to: string) => told(person("a", [], absent("b", from, to)), person("b", []));
    expect(days("2026-02-30", "2026-03-01")).toEqual(["/absent/from: No such day; write it like 2026-12-25."]);
    expect(days("2026-03-02", "2026-03-01")).toEqual(["/absent/to: The absence would end before it begins."]);
    expect(days("2026-03-01", "2026-03-01")).toEqual([]);
  });

  it("a deputy who is nobody, or the person", () => {
    expect(told(person("a", [], absent("b")))).toEqual(["/absent/deputy: Nobody is known by this id."]);
    expect(told(person("a", [], absent("a")))).toEqual(["/absent/deputy: Nobody is their own deputy."]);
  });

  it("a deputy who is absent too, were it for a day", () => {
    const away = (from: string, to: string) => person("b", coordinators, absent("c", from, to));
    const c = person("c", coordinators);
    expect(told(person("a", coordinators, absent("b")), away("2026-07-14", "2026-07-20"), c)).toEqual([
      "/absent/deputy: b is absent too, from 2026-07-14 to 2026-07-20: name a deputy who is there.",
    ]);
    expect(told(person("a", coordinators, absent("b")), away("2026-07-15", "2026-07-20"), c)).toEqual([]);
  });

  it("a circle of deputies", () => {
    const b = person("b", coordinators, absent("c"));
    const c = person("c", coordinators, absent("a"));
    expect(told(person("a", coordinators, absent("b")), b, c)).toEqual([
      "/absent/deputy: These would stand in for each other in a circle: a, b, c, a. Name somebody who is there.",
    ]);
    const later = person("b", coordinators, absent("a", "2026-08-01", "2026-08-14"));
    expect(told(person("a", coordinators, absent("b")), later)).toEqual([]);
    const circleOfOthers = [person("b", coordinators, absent("c")), person("c", coordinators, absent("b"))];
    expect(told(person("a", coordinators, absent("b")), ...circleOfOthers)[0]).toMatch(/b is absent too/);
  });

  it("to be away while one stands in for somebody", () => {
    const b = person("b", coordinators, absent("a"));
    expect(
      told(person("a", coordinators, absent("c", "2026-07-10", "2026-07-12")), b, person("c", coordinators)),
    ).toEqual(["/absent/deputy: a stands in for b from 2026-07-01 to 2026-07-14: give b another deputy first."]);
  });

  it("a deputy without the role, at each site where it is held", () => {
    const grants: Grant[] = [
      { role: "coordinator", site: "north" },
      { role: "coordinator", site: "south" },
    ];
    const deputy = (...held: Grant[]) => told(person("a", grants, absent("b")), person("b", held));
    expect(deputy({ role: "coordinator", site: "north" })).toEqual([
      "/absent/deputy: b does not hold the role coordinator at the site south, and cannot stand in for a.",
    ]);
    expect(deputy(...everywhere("auditor"))).toHaveLength(1);
    expect(deputy(...everywhere("coordinator"))).toEqual([]);
    expect(deputy({ role: "coordinator", site: "north" }, { role: "lead", site: "south" })).toEqual([]);
    expect(told(person("a", coordinators, absent("b")), person("b", grants))).toEqual([
      "/absent/deputy: b does not hold the role coordinator at every site, and cannot stand in for a.",
    ]);
    const lead = person("a", everywhere("lead"), absent("b"));
    expect(told(lead, person("b", coordinators))).toHaveLength(1);
    expect(told(person("a", everywhere("admin"), absent("b")), person("b", everywhere("lead")))).toHaveLength(1);
  });

  it("counts both days of an absence", () => {
    const one = person("a", [], absent("b"));
    const days = ["2026-06-30", "2026-07-01", "2026-07-14", "2026-07-15"];
    expect(days.map((day) => isAbsentOn(one, day))).toEqual([false, true, true, false]);
  });
});
