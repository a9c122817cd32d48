/** Published vectors of Ed25519 in JOSE, typed in from the RFCs: they are short, and say that our bytes are theirs. */
import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { isSignature, publicKeyOf } from "../src/keys.ts";

describe("RFC 8037, appendix A", () => {
  const jwk = {
    kty: "OKP",
    crv: "Ed25519",
    d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
  };
  const input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
  const signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
  const key = publicKeyOf(Buffer.from(jwk.x, "base64url"));

  test("A.4: signing gives the published signature", () => {
    const privateKey = createPrivateKey({ key: jwk, format: "jwk" });

    expect(sign(null, Buffer.from(input), privateKey).toString("base64url")).toBe(signature);
    expect(createPublicKey(privateKey).export({ format: "jwk" }).x).toBe(jwk.x);
  });

  test("A.5: the published signature verifies, and no other text under it", () => {
    const bytes = Buffer.from(signature, "base64url");

    expect(isSignature(key, Buffer.from(input), bytes)).toBe(true);
    expect(isSignature(key, Buffer.from(`${input}.`), bytes)).toBe(false);
    expect(isSignature(key, Buffer.from(input), bytes.subarray(1))).toBe(false);
  });
});

describe("RFC 8032, section 7.1", () => {
  test.each([
    [
      "TEST 1",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
      "TEST 2",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
      "TEST 3",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ],
  ])("%s verifies, and fails with one bit of message or signature changed", (_, publicKey, message, signature) => {
    const key = publicKeyOf(Buffer.from(publicKey, "hex"));
    const signed = Buffer.from(signature, "hex");
    const turned = Buffer.from(signature, "hex");
    turned[40] = (turned[40] ?? 0) ^ 1;

    expect(isSignature(key, Buffer.from(message, "hex"), signed)).toBe(true);
    expect(isSignature(key, Buffer.from(`${message}00`, "hex"), signed)).toBe(false);
    expect(isSignature(key, Buffer.from(message, "hex"), turned)).toBe(false);
  });
});

test.each([
  ["the neutral element", `01${"00".repeat(31)}`],
  ["the point of order 2", `ec${"ff".repeat(30)}7f`],
  ["a point of order 4", "00".repeat(32)],
  ["a point of order 8", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"],
  ["the neutral element with the sign bit", `01${"00".repeat(30)}80`],
  ["31 bytes", "11".repeat(31)],
])("%s is no key", (_, hex) => {
  expect(() => publicKeyOf(Buffer.from(hex, "hex"))).toThrow(
    expect.objectContaining({ code: "authority.key-invalid" }),
  );
});
