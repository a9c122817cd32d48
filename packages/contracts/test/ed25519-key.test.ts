import { generateKeyPairSync, sign, verify } from "node:crypto";
import { expect, test } from "vitest";
import { ed25519KeyOf } from "../src/index.ts";

/** Encodings of the points of order 1, 2, 4 and 8, with either sign of x, and those that spell y + p. */
const SMALL = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

const P = 2n ** 255n - 19n;
const mod = (value: bigint) => ((value % P) + P) % P;
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = mod(base), left = exponent; left > 0n; left >>= 1n, square = mod(square * square)) {
    if (left & 1n) result = mod(result * square);
  }
  return result;
}
const inverse = (value: bigint) => power(value, P - 2n);
const D = mod(-121_665n * inverse(121_666n));

/** x squared and y of eight times the point with this y: doubling needs no more of x (RFC 8032, 5.1). */
function eightTimes(hex: string): readonly [xx: bigint, y: bigint] {
  let y = BigInt(`0x${Buffer.from(hex, "hex").reverse().toString("hex")}`) & (2n ** 255n - 1n);
  let xx = mod((y * y - 1n) * inverse(mod(D * y * y + 1n)));
  for (let turn = 0; turn < 3; turn += 1) {
    const yy = mod(y * y);
    const product = mod(D * xx * yy);
    y = mod((yy + xx) * inverse(mod(1n - product)));
    xx = mod(4n * xx * yy * power(inverse(mod(1n + product)), 2n));
  }
  return [xx, y];
}

test("a key of small order is no key (K1)", () => {
  for (const hex of SMALL) {
    expect(eightTimes(hex), hex).toEqual([0n, 1n]);
    expect(ed25519KeyOf(Buffer.from(hex, "hex")), hex).toBeUndefined();
  }
});

test("keys that are made are keys; bytes of another length are none", () => {
  for (let turn = 0; turn < 20; turn += 1) {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const raw = Buffer.from(publicKey.export({ format: "jwk" }).x as string, "base64url");
    const key = ed25519KeyOf(raw);
    expect(key !== undefined && verify(null, raw, key, sign(null, raw, privateKey))).toBe(true);
    expect(ed25519KeyOf(raw.subarray(1))).toBeUndefined();
  }
});
