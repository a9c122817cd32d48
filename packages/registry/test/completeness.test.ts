import { digestBytes, type Plan } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  assertCompleteness,
  checkCompleteness,
  createRegistry,
  isRegistryError,
  requirementsOf,
} from "../src/index.ts";
import { operationOf, thrownBy } from "./support.ts";

const source = digestBytes("the module");

function frozen(names: readonly string[]) {
  const registry = createRegistry();
  for (const name of names) registry.register(operationOf(name), name === "demo.echo" ? source : undefined);
  registry.route("demo/any", names[0] ?? "", "1.0.0");
  return registry.freeze(["demo/any"]);
}

test("is complete when everything required is there, and reports what was not required", () => {
  const registry = frozen(["demo.echo", "demo.sum"]);

  expect(checkCompleteness([{ operation: "demo.echo", version: "1.0.0", source }], registry)).toEqual({
    complete: true,
    checked: 1,
    missing: [],
    unrequired: [{ operation: "demo.sum", version: "1.0.0" }],
    changed: [],
  });
});

test("equals the set difference in both directions for any required and registered sets (C1)", () => {
  const names = ["demo.a", "demo.b", "demo.c", "demo.d"];
  fc.assert(
    fc.property(fc.subarray(names, { minLength: 1 }), fc.subarray(names, { minLength: 1 }), (wanted, present) => {
      const required = wanted.map((operation) => ({ operation, version: "1.0.0" }));

      const report = checkCompleteness(required.toReversed(), frozen(present));

      expect(report.missing.map(({ operation }) => operation)).toEqual(
        wanted.filter((name) => !present.includes(name)),
      );
      expect(report.unrequired.map(({ operation }) => operation)).toEqual(
        present.filter((name) => !wanted.includes(name)),
      );
      expect(report.complete).toBe(wanted.every((name) => present.includes(name)));
    }),
    { numRuns: 25 },
  );
});

test("a changed signature or source, and a source that was never registered, make it incomplete (C3)", () => {
  const registry = frozen(["demo.echo", "demo.sum"]);
  const other = digestBytes("other");
  const version = "1.0.0";

  const report = checkCompleteness(
    [
      { operation: "demo.sum", version, source },
      { operation: "demo.echo", version, contract: other, source: other },
    ],
    registry,
  );

  expect(report.complete).toBe(false);
  expect(report.changed.map(({ operation, what, found }) => [operation, what, found])).toEqual([
    ["demo.echo", "contract", registry.resolve("demo.echo", version).contractDigest],
    ["demo.echo", "source", source],
    ["demo.sum", "source", null],
  ]);
});

test("nothing required is incomplete, never complete (C2)", () => {
  const error = thrownBy(() => assertCompleteness([], frozen(["demo.echo"])));

  expect(isRegistryError(error) && error.code).toBe("registry.incomplete");
});

test("stops with the whole report when something is missing, and returns it when nothing is", () => {
  const registry = frozen(["demo.echo"]);
  const error = thrownBy(() => assertCompleteness([{ operation: "demo.gone", version: "1.0.0" }], registry));

  expect(isRegistryError(error) && error.code === "registry.incomplete" && error.details.missing).toEqual([
    { operation: "demo.gone", version: "1.0.0" },
  ]);
  expect(assertCompleteness([{ operation: "demo.echo", version: "1.0.0" }], registry).complete).toBe(true);
});

test("a plan requires each operation of its tasks once, under the contract it was frozen with", () => {
  const registry = frozen(["demo.echo"]);
  const task = {
    operation: "demo.echo",
    version: "1.0.0",
    contract: registry.resolve("demo.echo", "1.0.0").contractDigest,
  };
  const plan = { tasks: [task, task] } as unknown as Pick<Plan, "tasks">;

  expect(requirementsOf(plan)).toEqual([task]);
  expect(checkCompleteness(requirementsOf(plan), registry).complete).toBe(true);
});
