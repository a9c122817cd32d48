import { readdirSync, readFileSync } from "node:fs";
import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  assertJson,
  canonicalBytes,
  canonicalJson,
  freezeDeep,
  frozenJson,
  isContractsError,
  JSON_DEPTH_MAX,
  type JsonObject,
  type JsonValue,
  parseCanonicalJson,
} from "../src/index.ts";
import { inKeyOrder } from "../src/key-order.ts";
import { vectorsFolder } from "./vectors.ts";

const json = fc
  .jsonValue({ maxDepth: 5, stringUnit: "binary" })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll("-0", "0")) as JsonValue)
  .filter((value) => JSON.stringify(value).isWellFormed() && !hasLoneSurrogate(value));

function hasLoneSurrogate(value: JsonValue): boolean {
  if (typeof value === "string") return !value.isWellFormed();
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(hasLoneSurrogate);
  return Object.entries(value).some(([key, child]) => !key.isWellFormed() || hasLoneSurrogate(child));
}

function codeAndPointer(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    if (isContractsError(error)) return [error.code, "pointer" in error.details ? error.details.pointer : undefined];
    throw error;
  }
  return "accepted";
}

test("prints what it reads back, byte for byte (J2)", () => {
  fc.assert(
    fc.property(json, (value) => {
      const text = canonicalJson(value);

      expect(canonicalJson(JSON.parse(text) as JsonValue)).toBe(text);
      expect(parseCanonicalJson(canonicalBytes(value))).toEqual(JSON.parse(text));
    }),
  );
});

test("prints the same text whatever the order of keys", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.integer()), (record) => {
      const turned = Object.fromEntries(Object.entries(record).reverse());

      expect(canonicalJson(turned)).toBe(canonicalJson({ ...record }));
    }),
  );
});

test("prints what the canonical-JSON library prints, in order or not, with every kind of key", () => {
  const key = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("10", "9", "0a", "__proto__", "é", "\u{1f600}", "\ufb33", ""),
  );
  const { value: nested } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
      fc.string({ unit: "binary" }),
      fc.constantFrom(null, true, 1e21, 1e-7, 5e-324),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.uniqueArray(fc.tuple(key, tie("value")), { maxLength: 5, selector: ([name]) => name }).map(toObject),
    ),
  }));
  let inEngineOrder = 0;
  fc.assert(
    fc.property(nested, (value) => {
      if (hasLoneSurrogate(value)) return;
      if (inKeyOrder(value) !== undefined) inEngineOrder += 1;

      expect(canonicalJson(value)).toBe(canonicalize(value));
      expect(canonicalJson(JSON.parse(canonicalJson(value)) as JsonValue)).toBe(canonicalJson(value));
    }),
    { numRuns: 2000 },
  );
  expect(inEngineOrder).toBeGreaterThan(500);
  expect(inEngineOrder).toBeLessThan(2000);
});

function toObject(entries: readonly (readonly [string, JsonValue])[]): JsonObject {
  const object: Record<string, JsonValue> = {};
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

describe("refuses what has no canonical form, with its place (J1)", () => {
  const holed = [1, 2, 3];
  delete holed[1];
  const named = Object.assign([1], { name: 1 });
  const cases: [string, unknown, string][] = [
    ["undefined", { a: undefined }, "/a"],
    ["a hole", { a: holed }, "/a/1"],
    ["NaN", [Number.NaN], "/0"],
    ["infinity", { "a/b": [Number.POSITIVE_INFINITY] }, "/a~1b/0"],
    ["negative zero", { "~": -0 }, "/~0"],
    ["a lone surrogate", { a: { b: "\ud800" } }, "/a/b"],
    ["a lone surrogate in a key", { a: { "\udc00": 1 } }, "/a"],
    ["a bigint", { a: 1n }, "/a"],
    ["a date", { a: new Date(0) }, "/a"],
    ["a map", { a: new Map() }, "/a"],
    ["a function", { a: () => 1 }, "/a"],
    ["a symbol", { a: Symbol.iterator }, "/a"],
    ["an array with a name", { a: named }, "/a"],
    ["a symbol key", { a: { [Symbol.iterator]: 1 } }, "/a"],
    ["toJSON", { a: { toJSON: () => 1 } }, "/a/toJSON"],
    ["a class instance", { a: new (class Thing {})() }, "/a"],
    ["top-level undefined", undefined, ""],
  ];
  test.each(cases)("%s", (_name, value, pointer) => {
    expect(codeAndPointer(() => canonicalJson(value as JsonValue))).toEqual(["contracts.not-json", pointer]);
    expect(codeAndPointer(() => assertJson(value))).toEqual(["contracts.not-json", pointer]);
  });

  test("nesting that would exhaust the stack", () => {
    let deep: JsonValue = 1;
    for (let depth = 0; depth <= JSON_DEPTH_MAX; depth += 1) deep = [deep];

    expect(codeAndPointer(() => canonicalJson(deep))).toEqual([
      "contracts.not-json",
      expect.stringMatching(/^(\/0)+$/),
    ]);
  });
});

describe("reads only its own spelling (J3)", () => {
  const cases: [string, string][] = [
    ["a space", '{"a": 1}'],
    ["duplicate keys", '{"a":1,"a":1}'],
    ["keys out of order", '{"b":1,"a":1}'],
    ["another number spelling", "[1.0]"],
    ["an exponent", "[1E3]"],
    ["a needless escape", '["\\u0061"]'],
    ["a trailing newline", "1\n"],
    ["a byte-order mark", "\ufeff1"],
    ["not JSON", "{"],
    ["negative zero", "-0"],
    ["nothing", ""],
  ];
  test.each(cases)("%s", (_name, text) => {
    expect(codeAndPointer(() => parseCanonicalJson(text))).toEqual([
      expect.stringMatching(/^contracts\.not-/),
      text === "-0" ? "" : undefined,
    ]);
  });

  test("bytes that are not UTF-8", () => {
    expect(codeAndPointer(() => parseCanonicalJson(Uint8Array.of(0x22, 0xff, 0x22)))).toEqual([
      "contracts.not-canonical",
      undefined,
    ]);
  });

  test("__proto__ is a key like any other", () => {
    expect(canonicalJson(parseCanonicalJson('{"__proto__":{"x":1}}'))).toBe('{"__proto__":{"x":1}}');
  });
});

test("a frozen copy shares nothing and cannot change", () => {
  const original = { list: [{ n: 1 }] };
  const copy = frozenJson(original);
  original.list[0] = { n: 2 };

  expect(copy).toEqual({ list: [{ n: 1 }] });
  expect(() => (copy.list as { n: number }[]).push({ n: 3 })).toThrow(TypeError);
  expect(Object.isFrozen(freezeDeep({ a: [{}] }).a[0])).toBe(true);
});

const folder = vectorsFolder("rfc8785");
test.skipIf(folder === undefined)("agrees with the published RFC 8785 vectors", () => {
  const names = readdirSync(`${folder}/testdata/input`).filter((name) => name.endsWith(".json"));
  let count = 0;
  for (const name of names) {
    const input = JSON.parse(readFileSync(`${folder}/testdata/input/${name}`, "utf8")) as JsonValue;
    const expected = readFileSync(`${folder}/testdata/output/${name}`);

    expect(Buffer.from(canonicalBytes(input)).equals(expected), name).toBe(true);
    expect(canonicalBytes(parseCanonicalJson(expected))).toEqual(canonicalBytes(input));
    count += 1;
  }
  expect(count).toBeGreaterThanOrEqual(6);
});
