/** Tasks whose operation was chosen for a capability: nothing runs without the decision that chose it again. */
import { digestBytes, digestJson, type Operation, type Payload } from "@canonic/contracts";
import { expect, test } from "vitest";
import { type Router, runPlan } from "../src/index.ts";
import { contractOf } from "./contract-of.ts";
import { memoryJournal, portsOf, routerOf, type World, worldOf } from "./kit.ts";

let runs = 0;
const step: Operation = {
  contract: contractOf("test.step"),
  run: (input) => {
    runs += 1;
    return input;
  },
};
const plain = worldOf({ operations: [step], tasks: [{ operation: "test.step" }] });
const route = { request: digestJson("request"), world: digestJson("world") };
const routed: World = {
  ...plain,
  plan: { ...plain.plan, tasks: plain.plan.tasks.map((task) => ({ ...task, route })) },
};

const bytes = Buffer.from('{"kind":"a decision"}');
const decision: Payload = { digest: digestBytes(bytes), bytes };
const deciding = (world: World): Router => ({ route: (task) => ({ ...routerOf(world).route(task), decision }) });

async function runOf(world: World, router: Router) {
  runs = 0;
  const journal = memoryJournal();
  const result = await runPlan({ ...world, ...portsOf(world, journal, { router }) });
  const routing = journal.log.find(({ type }) => type === "ROUTING_DECISION")?.data as { readonly route?: string };
  return { status: result.status, code: result.failure?.code, route: routing.route, journal, runs };
}

test("a routed task runs with its decision, which the event names and the journal keeps (G2)", async () => {
  const { journal, ...run } = await runOf(routed, deciding(routed));

  expect(run).toEqual({ status: "completed", code: undefined, route: decision.digest, runs: 1 });
  expect(await journal.payload(decision.digest)).toEqual(decision.bytes);
});

test("a routed task is denied where no decision chose its operation (G2)", async () => {
  const { journal: _journal, ...run } = await runOf(routed, routerOf(routed));

  expect(run).toEqual({ status: "denied", code: "runner.route-undecided", route: undefined, runs: 0 });
});

test("a task that names its operation is denied where a router chose (G2)", async () => {
  const { journal: _journal, ...run } = await runOf(plain, deciding(plain));

  expect(run).toEqual({ status: "denied", code: "runner.route-undecided", route: decision.digest, runs: 0 });
});

test("a refusal of the router is the denial's, under the router's own code, with its decision", async () => {
  const reasons = [{ code: "caio.no-secure", place: "task", message: "no service answers" }];
  const router: Router = { route: () => ({ kind: "refuse", snapshot: routed.plan.registry, reasons, decision }) };
  const { journal: _journal, ...run } = await runOf(routed, router);

  expect(run).toEqual({ status: "denied", code: "caio.no-secure", route: decision.digest, runs: 0 });
});

test("an operation that executes a service is told its decision and request, and any other nothing of them", async () => {
  const seen: unknown[] = [];
  for (const more of [{ service: digestJson("service") }, {}]) {
    const told: Operation = {
      contract: { ...step.contract, ...more },
      run: (_, context) => {
        seen.push(context.route);
        return {};
      },
    };
    for (const task of [{ route: { ...route, request: digestJson("asked") } }, {}]) {
      const world = worldOf({ operations: [told], tasks: [{ operation: "test.step" }], artifacts: ["asked"] });
      const tasks = world.plan.tasks.map((one) => ({ ...one, ...task }));
      const asked: World = { ...world, plan: { ...world.plan, tasks } };
      await runOf(asked, "route" in task ? deciding(asked) : routerOf(asked));
    }
  }

  expect(seen).toEqual([{ request: "asked", decision: { kind: "a decision" } }, undefined, undefined, undefined]);
});
