import { canonicalJson, type JsonValue, parseCanonicalJson } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CanonicalElements } from "../src/canonical-elements.ts";

type Read = { readonly document: JsonValue } | "refused";

/** Without negative zero, which has no canonical form. */
const json = fc.jsonValue({ depthSize: "small" }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
/** Names and texts that look like the long array, or like its end. */
const tricky = fc.constantFrom("tasks", 'a"tasks', '"tasks":[', "]}", "],[", "\\", '\\"', "[[", "ü", "tasks:", "");
const element = fc.oneof(
  json,
  tricky,
  fc.dictionary(tricky, fc.oneof(json, fc.array(tricky))),
  fc.array(fc.array(json)),
);
const document = fc
  .tuple(fc.dictionary(fc.oneof(tricky, fc.string()), element, { maxKeys: 5 }), fc.array(element, { maxLength: 8 }))
  .map(([others, tasks]) => ({ ...others, tasks }) as JsonValue);

/** The naive reader. */
function whole(bytes: Uint8Array): Read {
  try {
    return { document: parseCanonicalJson(bytes) };
  } catch {
    return "refused";
  }
}

/** Element by element, in pieces of the given sizes, and put together again. */
function inParts(bytes: Uint8Array, sizes: readonly number[], batchBytes?: number): Read {
  const elements: JsonValue[] = [];
  const reader = new CanonicalElements("tasks", (one) => elements.push(one), batchBytes);
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes.length === 0 ? bytes.length : (sizes[turn % sizes.length] as number);
    reader.next(bytes.subarray(at, at + size));
    at += size;
  }
  const read = reader.end();
  if (read === undefined) return "refused";
  const tasks = (read as { readonly tasks?: JsonValue } | null)?.tasks;
  if (Array.isArray(tasks) && tasks.length === 0) return { document: { ...(read as object), tasks: elements } };
  expect(elements).toEqual([]);
  return { document: read };
}

const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 });
const batch = fc.integer({ min: 0, max: 60 });

test("reads of any canonical document what is read of the whole, in any pieces and batches (E1)", () => {
  fc.assert(
    fc.property(fc.oneof(document, element), pieces, batch, (value, sizes, batchBytes) => {
      const bytes = Buffer.from(canonicalJson(value));

      const read = inParts(bytes, sizes, batchBytes);

      expect(read).toEqual(whole(bytes));
      expect(read).not.toBe("refused");
    }),
    { numRuns: 400 },
  );
});

test("judges every truncation and change of bytes as the whole is judged (E1)", () => {
  const parts = [
    ...'[]{},:"\\ tasks0-1e',
    '"tasks":[',
    '"tasks":[]',
    ",,",
    "]]",
    "[[",
    "],[",
    "\u00fc",
    "\ufeff",
    "\\u0074",
  ];
  const patch = fc.oneof(
    fc.constantFrom(...parts).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 2 }),
  );
  const counts = { refused: 0, read: 0 };
  fc.assert(
    fc.property(document, fc.nat(), fc.nat(3), patch, pieces, batch, (value, where, gone, put, sizes, batchBytes) => {
      const good = Buffer.from(canonicalJson(value));
      const at = where % (good.length + 1);
      const changed = Buffer.concat([good.subarray(0, at), put, good.subarray(at + gone)]);

      for (const bytes of [changed, good.subarray(0, at)]) {
        const read = inParts(bytes, sizes, batchBytes);
        counts[read === "refused" ? "refused" : "read"] += 1;
        expect(read).toEqual(whole(bytes));
      }
    }),
    { numRuns: 400 },
  );
  expect(counts.refused).toBeGreaterThan(200);
  expect(counts.read).toBeGreaterThan(20);
});

test.each([
  ["an element that is missing at the end", '{"tasks":[1,]}'],
  ["an element that is missing at the start", '{"tasks":[,1]}'],
  ["nothing but a comma", '{"tasks":[,]}'],
  ["a bracket of another kind at the end", '{"tasks":[1}}'],
  ["an array that goes on behind its end", '{"tasks":[1]],[2]}'],
  ["a space in the empty array", '{"tasks":[ ]}'],
  ["a space behind an element", '{"tasks":[1 ,2]}'],
  ["the member twice", '{"tasks":[1],"tasks":[2]}'],
  ["the member twice, once empty", '{"tasks":[],"tasks":[2]}'],
  ["the member under another spelling", '{"\\u0074asks":[1]}'],
  ["a name that stands twice in an element", '{"tasks":[{"a":1,"a":1}]}'],
  ["names of an element out of order", '{"tasks":[{"b":1,"a":1}]}'],
  ["negative zero", '{"tasks":[-0]}'],
  ["a byte order mark before an element", '{"tasks":[\ufeff1]}'],
  ["a lone surrogate", '{"tasks":["\\ud800"]}'],
  ["text behind the document", '{"tasks":[1]}1'],
  ["an array that is not closed", '{"tasks":[1'],
  ["members out of order", '{"user":1,"tasks":[1]}'],
  ["an element one level deeper than nesting may be", `{"tasks":[${"[".repeat(255)}${"]".repeat(255)}]}`],
])("refuses %s (E1)", (_, text) => {
  const bytes = Buffer.from(text);

  expect(whole(bytes)).toBe("refused");
  for (const batchBytes of [0, 1, 1 << 16]) expect(inParts(bytes, [], batchBytes)).toBe("refused");
});

test("reads elements as deep as the whole may be (E1)", () => {
  const bytes = Buffer.from(`{"tasks":[${"[".repeat(254)}${"]".repeat(254)}]}`);

  expect(inParts(bytes, [])).toEqual(whole(bytes));
  expect(whole(bytes)).not.toBe("refused");
});
