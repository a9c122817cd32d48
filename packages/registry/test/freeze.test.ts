import {
  contractDigestOf,
  digestBytes,
  type OperationContract,
  snapshotDigestOf,
  sortSnapshot,
} from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRegistry, isRegistryError, RegistryError } from "../src/index.ts";
import { contractOf, operationOf, snapshotOf, thrownBy } from "./support.ts";

const codeOf = (call: () => unknown) => {
  const error = thrownBy(call);
  return isRegistryError(error) ? error.code : error;
};

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/);
const version = fc.tuple(fc.nat(12), fc.nat(2), fc.nat(12)).map((parts) => parts.join("."));
const entries = fc.uniqueArray(fc.record({ domain: name, method: name, version }), {
  minLength: 1,
  maxLength: 5,
  selector: (entry) => `${entry.domain}.${entry.method}@${entry.version}`,
});

test("gives the same snapshot and digest in whatever order operations and routes were registered (G2)", () => {
  fc.assert(
    fc.property(entries, fc.nat(), (given, turn) => {
      const turned = [...given.slice(turn % given.length), ...given.slice(0, turn % given.length)].reverse();
      const [first, second] = [given, turned].map((list) => {
        const registry = createRegistry();
        for (const one of list) registry.register(operationOf(`${one.domain}.${one.method}`, one.version));
        for (const one of list)
          registry.route(routeName(given.indexOf(one)), `${one.domain}.${one.method}`, one.version);
        return registry.freeze(list.map((one) => routeName(given.indexOf(one))));
      });

      expect(second?.digest).toBe(first?.digest);
      expect(second?.snapshot).toEqual(first?.snapshot);
      expect(first?.operations.map(({ contract }) => contract)).toEqual(first?.snapshot.operations);
    }),
    { numRuns: 20 },
  );
});

function routeName(index: number): string {
  return `kind/p${index}`;
}

test("sorts versions as numbers, so 1.10.0 comes after 1.9.0", () => {
  const versions = ["1.10.0", "1.9.0", "1.9.10", "1.9.2"].map((at) => contractOf("demo.echo", at));

  const sorted = sortSnapshot(snapshotOf(versions, [["a", "demo.echo", "1.9.0"]]));

  expect(sorted.operations.map((contract) => contract.version)).toEqual(["1.9.0", "1.9.2", "1.9.10", "1.10.0"]);
});

test("refuses a duplicate operation and a duplicate route by code (G1)", () => {
  const registry = createRegistry();
  registry.register(operationOf("demo.echo"));
  registry.register(operationOf("demo.echo", "1.0.1"));
  registry.route("demo/text", "demo.echo", "1.0.0");

  expect(codeOf(() => registry.register(operationOf("demo.echo")))).toBe("registry.duplicate-operation");
  expect(codeOf(() => registry.route("demo/text", "demo.echo", "1.0.0"))).toBe("registry.duplicate-route");
});

test("refuses every change after the freeze (G1)", () => {
  const registry = createRegistry();
  registry.register(operationOf("demo.echo"));
  registry.route("demo/text", "demo.echo", "1.0.0");
  const before = registry.freeze(["demo/text"]).digest;

  expect(codeOf(() => registry.register(operationOf("demo.other")))).toBe("registry.frozen");
  expect(codeOf(() => registry.route("demo/other", "demo.echo", "1.0.0"))).toBe("registry.frozen");
  expect(codeOf(() => registry.freeze(["demo/text"]))).toBe("registry.frozen");
  expect(before).toMatch(/^sha256:/);
});

test("keeps a private frozen copy: later changes to the given contract do not reach it (G3)", () => {
  const contract = contractOf("demo.echo") as { description: string } & OperationContract;
  const registry = createRegistry();
  registry.register({ contract, run: () => ({}) });
  contract.description = "changed";
  registry.route("demo/text", "demo.echo", "1.0.0");

  const frozen = registry.freeze(["demo/text"]);

  expect(frozen.snapshot.operations[0]?.description).toBe("Does nothing, well.");
  expect(() => Object.assign(frozen.snapshot.operations[0]?.termination ?? {}, { timeoutMs: 9 })).toThrow(TypeError);
  expect(snapshotDigestOf(frozen.snapshot)).toBe(frozen.digest);
});

