import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compileSchema,
  type JsonObject,
  type JsonValue,
  publishedSchema,
  SCHEMAS,
  type SchemaName,
} from "../src/index.ts";
import { arbitraryOf, mutationsOf } from "./schema-arbitrary.ts";

const names = Object.keys(SCHEMAS) as SchemaName[];

test("all schemas are there, in order", () => {
  expect(names.length).toBeGreaterThanOrEqual(23);
  expect(names).toEqual([...names].sort());
});

describe.each(names)("%s", (name) => {
  const schema = publishedSchema(name);
  const check = compileSchema(schema);

  test("the committed file is what the zod schema generates", () => {
    const file = new URL(`../../../schemas/${name}/v1.json`, import.meta.url);

    expect(existsSync(file)).toBe(true);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(schema);
  });

  test("zod and ajv agree on generated values and on their mutations (G1)", () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(arbitraryOf(schema), fc.nat(), fc.nat(), (value, which, how) => {
        for (const candidate of [value, ...mutationsOf(value, which, how)]) {
          const byAjv = check(candidate).length === 0;
          const byZod = SCHEMAS[name].safeParse(candidate).success;
          if (byAjv) accepted += 1;
          else refused += 1;

          expect(byZod, JSON.stringify(candidate)).toBe(byAjv);
        }
      }),
      { numRuns: 60 },
    );
    expect(accepted).toBeGreaterThan(30);
    expect(refused).toBeGreaterThan(30);
  });
});

test("properties of Object.prototype do not count as present (V2)", () => {
  const check = compileSchema({
    type: "object",
    properties: JSON.parse('{"toString":true,"__proto__":true}') as JsonObject,
    required: ["toString", "__proto__"],
  });

  expect(check({})).toHaveLength(2);
  expect(check(JSON.parse('{"toString":1,"__proto__":1}') as JsonValue)).toEqual([]);
});

test("reports every fault with its pointer (V3)", () => {
  const schema: JsonObject = {
    type: "object",
    properties: { a: { type: "integer" }, b: { type: "string" }, c: true },
    required: ["a", "b", "c"],
    additionalProperties: false,
  };
  const issues = compileSchema(schema)({ a: "x", b: 1, d: 1 });

  expect(issues.map(({ pointer }) => pointer).sort()).toEqual(["", "", "/a", "/b"]);
  expect(issues.map(({ expected }) => expected).join("; ")).toContain("`d`");
});

test("refuses a schema with an unknown keyword instead of ignoring it (V1)", () => {
  expect(() => compileSchema({ type: "object", requird: ["a"] })).toThrow(
    expect.objectContaining({ code: "contracts.bad-schema" }),
  );
});

test("no schema sees another: the same `$id` compiles again, also after a schema that failed", () => {
  const id = "https://example.org/same";
  const first = compileSchema({ $id: id, $defs: { part: { $id: `${id}/part`, type: "string" } }, $ref: `${id}/part` });
  const second = compileSchema({
    $id: id,
    $defs: { part: { $id: `${id}/part`, type: "integer" } },
    $ref: `${id}/part`,
  });

  expect([first("x"), first(1).length, second(1), second("x").length]).toEqual([[], 1, [], 1]);
  expect(() => compileSchema({ $id: id, $ref: "https://example.org/absent" })).toThrow();
  expect(() => compileSchema({ $ref: id })).toThrow(expect.objectContaining({ code: "contracts.bad-schema" }));
  expect(compileSchema({ $id: id, type: "null" })(null)).toEqual([]);
});
