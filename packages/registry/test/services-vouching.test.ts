import type { ExecutionReceipt, ServiceContract } from "@canonic/contracts";
import { digestBytes } from "@canonic/contracts";
import { expect, test } from "vitest";
import {
  createMemoryServiceStorage,
  createServiceRegistry,
  signContract,
  verifyContractSignature,
} from "../src/index.ts";
import { contractOf, KEEPER, ownerOf, refusalOf, registryOf, tickingClock } from "./services-support.ts";

const ana = ownerOf("ana");
const bob = ownerOf("bob");
const owned = (service: string, version = "1.0.0", trust = 0, owner = "ana"): ServiceContract =>
  contractOf(service, version, { owner, security: { permission: null, trustRequired: 0, trust } });
const signed = (contract: ServiceContract) => signContract(contract, ana.privateKeyPem);
const by = "somebody";

test("a signature holds for its owner and exactly this contract, and no byte of either may change (E1, E2)", () => {
  const contract = signed(owned("a"));
  const { signature } = contract as { signature: NonNullable<ServiceContract["signature"]> };
  const judged = (given: ServiceContract, keys = [ana.key, bob.key]) => {
    const verdict = verifyContractSignature(given, keys);
    return verdict.kind === "invalid" ? verdict.fault : verdict.kind;
  };
  const last = signature.value.at(-1) as string;
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const respelled = signature.value.slice(0, -1) + alphabet[alphabet.indexOf(last) ^ 1];

  expect(judged(contract)).toBe("valid");
  expect(judged(owned("a"))).toBe("unsigned");
  expect(judged({ ...contract, name: "other" })).toBe("wrong-signature");
  expect(judged({ ...contract, signature: { ...signature, value: respelled } })).toBe("wrong-signature");
  expect(judged({ ...contract, owner: "bob" })).toBe("other-owner");
  expect(judged({ ...contract, owner: null })).toBe("other-owner");
  expect(judged(contract, [bob.key])).toBe("unknown-key");
  expect(judged(signContract(owned("a"), bob.privateKeyPem))).toBe("other-owner");
});

test("refuses keys that are none, also those under which anything verifies (E3)", async () => {
  const open = (publicKey: Uint8Array) => async () =>
    createServiceRegistry({
      storage: createMemoryServiceStorage(),
      clock: tickingClock(),
      trust: { owners: [{ owner: "ana", publicKey }], keepers: [] },
    });
  for (const bytes of [Buffer.alloc(32), Buffer.from([1, ...Array(31).fill(0)]), Buffer.alloc(31, 7)]) {
    expect(await refusalOf(open(bytes)())).toMatchObject({ code: "registry.key-invalid" });
  }
  expect(await refusalOf((async () => signContract(owned("a"), "no key"))())).toMatchObject({
    code: "registry.key-invalid",
  });
});

test("a contract claims no more trust than was shown (U1)", async () => {
  const { registry } = registryOf([ana.key]);
  const claims = (claimed: number, contract: ServiceContract) =>
    [contract, { code: "registry.trust-unproven", details: expect.objectContaining({ claimed }) }] as const;
  for (const [contract, refusal] of [
    claims(1, { ...owned("a", "1.0.0", 1), owner: null }),
    claims(2, owned("a", "1.0.0", 2)),
    claims(3, signed(owned("a", "1.0.0", 3))),
  ]) {
    expect(await refusalOf(registry.register(contract, { by }))).toMatchObject(refusal);
  }
  await registry.register(owned("one", "1.0.0", 1), { by });
  await registry.register(signed(owned("two", "1.0.0", 2)), { by });
  await registry.register(owned("three", "1.0.0", 3), { by: KEEPER });
  expect((await registry.standings()).services.map(({ service }) => service)).toEqual(["one", "three", "two"]);
});

test("a signature that does not verify is refused, also where none was needed and the keeper registers (U2)", async () => {
  const { registry } = registryOf([ana.key]);
  const forged = { ...signed(owned("a")), name: "other" };

  for (const who of [by, KEEPER]) {
    expect(await refusalOf(registry.register(forged, { by: who }))).toMatchObject({
      code: "registry.signature-invalid",
      details: { fault: "wrong-signature" },
    });
  }
  expect((await registry.snapshot()).revision).toBe(0);
});

test("begins on probation, or active where its owner signed or the keeper says so (U3)", async () => {
  const { registry } = registryOf([ana.key]);
  await registry.register(signed(owned("a")), { by });
  await registry.register(signed(owned("b")), { by, state: "active" });
  await registry.register(contractOf("c"), { by: KEEPER, state: "active" });

  expect(await refusalOf(registry.register(owned("d"), { by, state: "active" }))).toMatchObject({
    code: "registry.not-vouched",
    details: { wanted: "active", by },
  });
  const { snapshot } = await registry.snapshot();
  expect(snapshot.services.map(({ state }) => state)).toEqual(["probation", "active", "active"]);
});

