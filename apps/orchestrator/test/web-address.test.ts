import { expect, test } from "vitest";
import { webAddressOf } from "../src/web-address.ts";

test.each(["http://127.0.0.1:7380", "https://tsa.example/stamp?policy=1"])("%s is an address", (text) => {
  expect(webAddressOf("--tsa", text)).toBe(text);
});

test.each(["nonsense", "127.0.0.1:7380", "file:///etc/passwd", "https://", ""])(
  "`%s` is refused before anybody is asked",
  (text) => {
    expect(() => webAddressOf("--tsa", text)).toThrow(
      expect.objectContaining({ code: "orchestrator.option-invalid", message: expect.stringContaining("--tsa") }),
    );
  },
);

test("a password in an address is refused and not repeated", () => {
  const refusal = expect.objectContaining({ message: expect.not.stringContaining("s3cret") });

  expect(() => webAddressOf("--tsa", "https://ada:s3cret@tsa.example/")).toThrow(refusal);
});
