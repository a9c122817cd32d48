import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Digest,
  digestJson,
  type JsonValue,
  pinsDigestOf,
  secretShapedKeys,
  type TaskId,
  valueAtPointer,
} from "../src/index.ts";

/** Every place of a value with its pointer, found by walking: what `valueAtPointer` must agree with. */
function placesOf(value: JsonValue, at = ""): [string, JsonValue][] {
  if (typeof value !== "object" || value === null) return [[at, value]];
  const entries: [string, JsonValue][] = Array.isArray(value)
    ? value.map((item, index) => [String(index), item])
    : Object.entries(value);
  const below = entries.flatMap(([key, item]) =>
    placesOf(item, `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
  return [[at, value], ...below];
}

describe("valueAtPointer", () => {
  const document = {
    foo: ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
  };

  test.each([
    ["", document],
    ["/foo", ["bar", "baz"]],
    ["/foo/0", "bar"],
    ["/", 0],
    ["/a~1b", 1],
    ["/c%d", 2],
    ["/e^f", 3],
    ["/g|h", 4],
    ["/i\\j", 5],
    ['/k"l', 6],
    ["/ ", 7],
    ["/m~0n", 8],
  ])("finds `%s` of the example of RFC 6901", (pointer, value) => {
    expect(valueAtPointer(document, pointer)).toEqual(value);
  });

  test.each(["foo", "/absent", "/foo/2", "/foo/00", "/foo/-", "/foo/0/x", "/toString", "/foo/length"])(
    "finds nothing at `%s`",
    (pointer) => {
      expect(valueAtPointer(document, pointer)).toBeUndefined();
    },
  );

  test("agrees with a walk over every place of any value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const places = placesOf(value as JsonValue);

        expect(places.map(([pointer]) => valueAtPointer(value as JsonValue, pointer))).toEqual(
          places.map(([, found]) => found),
        );
      }),
    );
  });
});

describe("secretShapedKeys", () => {
  test.each(["password", "dbPassword", "SECRET", "access_token", "DSN", "api-key", "apiKey", "private key", "passwd"])(
    "refuses a key `%s`, wherever it is",
    (key) => {
      expect(secretShapedKeys({ rows: [{ [key]: "x" }] })).toEqual([`/rows/0/${key}`]);
    },
  );

  test("names every one, and looks at names only", () => {
    expect(secretShapedKeys({ a: { token: 1, b: { secret: { dsn: 2 } } }, note: "password" })).toEqual([
      "/a/token",
      "/a/b/secret",
      "/a/b/secret/dsn",
    ]);
    expect(secretShapedKeys(["password", "token"])).toEqual([]);
  });
});

test("the pins digest names every completed task with its output", () => {
  const id = (n: number) => `task_${String(n).padStart(20, "0")}` as TaskId;
  const output = (n: number): Digest => digestJson(n);
  const pins = new Map([
    [id(1), output(1)],
    [id(2), output(2)],
  ]);

  expect(pinsDigestOf(pins)).toBe(digestJson({ [id(1)]: output(1), [id(2)]: output(2) }));
  expect(pinsDigestOf(new Map([...pins].reverse()))).toBe(pinsDigestOf(pins));
  expect(pinsDigestOf(new Map(pins).set(id(2), output(1)))).not.toBe(pinsDigestOf(pins));
});