test("nobody takes a service over: not by another owner, not unsigned, not after it was retired (U4)", async () => {
  const { registry } = registryOf([ana.key, bob.key]);
  const other = signContract(owned("a", "2.0.0", 2, "bob"), bob.privateKeyPem);
  await registry.register(signed(owned("a")), { by });
  await registry.retire({ service: "a", version: "1.0.0" }, { by: KEEPER });

  expect(await refusalOf(registry.register(other, { by }))).toMatchObject({
    code: "registry.not-vouched",
    details: { wanted: "owner" },
  });
  expect(await refusalOf(registry.register(owned("a", "2.0.0"), { by }))).toMatchObject({
    details: { wanted: "signature" },
  });
  await registry.register(other, { by: KEEPER });
  expect(await refusalOf(registry.register(signed(owned("a", "3.0.0")), { by }))).toMatchObject({
    details: { wanted: "owner" },
  });
});

test("the newest receipts end a probation when all of them are fulfilled (Q1, Q2)", async () => {
  const { registry } = registryOf([], 3);
  const name = { service: "a", version: "1.0.0" };
  await registry.register(contractOf("a"), { by });
  const contract = (await registry.standings()).services[0]?.contract;
  const receipt = (second: number, outcome: ExecutionReceipt["outcome"] = "fulfilled"): ExecutionReceipt =>
    ({
      schema: "canonic/execution-receipt/v1",
      decision: digestBytes("decision"),
      ...name,
      contract,
      at: `2026-01-31T12:00:0${second}.000Z`,
      latencyUs: 10,
      quantities: {},
      costPicos: null,
      input: digestBytes("input"),
      output: null,
      outcome,
      guarantees: [],
    }) as unknown as ExecutionReceipt;
  const shown = (...receipts: ExecutionReceipt[]) => registry.promoteByReceipts(name, receipts, { by });

  expect(await shown()).toEqual({ kind: "waiting", fulfilled: 0, needed: 3 });
  expect(await shown(receipt(1), receipt(1), receipt(2))).toEqual({ kind: "waiting", fulfilled: 2, needed: 3 });
  expect(await shown(receipt(1), receipt(2), receipt(3), receipt(4, "violated"))).toEqual({
    kind: "waiting",
    fulfilled: 0,
    needed: 3,
  });
  expect(await refusalOf(shown(receipt(1), { ...receipt(2), contract: digestBytes("other") }))).toMatchObject({
    code: "registry.input-invalid",
    details: { issues: [{ pointer: "/receipts/1/contract", expected: contract }] },
  });
  expect((await registry.snapshot()).snapshot.services[0]?.state).toBe("probation");

  const promoted = await shown(receipt(4), receipt(2), receipt(1, "failed"), receipt(3));
  expect(promoted).toMatchObject({ kind: "promoted", changed: true, head: { revision: 2 } });
  expect((await registry.snapshot()).snapshot.services[0]?.state).toBe("active");
});

test("says where each fault of what was asked is, and changes nothing", async () => {
  const { registry } = registryOf();
  const unsorted = { ...contractOf("a"), capabilities: ["chat", "audio"] };
  const pointersOf = async (...edits: unknown[]) => {
    const { code, details } = await refusalOf(registry.apply(edits as never, { by }));
    expect(code).toBe("registry.input-invalid");
    return (details as { issues: { pointer: string }[] }).issues.map(({ pointer }) => pointer);
  };

  expect(await pointersOf({ kind: "register", contract: unsorted })).toEqual(["/edits/0/contract/capabilities/1"]);
  expect(await pointersOf({ kind: "drain", service: "", version: "1" }, { kind: "x" }, null)).toEqual([
    "/edits/0/service",
    "/edits/0/version",
    "/edits/1/kind",
    "/edits/2/kind",
  ]);
  const name = { service: "a", version: "1.0.0" };
  expect(await pointersOf({ kind: "health", ...name, status: "ill", ttlMs: 0 })).toEqual([
    "/edits/0/ttlMs",
    "/edits/0/status",
  ]);
  const big = { ...contractOf("a"), input: { description: "x".repeat(300_000) } };
  expect(await pointersOf({ kind: "register", contract: big })).toEqual(["/edits/0/contract"]);
  const lone = { ...contractOf("a"), description: "\ud800" };
  expect(await pointersOf({ kind: "register", contract: lone })).toEqual(["/edits/0/contract/description"]);
  expect(await pointersOf()).toEqual(["/edits"]);
  expect(await refusalOf(registry.drain(name, { by: "" }))).toMatchObject({
    details: { issues: [{ pointer: "/by" }] },
  });
  expect((await registry.snapshot()).revision).toBe(0);
});
