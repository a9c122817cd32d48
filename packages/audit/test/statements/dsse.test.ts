import { expect, test } from "vitest";
import { preAuthEncoding } from "../../src/statements/dsse.ts";

test("encodes type and payload with their lengths in bytes (D1)", () => {
  const encoding = preAuthEncoding(Buffer.from('{"a":"ä"}'));

  expect(Buffer.from(encoding).toString("utf8")).toBe('DSSEv1 28 application/vnd.in-toto+json 10 {"a":"ä"}');
});

test("leaves the payload's bytes as they are (D1)", () => {
  const encoding = preAuthEncoding(Buffer.of(0x20, 0, 0xff, 0x20));

  expect(Buffer.from(encoding).toString("latin1")).toBe(
    "DSSEv1 28 application/vnd.in-toto+json 4 \u0020\u0000\u00ff\u0020",
  );
});
