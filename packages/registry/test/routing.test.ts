import { isCoreContractViolation } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { assertRouting, createRegistry, routePayload } from "../src/index.ts";
import { contractOf, operationOf, snapshotOf, thrownBy } from "./support.ts";

const good = snapshotOf(
  [contractOf("demo.echo"), contractOf("demo.sum")],
  [
    ["demo/numbers", "demo.sum", "1.0.0"],
    ["demo/text", "demo.echo", "1.0.0"],
  ],
);
const declared = ["demo/text", "demo/numbers"];

function violations(call: () => unknown): string[] {
  const error = thrownBy(call);
  if (!isCoreContractViolation(error)) throw error;
  expect(error.name).toBe("RoutingViolation");
  expect(error.code).toBe("contracts.routing-violation");
  return error.reasons.map(({ code, place }) => `${place}: ${code}`);
}

test("allows a declared payload type and says which contract it goes to", () => {
  const verdict = routePayload(good, "demo/text");

  expect(verdict).toMatchObject({ kind: "allow", rules: ["routing"] });
  expect(verdict.kind === "allow" && verdict.contract.operation).toBe("demo.echo");
});

test("refuses null, unknown and ambiguous, each by its own code (R3)", () => {
  const twice = { ...good, routes: [...good.routes, ...snapshotOf([], [["demo/text", "demo.sum", "1.0.0"]]).routes] };
  const codeOf = (snapshot: typeof good, payloadType: unknown) => {
    const verdict = routePayload(snapshot, payloadType);
    return verdict.kind === "refuse" ? [...verdict.rules, ...verdict.reasons.map(({ code }) => code)] : verdict;
  };

  expect(codeOf(good, null)).toEqual(["RoutingViolation", "payload-type-null"]);
  expect(codeOf(good, undefined)).toEqual(["RoutingViolation", "payload-type-null"]);
  expect(codeOf(good, "")).toEqual(["RoutingViolation", "payload-type-null"]);
  expect(codeOf(good, "demo/absent")).toEqual(["RoutingViolation", "payload-type-unknown"]);
  expect(codeOf(good, "__proto__")).toEqual(["RoutingViolation", "payload-type-unknown"]);
  expect(codeOf(good, { toString: () => "demo/text" })).toEqual(["RoutingViolation", "payload-type-unknown"]);
  expect(codeOf(twice, "demo/text")).toEqual(["RoutingViolation", "route-ambiguous"]);
  expect(codeOf({ ...good, operations: [] }, "demo/text")).toEqual(["RoutingViolation", "route-dangling"]);
});

test("agrees with a search through the rows for every table and payload type (R2)", () => {
  const row = fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("demo.echo", "demo.sum", "demo.none"));
  const rows = fc.uniqueArray(row, { maxLength: 6, selector: (pair) => pair.join() });
  fc.assert(
    fc.property(rows, fc.constantFrom("a", "b", "c", "d"), (table, payloadType) => {
      const snapshot = snapshotOf(
        [contractOf("demo.echo"), contractOf("demo.sum")],
        table.map(([type, operation]) => [type, operation, "1.0.0"]),
      );
      const found = table.filter(([type]) => type === payloadType);
      const expected = found.length === 1 && found[0]?.[1] !== "demo.none" ? found[0]?.[1] : "refuse";

      const verdict = routePayload(snapshot, payloadType);

      expect(verdict.kind === "allow" ? verdict.contract.operation : verdict.kind).toBe(expected);
    }),
  );
});

test("is total and unambiguous when built: every fault of the table is reported at once (R1, R2)", () => {
  const registry = createRegistry();
  registry.register(operationOf("demo.echo"));
  registry.register(operationOf("demo.sum"));
  registry.route("demo/text", "demo.echo", "1.0.0");
  registry.route("demo/text", "demo.sum", "1.0.0");
  registry.route("demo/lost", "demo.gone", "1.0.0");
  registry.route("demo/extra", "demo.sum", "1.0.0");

  expect(violations(() => registry.freeze(["demo/text", "demo/lost", "demo/numbers"]))).toEqual([
    "demo/extra: payload-type-undeclared",
    "demo/lost: route-dangling",
    "demo/numbers: payload-type-unknown",
    "demo/text: route-ambiguous",
  ]);
});

test("an empty list of payload types is a violation, never success", () => {
  expect(violations(() => assertRouting({ ...good, routes: [] }, []))).toEqual(["payload types: payload-types-empty"]);
  expect(() => assertRouting(good, declared)).not.toThrow();
});
