import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { compileSchema, isContractsError, type JsonObject, type JsonValue } from "../src/index.ts";
import { vectorsFolder } from "./vectors.ts";

type Group = {
  readonly description: string;
  readonly schema: JsonObject | boolean;
  readonly tests: readonly { readonly description: string; readonly data: JsonValue; readonly valid: boolean }[];
};

/** What ajv itself does not support, by file of the suite; `docs/json-schema-support.md` says why for each. */
const UNSUPPORTED_BY_AJV = [
  "dynamicRef.json",
  "enum.json",
  "properties.json",
  "ref.json",
  "unevaluatedItems.json",
  "unevaluatedProperties.json",
  "vocabulary.json",
];

const folder = vectorsFolder("json-schema");
const groups = (folder === undefined ? [] : readdirSync(`${folder}/tests/draft2020-12`))
  .filter((file) => file.endsWith(".json"))
  .flatMap((file) =>
    (JSON.parse(readFileSync(`${folder}/tests/draft2020-12/${file}`, "utf8")) as Group[]).map((group) => ({
      file,
      group,
    })),
  );

describe.skipIf(folder === undefined)("the JSON-Schema-Test-Suite, draft 2020-12", () => {
  test("what we accept, we answer right: no published case is answered wrongly", () => {
    const wrong: string[] = [];
    let answered = 0;
    let refused = 0;
    for (const { file, group } of groups) {
      const check = compiled(group.schema);
      if (check === undefined) {
        refused += 1;
        continue;
      }
      for (const { data, valid, description } of group.tests) {
        answered += 1;
        if ((check(data).length === 0) !== valid) wrong.push(`${file}: ${group.description}: ${description}`);
      }
    }

    expect(wrong).toEqual([]);
    expect(groups.length).toBeGreaterThan(350);
    expect(answered).toBeGreaterThan(250);
    expect(refused + answered).toBeGreaterThan(500);
  });

  test("ajv without strict mode fails only in the files that we list", () => {
    const failing = new Set<string>();
    let right = 0;
    for (const { file, group } of groups) {
      const ajv = new Ajv2020({ strict: false, ownProperties: true, validateFormats: false, schemas: remotes() });
      for (const { data, valid } of group.tests) {
        if (answer(ajv, group.schema, data) === valid) right += 1;
        else failing.add(file);
      }
    }

    expect([...failing].sort()).toEqual(UNSUPPORTED_BY_AJV);
    expect(right).toBeGreaterThan(1200);
  });
});

test("refuses keywords that ajv answers wrongly (V4)", () => {
  expect(compiled({ $defs: { a: { $dynamicAnchor: "a" } } })).toBeUndefined();
  expect(compiled({ type: "object", properties: { a: { type: "array", unevaluatedItems: false } } })).toBeUndefined();
});

function compiled(schema: JsonObject | boolean): ReturnType<typeof compileSchema> | undefined {
  try {
    return compileSchema(schema);
  } catch (error) {
    expect(isContractsError(error) && error.code).toBe("contracts.bad-schema");
    return undefined;
  }
}

function answer(ajv: Ajv2020, schema: JsonObject | boolean, data: JsonValue): boolean | "error" {
  try {
    return ajv.validate(schema, data) as boolean;
  } catch {
    return "error";
  }
}

let loaded: Record<string, object> | undefined;
function remotes(): Record<string, object> {
  if (loaded !== undefined) return loaded;
  loaded = {};
  const root = `${folder}/remotes/draft2020-12`;
  for (const path of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!path.endsWith(".json") || path.includes("metaschema")) continue;
    const schema = JSON.parse(readFileSync(`${root}/${path}`, "utf8")) as object;
    loaded[`http://localhost:1234/draft2020-12/${path}`] = schema;
  }
  return loaded;
}
