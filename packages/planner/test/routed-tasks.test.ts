import { digestJson, taskIdOf } from "@canonic/contracts";
import { expect, test } from "vitest";
import { planTasks } from "../src/index.ts";
import { echo, faultsOf } from "./support.ts";

const [request, world] = [{ schema: "canonic/route-request/v1" }, { schema: "canonic/route-world/v1" }];
const route = { request: digestJson(request), world: digestJson(world) };
const context = new Map([request, world].map((value) => [digestJson(value), value] as const));
/** What the version before routes gave for the same request. */
const BEFORE = ["task_aad539a8d578d9a0888d", "sha256:6a87f5e3e7ea407a7fcdfdc0c487c48013d6f6b0f616f797c0c1dbc486f30f24"];
const routed = { payloadType: "demo/text", route };

test("a routed task carries its route, is another task for it, and both values travel with the plan (F2, F3)", () => {
  const { plan, artifacts } = planTasks({ registry: echo, tasks: [routed], context });
  const [task] = plan.tasks;
  const other = planTasks({
    registry: echo,
    tasks: [{ ...routed, route: { ...route, world: route.request } }],
    context,
  });

  expect(task?.route).toEqual(route);
  expect(task?.id).toBe(taskIdOf(plan.seed, task as never));
  expect([...artifacts.values()]).toEqual(expect.arrayContaining([request, world]));
  expect(other.plan.tasks[0]?.id).not.toBe(task?.id);
});

test("a task without a route has the id and the bytes that it had before there were routes (F3)", () => {
  const { plan, planDigest } = planTasks({ registry: echo, tasks: [{ payloadType: "demo/text" }] });

  expect(plan.tasks[0]).not.toHaveProperty("route");
  expect([plan.tasks[0]?.id, planDigest]).toEqual(BEFORE);
});

test("a route whose request or world is not there makes no plan (F2)", () => {
  const missing = new Map([[route.request, request]]);

  expect(faultsOf(() => planTasks({ registry: echo, tasks: [routed], context: missing }))).toEqual([
    "planner.artifacts-invalid",
    "/tasks/0/route/world",
  ]);
});
