import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  canonicalJson,
  digestBytes,
  digestJson,
  isPersonal,
  type JsonValue,
  openSalted,
  SALT_KEY_BYTES,
  SALTED_BLOCK_BYTES,
  type SaltContext,
  saltedDigest,
  saltedText,
  saltsOf,
  type TaskId,
} from "../src/index.ts";

const value = fc
  .jsonValue({ maxDepth: 3 })
  .map((one) => JSON.parse(JSON.stringify(one).replaceAll("-0,", "0,")) as JsonValue);
const plain = value.filter((one) => {
  try {
    canonicalJson(one);
    return true;
  } catch {
    return false;
  }
});
const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const salt = bytes(32).map((one) => Buffer.from(one).toString("hex"));
const context: SaltContext = {
  purpose: "output",
  plan: digestJson("plan"),
  task: "task_00000000000000000000" as TaskId,
};

test("an envelope is read back as what was put in, and its digest is that of its bytes (Z3)", () => {
  fc.assert(
    fc.property(plain, salt, (inside, under) => {
      const text = saltedText(inside, under);

      expect(openSalted(JSON.parse(text))).toEqual({
        schema: "canonic/salted-payload/v1",
        pad: expect.stringMatching(/^0*$/),
        salt: under,
        value: inside,
      });
      expect(saltedDigest(inside, under)).toBe(digestBytes(text));
    }),
  );
});

test("the size of an envelope is the least multiple of the block that holds it (Z2)", () => {
  fc.assert(
    fc.property(plain, salt, (inside, under) => {
      const bare = { pad: "", salt: under, schema: "canonic/salted-payload/v1", value: inside };
      const least = Math.ceil(Buffer.byteLength(canonicalJson(bare)) / SALTED_BLOCK_BYTES) * SALTED_BLOCK_BYTES;

      expect(Buffer.byteLength(saltedText(inside, under))).toBe(least);
    }),
  );
});

test("an envelope with another padding, salt or member is none (Z3)", () => {
  fc.assert(
    fc.property(plain, salt, fc.integer({ min: 1, max: 255 }), (inside, under, more) => {
      const envelope = JSON.parse(saltedText(inside, under));
      const other = envelope.pad.length === more ? "" : "0".repeat(more);

      for (const change of [
        { pad: other === envelope.pad ? `${other}0` : other },
        { pad: " " },
        { salt: under.slice(1) },
        { salt: `${under}0` },
        { salt: "g".repeat(64) },
        { schema: "canonic/salted-payload/v2" },
        { more },
      ])
        expect(openSalted({ ...envelope, ...change }), JSON.stringify(change)).toBeUndefined();
      const { value: _value, ...without } = envelope;
      expect(openSalted(without)).toBeUndefined();
    }),
  );
  for (const other of [undefined, null, 1, "salt", [], {}]) expect(openSalted(other)).toBeUndefined();
});

test("a salt is HMAC-SHA256 under the key, of what it is for and of the value's digest", () => {
  fc.assert(
    fc.property(bytes(SALT_KEY_BYTES), plain, (key, inside) => {
      const of = digestJson(inside);
      const text = `{"context":{"plan":"${digestJson("plan")}","purpose":"output","task":"task_00000000000000000000"},"schema":"canonic/salt/v1","value":"${of}"}`;

      expect(saltsOf(key).saltOf(context, of)).toBe(createHmac("sha256", key).update(text).digest("hex"));
    }),
  );
});

test("another key, purpose, plan, task or value gives another salt", () => {
  const key = new Uint8Array(SALT_KEY_BYTES);
  const salts = [
    saltsOf(key).saltOf(context, digestJson("yes")),
    saltsOf(key).saltOf(context, digestJson("no")),
    saltsOf(key.with(0, 1)).saltOf(context, digestJson("yes")),
    saltsOf(key).saltOf({ ...context, purpose: "failure" }, digestJson("yes")),
    saltsOf(key).saltOf({ ...context, plan: digestJson("another") }, digestJson("yes")),
    saltsOf(key).saltOf({ ...context, task: "task_11111111111111111111" as TaskId }, digestJson("yes")),
    saltsOf(key).saltOf({ purpose: "input", request: digestJson("plan"), place: "/tasks/0/name" }, digestJson("yes")),
  ];

  expect(new Set(salts).size).toBe(salts.length);
});

test("what becomes of the caller's key afterwards does not reach the salts, and nothing of them shows it (Z4)", () => {
  const key = Uint8Array.from({ length: SALT_KEY_BYTES }, (_, index) => index + 1);
  const salts = saltsOf(key);
  const before = salts.saltOf(context, digestJson("yes"));
  key.fill(0);

  expect(salts.saltOf(context, digestJson("yes"))).toBe(before);
  expect(JSON.stringify(salts)).toBe("{}");
  expect(Object.values(salts).every((one) => typeof one === "function")).toBe(true);
});

test("a key of another length is refused by code", () => {
  for (const size of [0, 16, 31, 33, 64])
    expect(() => saltsOf(new Uint8Array(size))).toThrow(expect.objectContaining({ code: "contracts.bad-salt-key" }));
});

test("nothing is personal that no contract calls so", () => {
  expect(isPersonal(undefined, "input")).toBe(false);
  expect(isPersonal({}, "output")).toBe(false);
  expect(isPersonal({ personal: ["output"] }, "output")).toBe(true);
  expect(isPersonal({ personal: ["output"] }, "input")).toBe(false);
});