test("refuses to freeze with nothing registered, or with a dependency that is not there, naming each (G4)", () => {
  expect(codeOf(() => createRegistry().freeze(["demo/text"]))).toBe("registry.empty");

  const registry = createRegistry();
  const crossDomainDeps = ["store.put", "demo.echo", "clock.read"] as unknown as OperationContract["crossDomainDeps"];
  registry.register(operationOf("demo.echo", "1.0.0", { crossDomainDeps }));
  registry.route("demo/text", "demo.echo", "1.0.0");
  const error = thrownBy(() => registry.freeze(["demo/text"])) as RegistryError<"registry.missing-dependency">;

  expect(error.code).toBe("registry.missing-dependency");
  expect(error.details.missing).toEqual([
    { operation: "demo.echo", wants: "clock.read" },
    { operation: "demo.echo", wants: "store.put" },
  ]);
});

test("refuses a contract without each of the four statements of the freeze policy, with its pointer", () => {
  for (const statement of ["successCriteria", "failureModes", "termination", "verification"] as const) {
    const contract: Record<string, unknown> = { ...contractOf("demo.echo") };
    delete contract[statement];
    const operation = { contract: contract as unknown as OperationContract, run: () => ({}) };
    const error = thrownBy(() => createRegistry().register(operation)) as RegistryError<"registry.contract-invalid">;

    expect(error.code).toBe("registry.contract-invalid");
    expect(error.details.issues.map(({ pointer }) => pointer)).toEqual([`/${statement}`]);
  }
});

test("refuses a contract whose input or output is no strict JSON Schema", () => {
  for (const side of ["input", "output"] as const) {
    const operation = operationOf("demo.echo", "1.0.0", { [side]: { type: "object", unknownKeyword: 1 } });
    const error = thrownBy(() => createRegistry().register(operation)) as RegistryError<"registry.contract-invalid">;

    expect(error.code).toBe("registry.contract-invalid");
    expect(error.details.issues.map(({ pointer }) => pointer)).toEqual([`/${side}`]);
  }
});

test("refuses an operation without code, and a route with a name that is not well-formed", () => {
  const bare = { contract: contractOf("demo.echo") } as unknown as Parameters<
    ReturnType<typeof createRegistry>["register"]
  >[0];
  const registry = createRegistry();

  expect(codeOf(() => registry.register(bare))).toBe("registry.contract-invalid");
  expect(codeOf(() => registry.route("Demo Text", "demo.echo", "1.0.0"))).toBe("registry.route-invalid");
  expect(codeOf(() => registry.route("demo/text", "demo", "1.0.0"))).toBe("registry.route-invalid");
  expect(codeOf(() => registry.route("demo/text", "demo.echo", "1.0"))).toBe("registry.route-invalid");
});

test("resolves exactly the version asked for, and refuses an unknown one", () => {
  const registry = createRegistry();
  const source = digestBytes("module text");
  registry.register(operationOf("demo.echo", "1.0.0"), source);
  registry.register(operationOf("demo.echo", "1.1.0"));
  registry.route("demo/text", "demo.echo", "1.1.0");
  const frozen = registry.freeze(["demo/text"]);

  const found = frozen.resolve("demo.echo", "1.0.0");

  expect(found.contract.version).toBe("1.0.0");
  expect(found.contractDigest).toBe(contractDigestOf(found.contract));
  expect(found.source).toBe(source);
  expect(codeOf(() => frozen.resolve("demo.echo", "2.0.0"))).toBe("registry.unknown-operation");
  expect(codeOf(() => frozen.resolve("constructor", "1.0.0"))).toBe("registry.unknown-operation");
});

test("recognises its error by name and code, not by class identity", () => {
  expect(isRegistryError(new RegistryError("registry.empty", "x", {}))).toBe(true);
  expect(isRegistryError(new Error("registry.empty"))).toBe(false);
});

test("a contract alone gives the same snapshot as the operation, and nothing to run (G2)", () => {
  const [whole, described] = [createRegistry(), createRegistry()];
  whole.register(operationOf("demo.echo"));
  described.describe(operationOf("demo.echo").contract);
  for (const registry of [whole, described]) registry.route("demo/text", "demo.echo", "1.0.0");

  const [first, second] = [whole, described].map((registry) => registry.freeze(["demo/text"]));

  expect(second?.digest).toBe(first?.digest);
  expect(second?.resolve("demo.echo", "1.0.0").run).toBeNull();
  expect(codeOf(() => createRegistry().describe({} as OperationContract))).toBe("registry.contract-invalid");
  const twice = createRegistry();
  twice.describe(operationOf("demo.echo").contract);
  expect(codeOf(() => twice.register(operationOf("demo.echo")))).toBe("registry.duplicate-operation");
});
