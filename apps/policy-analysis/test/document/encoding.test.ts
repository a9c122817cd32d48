import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeUtf8, findInvalidUtf8 } from "../../src/document/encoding.ts";
import { codeOf } from "./refused.ts";

/** The naive reference: the longest prefix that decodes, less the tail that only waits for more bytes. */
function naiveFirstInvalid(bytes: Uint8Array): number {
  for (let length = 0; length <= bytes.length; length += 1) {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
    } catch {
      let start = length - 1;
      while (start > 0 && !decodes(bytes.subarray(0, start))) start -= 1;
      return start;
    }
  }
  let start = bytes.length;
  while (start > 0 && !decodes(bytes.subarray(0, start))) start -= 1;
  return start === bytes.length ? -1 : start;
}

function decodes(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

test("finds the first ill-formed sequence where a decoder does", () => {
  const lead = fc.constantFrom(
    0x41,
    0x80,
    0xbf,
    0xc0,
    0xc2,
    0xe0,
    0xa0,
    0x9f,
    0xed,
    0xef,
    0xf0,
    0x90,
    0x8f,
    0xf4,
    0xf5,
    0xff,
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(lead, fc.nat(255)), { maxLength: 12 }), (list) => {
      const bytes = Uint8Array.from(list);

      expect(findInvalidUtf8(bytes)).toBe(naiveFirstInvalid(bytes));
    }),
    { numRuns: 2_000 },
  );
});

test("strips the byte order mark of UTF-8 and nothing else", () => {
  expect(decodeUtf8(Buffer.from("\ufeffaño"), "a.txt")).toBe("año");
  expect(decodeUtf8(Buffer.from("a\ufeffo"), "a.txt")).toBe("a\ufeffo");
});

test("names the byte where Latin-1 shows", () => {
  const bytes = Buffer.from("El año de la reforma", "latin1");

  const error = codeOf(() => decodeUtf8(bytes, "plan.txt"));

  expect(error).toMatchObject({
    code: "policy-analysis.document-encoding",
    details: { name: "plan.txt", offset: 4, found: "0xf1" },
    message: "document `plan.txt` is not UTF-8: byte 4 (0xf1) starts no valid sequence; save it as UTF-8",
  });
});

test.each([
  ["UTF-16 little endian with a mark", Buffer.from("\ufeffPolicy", "utf16le"), "UTF-16", 0],
  ["UTF-16 big endian with a mark", Buffer.from("\ufeffPolicy", "utf16le").swap16(), "UTF-16", 0],
  ["UTF-16 little endian without a mark", Buffer.from("Policy for all", "utf16le"), "UTF-16", 1],
  ["UTF-16 big endian without a mark", Buffer.from("Policy for all", "utf16le").swap16(), "UTF-16", 0],
  ["UTF-32 with a mark", Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]), "UTF-32", 0],
])("refuses %s", (_, bytes, found, offset) => {
  const error = codeOf(() => decodeUtf8(bytes, "plan.txt"));

  expect(error).toMatchObject({ code: "policy-analysis.document-encoding", details: { found, offset } });
});

test("calls bytes that are text in no encoding binary, not wrongly encoded", () => {
  const bytes = Uint8Array.from({ length: 2_000 }, (_, at) => (at * 167 + (at >> 3)) & 0xff);

  expect(codeOf(() => decodeUtf8(bytes, "x")).code).toBe("policy-analysis.document-binary");
});
