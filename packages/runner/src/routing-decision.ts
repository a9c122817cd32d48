/**
 * The routing decision of one task.
 *
 * Invariants:
 *   G1. Allowed only when the route leads to exactly what was planned (operation, version, contract, mode, snapshot), every
 *       binding finds a value, and the input is what that contract takes.
 *   G2. A task whose operation was chosen for a capability is allowed only with the decision that chose it again.
 *
 * @module
 */
import type { Digest, JsonValue, Reason, Task } from "@canonic/contracts";
import { answerOf } from "./answer.ts";
import { type Call, entitlementOf, inputOf } from "./call.ts";
import { boundValues } from "./pins.ts";
import { reasonOf } from "./reasons.ts";
import type { Run } from "./run.ts";
import type { Made } from "./task-event.ts";

/** ROUTING_DECISION with the decision behind it, where there is one; when it allows, the task's call is in `calls`. */
export function routingDecision(run: Run, task: Task, calls: Map<number, Call>): Made {
  const { payloadType } = task;
  const route = run.router.route(task);
  const event = (
    named: { operation: Task["operation"]; version: string; contract: Digest } | null,
    reasons: readonly Reason[],
  ): Made => {
    const data = {
      payloadType,
      ...(named ?? { operation: null, version: null, contract: null }),
      snapshot: route.snapshot,
      ...answerOf(reasons.length === 0 ? { kind: "allow" } : { kind: "refuse", reasons }),
    };
    const draft = { type: "ROUTING_DECISION", subject: task.id } as const;
    const { decision } = route;
    if (decision === undefined) return { event: { ...draft, data } };
    return { event: { ...draft, data: { ...data, route: decision.digest } }, payloads: [decision] };
  };
  if (route.kind === "refuse") return event(null, route.reasons);
  if ((task.route === undefined) !== (route.decision === undefined)) {
    const message = task.route === undefined ? "a decision that nobody planned" : "no decision chose this operation";
    return event(null, [reasonOf("runner.route-undecided", "route", message)]);
  }
  const { operation, version, contract, snapshot } = route;
  const named = { operation, version, contract: run.book.digestOf(contract) };
  const different = differences([
    ["operation", task.operation, operation],
    ["version", task.version, version],
    ["contract", task.contract, named.contract],
    ["mode", run.plan.mode, contract.mode],
    ["snapshot", run.plan.registry, snapshot],
  ]);
  if (different.length > 0) return event(named, different);
  const bound = boundValues(run, task);
  const missing = missingPins(bound);
  if (missing.length > 0) return event(named, missing);
  const input = inputOf(run, task, contract, bound);
  const faults = run.book.checkInput(contract, input);
  if (faults.length > 0) return event(named, faults);
  const entitlement = entitlementOf(run, task, contract, route.decision);
  calls.set(task.position, { task, input, contract, entitlement });
  return event(named, []);
}

function differences(rows: readonly (readonly [string, string, string])[]): Reason[] {
  return rows
    .filter(([, planned, routed]) => planned !== routed)
    .map(([place, planned, routed]) =>
      reasonOf("runner.route-differs", place, `planned \`${planned}\`, routed to \`${routed}\``),
    );
}

function missingPins(bound: ReadonlyMap<string, JsonValue | undefined>): Reason[] {
  return [...bound]
    .filter(([, value]) => value === undefined)
    .map(([place]) => ({
      code: "runner.pin-missing",
      place,
      message: "the task that it is bound to gave nothing at this pointer",
    }));
}
