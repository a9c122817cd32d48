/** Which operation executes a service of a catalogue: one that names exactly its contract. */
import { operationContractOf } from "@canonic/caio/adapters";
import { type OperationContract, type ServiceContract, sortSnapshot } from "@canonic/contracts";
import { expect, test } from "vitest";
import { operationOf, plannableServices } from "../src/routing/operation-services.ts";
import { contractOf } from "./services.ts";

const HTTP = { kind: "http", url: "https://sky.example/{city}", method: "GET", operationId: null } as const;
const today = contractOf("sky/today", { api: HTTP });
const dearer = contractOf("sky/today", { api: HTTP, cost: { currency: "USD", prices: [{ unit: "call", picos: 6 }] } });
const executing = (service: ServiceContract, version: string): OperationContract =>
  operationContractOf(service, { operation: "sky.today", mode: "dryrun", version });
const { operations } = sortSnapshot({
  schema: "canonic/registry-snapshot/v1",
  operations: [executing(today, "10.0.0"), executing(dearer, "11.0.0"), executing(today, "9.0.0")],
  routes: [],
});

test("is executed by the newest operation that names its very contract", () => {
  expect([today, dearer].map((service) => operationOf(service, operations)?.version)).toEqual(["10.0.0", "11.0.0"]);
});

test("is executed by none, and in no planned world, where a field of its contract is another", () => {
  const changes = [{ name: "x" }, { version: "1.0.1" }, { traits: { x: 1 } }, { assumed: ["/cost"] }, { source: "x" }];
  const others = changes.map((change) => contractOf("sky/today", { api: HTTP, ...(change as object) }));
  const services = [today, ...others].map((contract) => ({ contract, state: "active" as const, health: null }));
  const snapshot = { schema: "canonic/service-snapshot/v1" as const, revision: 0, services };

  expect(others.map((other) => operationOf(other, operations))).toEqual(others.map(() => undefined));
  expect(plannableServices(snapshot, operations).services.map(({ contract }) => contract)).toEqual([today]);
});
