import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import {
  LIFECYCLE_EVENTS,
  makeMask,
  makeValidator,
  maskPersonal,
  personalPointers,
  resolveSchema,
  type JsonObject,
} from "../../src/core/document/index.js";
import { sample } from "./document-sample.js";

const withSchema = (schema: JsonObject, definitions: Record<string, JsonObject> = {}) => {
  const document = sample();
  return {
    ...document,
    definitions: { ...document.definitions, ...definitions },
    events: { ...document.events, "x.y": { title: "X", reporters: ["clinician" as const], schema } },
  };
};

describe("An event's data is checked by its schema", () => {
  const validate = makeValidator(sample());

  it("takes what fits", () => {
    expect(validate("wound.dressed", { area: 12, redFlags: [], note: "weeps" })).toEqual([]);
    expect(validate("redFlag.reported", {})).toEqual([]);
  });

  it.each<[JsonObject, string, string]>([
    [{}, "/area", "`area` is missing."],
    [{ area: 1, aera: 2 }, "/aera", "This field is unknown here; leave it out."],
    [{ area: "12" }, "/area", "`area` must be a number."],
    [{ area: -1 }, "/area", "`area` must be at least 0."],
    [{ area: 1, pain: 11 }, "/pain", "`pain` must be at most 10."],
    [{ area: 1, pain: 2.5 }, "/pain", "`pain` must be a whole number."],
    [{ area: 1, redFlags: ["fever", "tired"] }, "/redFlags/1", "`redFlags.1` must be `fever` or `spreadingRedness`."],
    [{ area: 1, dose: { value: 1 } }, "/dose/unit", "`unit` is missing."],
    [{ area: 1, dose: { value: 1, unit: "Gy", by: 1 } }, "/dose/by", "This field is unknown here; leave it out."],
  ])("refuses %j at the property itself", (data, pointer, detail) => {
    expect(validate("wound.dressed", data)).toEqual([{ pointer, detail }]);
  });

  it("repeats nothing of what was typed", () => {
    const faults = validate("wound.dressed", { area: "Jane Doe", note: 5, redFlags: ["Jane Doe"] });
    expect(faults).toHaveLength(3);
    expect(JSON.stringify(faults)).not.toContain("Jane");
  });

  it("tells all faults at once", () => {
    expect(validate("wound.dressed", { pain: "x", what: 1 }).map(({ pointer }) => pointer)).toEqual([
      "/area",
      "/what",
      "/pain",
    ]);
  });

  it("asks conditions of the schema, and tells them where the field is", () => {
    const conditional = makeValidator(
      withSchema(
        parse(`
          type: object
          properties: { kind: { enum: [pain, other] }, verbatim: { type: string } }
          allOf:
            - if: { required: [kind], properties: { kind: { const: other } } }
              then: { required: [verbatim] }
        `) as JsonObject,
      ),
    );
    expect(conditional("x.y", { kind: "pain" })).toEqual([]);
    expect(conditional("x.y", { kind: "other" })).toEqual([{ pointer: "/verbatim", detail: "`verbatim` is missing." }]);
  });

  it("knows no other events", () => {
    expect(validate("wound.dresed", {})).toEqual([
      { pointer: "", detail: "The pathway knows no event of the type `wound.dresed`." },
    ]);
    expect(validate("constructor", {})).toHaveLength(1);
  });

  it("knows the engine's own events", () => {
    expect(validate("pathway.enrolled", {})).toEqual([]);
    expect(validate("pathway.paused", { reason: "holiday", resumeOn: "2026-03-02" })).toEqual([]);
    expect(validate("pathway.paused", { reason: "holiday", resumeOn: "2026-03-02T09:00:00+01:00" })).toEqual([]);
    const pointers = validate("pathway.paused", { resumeOn: "soon" }).map(({ pointer }) => pointer);
    expect(new Set(pointers)).toEqual(new Set(["/reason", "/resumeOn"]));
    expect(validate("pathway.exited", { reason: "bored" })[0]?.pointer).toBe("/reason");
    expect(Object.keys(LIFECYCLE_EVENTS)).toEqual([
      "pathway.enrolled",
      "pathway.paused",
      "pathway.resumed",
      "pathway.exited",
    ]);
  });
});

describe("A resolved schema is complete in itself", () => {
  it("has its definitions filled in and its objects closed", () => {
    expect(resolveSchema(sample(), "wound.dressed")).toMatchObject({
      additionalProperties: false,
      properties: { pain: { type: "integer", minimum: 0, maximum: 10 }, dose: { additionalProperties: false } },
    });
    expect(JSON.stringify(resolveSchema(sample(), "wound.dressed"))).not.toContain("$ref");
  });

  it("is closed for an event that declares no data", () => {
    expect(resolveSchema(sample(), "redFlag.reported")).toEqual({
      type: "object",
      properties: {},
      additionalProperties: false,
    });
  });

  it("leaves conditions and open objects as they are written", () => {
    const schema = {
      type: "object",
      properties: { open: { type: "object", properties: {}, additionalProperties: true } },
      anyOf: [{ properties: { open: { type: "object" } } }],
    };
    expect(resolveSchema(withSchema(schema), "x.y")).toEqual({ ...schema, additionalProperties: false });
  });

  it("keeps what stands beside a reference", () => {
    const schema = { type: "object", properties: { a: { $ref: "#/definitions/name", title: "A name" } } };
    const resolved = resolveSchema(withSchema(schema, { name: { type: "string", title: "Name" } }), "x.y");
    expect(resolved["properties"]).toEqual({ a: { type: "string", title: "A name" } });
  });
});

describe("Free text is found wherever it stands", () => {
  const schema = resolveSchema(
    withSchema(
      parse(`
        type: object
        properties:
          note: { $ref: "#/definitions/text" }
          list: { type: array, items: { type: object, properties: { a/b: { $ref: "#/definitions/text" }, n: { type: number } } } }
          map: { type: object, additionalProperties: { $ref: "#/definitions/text" } }
          late: {}
          plain: { type: string }
        allOf:
          - if: {}
            then: { properties: { late: { $ref: "#/definitions/text" } } }
      `) as JsonObject,
      { text: { type: "string", "x-personal": true } },
    ),
    "x.y",
  );
  const data: JsonObject = {
    note: "n",
    list: [{ "a/b": "x", n: 1 }, { n: 2 }],
    map: { k: "v" },
    late: "l",
    plain: "p",
  };

  it("is pointed at", () => {
    expect(personalPointers(schema, data)).toEqual(["/note", "/list/0/a~1b", "/map/k", "/late"]);
    expect(personalPointers(schema, { plain: "p" })).toEqual([]);
  });

  it("is replaced by true, and what was cut out before stays so", () => {
    const masked: JsonObject = {
      note: true,
      list: [{ "a/b": true, n: 1 }, { n: 2 }],
      map: { k: true },
      late: true,
      plain: "p",
    };
    expect(maskPersonal(schema, data)).toEqual(masked);
    expect(maskPersonal(schema, masked)).toEqual(masked);
    expect(personalPointers(schema, masked)).toEqual([]);
    expect(data["note"]).toBe("n");
  });

  it("is masked by the type of an event", () => {
    const mask = makeMask(sample());
    expect(mask("wound.dressed", { area: 1, note: "weeps" })).toEqual({ area: 1, note: true });
    expect(mask("pathway.paused", { reason: "holiday" })).toEqual({ reason: true });
    const plain = { area: 1 };
    expect(mask("wound.dressed", plain)).toBe(plain);
    expect(mask("nobody.knows", plain)).toBe(plain);
  });
});
