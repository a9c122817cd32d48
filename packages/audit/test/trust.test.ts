import type { TrustFile } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import {
  createKeyPair,
  parseTrustFile,
  signerFromPem,
  trustedApproversOf,
  trustedAttestorsOf,
  trustedIssuersOf,
  trustedKeysOf,
  trustedWitnessesOf,
  trustFileOf,
} from "../src/index.ts";

const key = (name: string) => {
  const { name: owner, publicKey } = signerFromPem(name, createKeyPair().privateKeyPem);
  return { name: owner, publicKey: Buffer.from(publicKey) };
};
const [log, operator, ann, bob] = [key("example.org/log"), key("operator"), key("ann"), key("bob")] as const;
const [attestor, witness] = [key("example.org/attestor"), key("witness.example/one")] as const;
const bytesOf = (trust: unknown) => Buffer.from(JSON.stringify(trust));
const printed = ({ name, publicKey }: typeof log) => ({ name, publicKey: publicKey.toString("base64") });

describe("a trust file", () => {
  test("gives back the keys of each role that it was made of", () => {
    const trust = parseTrustFile(bytesOf(trustFileOf(log.name, [log], { issuers: [operator], approvers: [ann, bob] })));

    expect(trustedKeysOf(trust, log.name)).toEqual([log]);
    expect(trustedKeysOf(trust, "other")).toEqual([]);
    expect(trustedIssuersOf(trust)).toEqual([operator]);
    expect(trustedApproversOf(trust)).toEqual([ann, bob]);
  });

  test("gives back attestors, witnesses and their quorum", () => {
    const people = { attestors: [attestor], witnesses: [witness], witnessQuorum: 1 };
    const trust = parseTrustFile(bytesOf(trustFileOf(log.name, [log], people)));

    expect(trustedAttestorsOf(trust)).toEqual([attestor]);
    expect(trustedWitnessesOf(trust)).toEqual([witness]);
    expect(trust.witnessQuorum).toBe(1);
  });

  test("of a log alone trusts nobody to issue or approve", () => {
    const trust = trustFileOf(log.name, [log]);

    expect(trust).toEqual({ schema: "canonic/trust/v1", logs: [{ origin: log.name, keys: [printed(log)] }] });
    const people = [trustedIssuersOf, trustedApproversOf, trustedAttestorsOf, trustedWitnessesOf];
    expect(people.map((of) => of(trust))).toEqual([[], [], [], []]);
  });

  test("may list a person with two keys, and a key for two origins", () => {
    const second = key("ann");
    const trust: TrustFile = {
      schema: "canonic/trust/v1",
      logs: ["a", "b"].map((origin) => ({ origin, keys: [printed(log)] })),
      approvers: [ann, second].map(printed),
    };

    expect(trustedApproversOf(parseTrustFile(bytesOf(trust)))).toEqual([ann, second]);
  });

  test.each<[string, string, Partial<TrustFile>]>([
    ["an approver with the log's key", "/approvers/0/publicKey", { approvers: [{ ...printed(log), name: "ann" }] }],
    [
      "an approver with an issuer's key",
      "/approvers/0/publicKey",
      { issuers: [printed(operator)], approvers: [{ ...printed(operator), name: "ann" }] },
    ],
    ["an issuer with the log's key", "/issuers/0/publicKey", { issuers: [printed(log)] }],
    ["an attestor with the log's key", "/attestors/0/publicKey", { attestors: [printed(log)] }],
    ["a witness with the log's key", "/witnesses/0/publicKey", { witnesses: [printed(log)] }],
    [
      "a witness with an attestor's key",
      "/witnesses/0/publicKey",
      { attestors: [printed(attestor)], witnesses: [printed(attestor)] },
    ],
    ["a quorum without witnesses", "/witnessQuorum", { witnessQuorum: 1 }],
    [
      "a quorum that one witness with two keys would have to make",
      "/witnessQuorum",
      { witnesses: [witness, key(witness.name)].map(printed), witnessQuorum: 2 },
    ],
    [
      "one key under two names",
      "/approvers/1/publicKey",
      { approvers: [printed(ann), { ...printed(ann), name: "bob" }] },
    ],
    ["a key that is too short", "/issuers/0/publicKey", { issuers: [{ name: "operator", publicKey: "AAAA" }] }],
    [
      "a key in a second spelling",
      "/approvers/0/publicKey",
      { approvers: [{ name: "ann", publicKey: `${Buffer.alloc(32).toString("base64").slice(0, -2)}B=` }] },
    ],
  ])("is refused with %s (T1, T2, T3)", (_title, pointer, people) => {
    const trust = { ...trustFileOf(log.name, [log]), ...people };

    expect(() => parseTrustFile(bytesOf(trust))).toThrow(
      expect.objectContaining({
        code: "audit.trust-invalid",
        details: { issues: [{ pointer, expected: expect.any(String) }] },
      }),
    );
  });

  test("is not made either of a key with two roles", () => {
    expect(() => trustFileOf(log.name, [log], { approvers: [{ ...log, name: "ann" }] })).toThrow(
      expect.objectContaining({ code: "audit.trust-invalid" }),
    );
  });
});
