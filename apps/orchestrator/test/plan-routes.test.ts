import {
  CHEAPEST_SCORE_PROFILE,
  contractDigestOf,
  DEFAULT_PRIVACY_PROFILE,
  digestJson,
  type ServiceContract,
  saltsOf,
} from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import { isOrchestratorError } from "../src/errors.ts";
import { freezeDirect } from "../src/registry.ts";
import { planRequest } from "../src/request/plan-request.ts";
import { RoutePlanner } from "../src/routing/plan-routes.ts";
import { contractOf as operationOf, packOf } from "./packs.ts";
import { contractOf } from "./services.ts";

const counting = operationOf("rows.count", {
  input: { type: "object", properties: { n: { type: "integer" } } } as never,
});
const newer = operationOf("rows.count", { version: "2.0.0" });
const registry = freezeDirect([packOf([counting, newer, operationOf("rows.cut", { mode: "live" })])], "dryrun");

const service = (id: string, picos: number, api: object, more: Partial<ServiceContract> = {}): ServiceContract =>
  contractOf(id, {
    capabilities: ["work"],
    cost: { currency: "USD", prices: [{ unit: "call", picos }] },
    api: { kind: "operation", version: "1.0.0", contract: null, ...api } as ServiceContract["api"],
    ...more,
  });

function plan(text: string, services: readonly ServiceContract[] | null) {
  const sorted = (services ?? []).toSorted((a, b) => (a.service < b.service ? -1 : 1));
  const health = { status: "healthy", expiresAt: "2099-01-01T00:00:00.000Z" } as const;
  const world = {
    snapshot: {
      schema: "canonic/service-snapshot/v1" as const,
      revision: 3,
      services: sorted.map((contract) => ({ contract, state: "active" as const, health })),
    },
    rules: { schema: "canonic/rule-set/v1" as const, rules: [] },
    observations: null,
    scoreProfile: CHEAPEST_SCORE_PROFILE,
    privacyProfile: DEFAULT_PRIVACY_PROFILE,
  };
  const planner = services === null ? undefined : new RoutePlanner(world, registry.snapshot.operations, null);
  const salts = () => saltsOf(new Uint8Array(32));
  const bytes = new TextEncoder().encode(text);
  return planRequest({ bytes, name: "r.yaml", mode: "dryrun", registry, salts, planner });
}

function faultsOf(text: string, services: readonly ServiceContract[] | null): string[] {
  try {
    plan(text, services);
  } catch (error) {
    if (!isOrchestratorError(error) || error.code !== "orchestrator.request-invalid") throw error;
    return error.details.faults.map(({ line, column, message }) => `${line}:${column} ${message}`);
  }
  throw new Error("nothing was refused");
}

const COUNT = { operation: "rows.count" };
const TASK = "tasks:\n  - capability: work\n    route: { quantities: { call: 1 } }\n";

describe("a task that names a capability", () => {
  test("gets the operation of the chosen service in its own version, with health left out of the world", () => {
    const { plan: made, artifacts } = plan(TASK, [
      service("a/dear", 9, { ...COUNT, version: "2.0.0" }),
      service("b/cheap", 1, COUNT),
    ]);
    const [task] = made.tasks;
    const world = artifacts.get(task?.route?.world as never) as { snapshot: { services: { health: null }[] } };

    expect(`${task?.operation}@${task?.version}`).toBe("rows.count@1.0.0");
    expect(world.snapshot.services.map(({ health }) => health)).toEqual([null, null]);
    expect(digestJson(world as never)).toBe(task?.route?.world);
  });

  test("is never given what is no operation of a loaded pack, of this mode, under this contract", () => {
    const others = [
      service("a/none", 0, {}, { api: { kind: "none" } }),
      service("b/absent", 0, { operation: "moon.land" }),
      service("c/version", 0, { ...COUNT, version: "7.0.0" }),
      service("d/live", 0, { operation: "rows.cut" }),
      service("e/contract", 0, { ...COUNT, contract: contractDigestOf(newer) }),
    ];
    const { plan: made, artifacts } = plan(TASK, [
      ...others,
      service("z/right", 9, { ...COUNT, contract: contractDigestOf(counting) }),
    ]);
    const world = artifacts.get(made.tasks[0]?.route?.world as never) as {
      snapshot: { services: { contract: ServiceContract }[] };
    };

    expect(world.snapshot.services.map(({ contract }) => contract.service)).toEqual(["z/right"]);
    expect(faultsOf(TASK, others)).toEqual([
      "2:17 no service that is a loaded operation for dryrun answers `work`: caio.no-match of 0",
    ]);
  });

  test.each([
    ["no catalogue", TASK, null, "2:17 a capability is chosen from a catalogue: name one by --catalogue"],
    [
      "an operation beside it",
      `${TASK}    operation: rows.count\n`,
      [],
      "2:17 `tasks/0/capability`: expected no capability beside an operation",
    ],
    [
      "a version beside it",
      `${TASK}    version: 1.0.0\n`,
      [],
      "4:14 `tasks/0/version`: expected no version: the service's counts",
    ],
    [
      "health, which is of a moment",
      TASK.replace("{ q", "{ health: required, q"),
      [],
      "3:12 `tasks/0/route`: expected health `any`: a plan holds no time",
    ],
    ["who asks", TASK.replace("{ q", "{ identity: {}, q"), [], "3:14 `identity` is no key here"],
    [
      "a wrong parameter",
      `${TASK}    parameters: { n: x }\n`,
      [service("a/b", 1, COUNT)],
      "4:22 the parameters: /n must be integer",
    ],
    [
      "a bound that nobody meets",
      TASK.replace("{ q", "{ budgetPicos: 0, q"),
      [service("a/b", 1, COUNT)],
      "2:17 no service that is a loaded operation for dryrun answers `work`: caio.no-match of 1, at `budget`",
    ],
    [
      "a route without a capability",
      TASK.replace("capability: work", "operation: rows.count"),
      [],
      "3:12 `tasks/0/route`: expected no route without a capability",
    ],
  ])("is refused for %s, at its place", (_name, text, services, fault) => {
    expect(faultsOf(text, services)).toEqual([fault]);
  });
});
