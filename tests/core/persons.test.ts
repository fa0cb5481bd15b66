import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { headsOf, linksOf, type Link } from "../../src/engine/model/persons.js";
import { runs } from "./seed.js";

const IDS = ["a", "b", "c", "d", "e"];
const link = (patientId: string, sameAs: string, nth: number): Link => ({ patientId, sameAs, nth });
const shown = (links: Link[]) => Object.fromEntries(headsOf(IDS, links));

it("the second record's head becomes that of both, in the order in which it was said", () => {
  expect(shown([])).toEqual({ a: "a", b: "b", c: "c", d: "d", e: "e" });
  expect(shown([link("b", "a", 1), link("c", "b", 2)])).toMatchObject({ a: "a", b: "a", c: "a" });
  expect(shown([link("b", "a", 2), link("c", "b", 1)])).toMatchObject({ a: "a", b: "a", c: "a" });
  expect(shown([link("c", "b", 1)])).toMatchObject({ a: "a", b: "b", c: "b" });
  expect(shown([link("a", "b", 1), link("b", "c", 2)])).toMatchObject({ a: "c", b: "c", c: "c" });
});

it("what is taken back is what was said of the record, else what was said of others about it", () => {
  const links = [link("b", "a", 1), link("c", "b", 2), link("d", "b", 3)];
  expect(linksOf("b", links)).toEqual([links[0]]);
  expect(linksOf("b", links.slice(1))).toEqual(links.slice(1));
  expect(linksOf("e", links)).toEqual([]);
});

it("whoever stands for a person goes on standing for those who stay", () => {
  const acts = fc.array(fc.record({ join: fc.boolean(), one: fc.nat(4), other: fc.nat(4) }), { maxLength: 20 });
  fc.assert(
    fc.property(acts, (all) => {
      let links: Link[] = [];
      for (const { join, one, other } of all) {
        const [from, to] = [IDS[one]!, IDS[other]!];
        const before = headsOf(IDS, links);
        if (join && before.get(from) !== before.get(to)) {
          links = [...links, link(from, to, 1 + Math.max(0, ...links.map(({ nth }) => nth)))];
        } else if (!join) {
          const gone = linksOf(from, links);
          links = links.filter((each) => !gone.includes(each));
        }
        const after = headsOf(IDS, links);
        for (const [id, head] of after) expect(after.get(head)).toBe(after.get(id));
        if (!join) for (const head of new Set(before.values())) expect(after.get(head)).toBe(head);
      }
    }),
    runs(200),
  );
});
