/**
 * What a request for a plan may say: `docs/plan-requests.md` shows it with examples.
 *
 * @module
 */

import { RequestInput } from "@canonic/caio/request";
import { CapabilityName, OperationId, Principal, SemanticVersion } from "@canonic/contracts";
import { z } from "zod";

/** What makes a plan one that was asked for by a request, and not by a pack's planner. */
export const REQUEST_SCHEMA = "canonic/plan-request/v1";

const Name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, "expected a name: a letter, then letters, digits, `_` or `-`");
const Reference = z.union([Name, z.int().min(0)], "expected a task's name or its index from 0");

/** What a routing request may say beside its one capability. */
export const TaskRoute = RequestInput.omit({ schema: true }).extend({
  capabilities: z.array(CapabilityName).max(63).default([]),
});

const PlanTask = z
  .strictObject({
    name: Name.exactOptional(),
    operation: OperationId.exactOptional(),
    version: SemanticVersion.exactOptional(),
    /** In the place of an operation: a service of the catalogue is chosen that has it. */
    capability: CapabilityName.exactOptional(),
    route: TaskRoute.exactOptional(),
    parameters: z.record(Name, z.unknown()).exactOptional(),
    after: z.array(Name).exactOptional(),
    bind: z
      .record(
        Name,
        z.strictObject({
          task: Reference,
          pointer: z
            .string()
            .max(512)
            .regex(/^(\/[^/]*)*$/, "expected a JSON Pointer: empty, or `/` before each step"),
        }),
      )
      .exactOptional(),
  })
  .superRefine(({ operation, version, capability, route }, context) => {
    const fault = (key: string, message: string) => context.addIssue({ code: "custom", path: [key], message });
    if (operation === undefined && capability === undefined)
      fault("operation", "expected an operation, or a capability");
    if (operation !== undefined && capability !== undefined)
      fault("capability", "expected no capability beside an operation");
    if (capability === undefined && route !== undefined) fault("route", "expected no route without a capability");
    if (capability !== undefined && version !== undefined)
      fault("version", "expected no version: the service's counts");
    if (route?.health === "required") fault("route", "expected health `any`: a plan holds no time");
  });

/**
 * `order` is sequential unless given: each task waits for the one before. `independent` tasks may run at once; under
 * `after`, a task waits for those that it names and is bound to.
 */
export const PlanRequest = z.strictObject({
  user: Principal.exactOptional(),
  seed: z.int().min(0).exactOptional(),
  order: z.enum(["sequential", "independent", "after"]).exactOptional(),
  onFailure: z.enum(["abort", "stop"]).exactOptional(),
  tasks: z.array(PlanTask).min(1, "expected at least one task: an empty plan is invalid").max(10_000),
  gates: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[A-Z][A-Z0-9_]{0,30}$/, "expected a gate's name: capitals, digits and `_`"),
        before: Reference,
        reviewDecision: z.boolean().exactOptional(),
      }),
    )
    .max(64)
    .exactOptional(),
  rechecks: z
    .array(z.strictObject({ before: Reference, task: Reference }))
    .max(1024)
    .exactOptional(),
});
export type PlanRequest = z.infer<typeof PlanRequest>;
