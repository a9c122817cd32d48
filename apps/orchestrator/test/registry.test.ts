import { contractDigestOf, type Mode, type OperationContract } from "@canonic/contracts";
import { planTasks } from "@canonic/planner";
import { expect, test } from "vitest";
import { isOrchestratorError } from "../src/errors.ts";
import type { Pack } from "../src/pack.ts";
import { adaptersFor, freezeDirect, freezeRegistry, ownerOf } from "../src/registry.ts";
import { contractOf, packOf } from "./packs.ts";

const both = (operation: string, more: Partial<OperationContract> = {}) => {
  return (["dryrun", "live"] as const).map((mode) => contractOf(operation, { mode, ...more }));
};
const [dry, live] = [new URL("file:///nowhere/dry.js"), new URL("file:///nowhere/live.js")];
const source = packOf(both("source.pin"), { dryrun: dry, live });
const rows = packOf(both("rows.count"), { dryrun: dry });
const planOf = (packs: readonly Pack[], mode: Mode, ...types: string[]) => {
  const { snapshot } = freezeDirect(packs, mode);
  return planTasks({ registry: snapshot, mode, tasks: types.map((payloadType) => ({ payloadType })) }).plan;
};
const codeOf = (call: () => unknown): unknown => {
  try {
    call();
  } catch (error) {
    return isOrchestratorError(error) ? error.code : error;
  }
  return "nothing was refused";
};

test("a snapshot holds the contracts of one mode only, and each operation under its own name (G1)", () => {
  const older = packOf([contractOf("rows.count", { version: "0.9.0" })]);
  const { snapshot } = freezeDirect([source, rows, older], "dryrun");

  expect(snapshot.operations.map(({ mode }) => mode)).toEqual(["dryrun", "dryrun", "dryrun"]);
  expect(snapshot.routes.map(({ payloadType, version }) => `${payloadType} ${version}`)).toEqual([
    "rows/count 1.0.0",
    "rows/count/v0-9-0 0.9.0",
    "rows/count/v1-0-0 1.0.0",
    "source/pin 1.0.0",
    "source/pin/v1-0-0 1.0.0",
  ]);
});

test("a pack's routes stand in every mode in which their operation exists; one to nothing is a violation", () => {
  const contracts = [...both("rows.count"), contractOf("rows.cut", { mode: "live" })];
  const routes = [
    { payloadType: "rows/all", operation: "rows.count", version: "1.0.0" },
    { payloadType: "rows/cut", operation: "rows.cut", version: "1.0.0" },
  ] as unknown as Pack["routes"];
  const pack: Pack = {
    ...packOf(contracts),
    routes,
    payloadTypes: ["rows/all", "rows/cut"] as Pack["payloadTypes"][number][],
  };
  const lost = { ...pack, payloadTypes: ["rows/lost"] as unknown as Pack["payloadTypes"] };

  expect(freezeRegistry([pack], "dryrun").snapshot.routes.map(({ payloadType }) => payloadType)).toEqual(["rows/all"]);
  expect(freezeRegistry([pack], "live").snapshot.routes.map(({ payloadType }) => payloadType)).toEqual([
    "rows/all",
    "rows/cut",
  ]);
  expect(() => freezeRegistry([lost], "live")).toThrow(expect.objectContaining({ name: "RoutingViolation" }));
});

test("each task goes to the pack that has its very contract, by the module of the plan's mode (G2)", () => {
  const plan = planOf([source, rows], "dryrun", "source/pin", "rows/count");

  const adapters = adaptersFor(plan, [source, rows]);

  expect(adapters.map(({ pack, module }) => [pack, module])).toEqual([
    [source, dry],
    [rows, dry],
  ]);
  expect(adapters.map(({ contracts }) => [...contracts.keys()])).toEqual([
    [contractDigestOf(contractOf("source.pin"))],
    [contractDigestOf(contractOf("rows.count"))],
  ]);
});

test("nothing runs live without a live adapter, nor under a contract that has changed (G2)", () => {
  const plan = planOf([source, rows], "live", "source/pin", "rows/count");
  const simulated = packOf([contractOf("source.pin"), contractOf("rows.count")]);
  const changed = packOf(both("source.pin", { description: "Other." }));

  expect(codeOf(() => adaptersFor(plan, [source, rows]))).toBe("orchestrator.no-live-adapter");
  expect(codeOf(() => adaptersFor(plan, [simulated]))).toBe("orchestrator.no-live-adapter");
  expect(codeOf(() => adaptersFor(planOf([source], "live", "source/pin"), [changed]))).toBe(
    "orchestrator.operations-changed",
  );
  expect(codeOf(() => adaptersFor(planOf([source], "live", "source/pin"), []))).toBe("orchestrator.operations-changed");
  expect(() => adaptersFor(planOf([source], "live", "source/pin"), [])).toThrow(
    /`source\.pin@[0-9.]+`; none is loaded$/,
  );
  expect(() => adaptersFor(planOf([source], "live", "source/pin"), [rows])).toThrow(
    /; loaded are `rows\.count@[0-9.]+`$/,
  );
  const liveOnly = packOf(both("source.pin"), { live });
  expect(codeOf(() => adaptersFor(planOf([source], "dryrun", "source/pin"), [liveOnly]))).toBe(
    "orchestrator.no-dryrun-adapter",
  );
});

test("a plan that a request asked for belongs to no pack", () => {
  const plan = planOf([source], "dryrun", "source/pin");
  const adapters = adaptersFor(plan, [source]);
  const request = new Map([[plan.request, { schema: "canonic/plan-request/v1" }]]);

  expect(ownerOf(plan, new Map(), adapters)).toBe(source);
  expect(ownerOf(plan, request, adapters)).toBeUndefined();
});
