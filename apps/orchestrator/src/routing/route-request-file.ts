/**
 * A routing request as a person writes it: every field but `capabilities` has a default, none is silent about what it is.
 *
 * @module
 */
import { DataClass, RequiredGuarantee, RouteRequest, TraitClause } from "@canonic/contracts";
import { z } from "zod";
import { readRequestDocument } from "../request/document.ts";
import { requestInvalid, shapeFaults } from "../request/shape-faults.ts";

const whole = RouteRequest.shape;

/** A demand with what may be left out: the quantity it speaks of is none, and what is declared is enough. */
const WrittenGuarantee = RequiredGuarantee.extend({
  of: RequiredGuarantee.shape.of.default(null),
  basis: RequiredGuarantee.shape.basis.default("declared"),
});

/**
 * The defaults: no intent, demands, quantities, traits, wishes, budget or latency; data class `public`; any place and region; no trust
 * asked; services of unknown health and on probation are allowed.
 */
export const WrittenRequest = z.strictObject({
  schema: whole.schema.default("canonic/route-request/v1"),
  intent: whole.intent.default(""),
  capabilities: whole.capabilities,
  guarantees: z.array(WrittenGuarantee).max(64).default([]),
  quantities: whole.quantities.default({}),
  traits: z.array(TraitClause).max(64).default([]),
  preferences: z.array(TraitClause).max(64).default([]),
  dataClass: DataClass.default("public"),
  localityMax: whole.localityMax.default(null),
  regions: whole.regions.default([]),
  retentionDaysMax: whole.retentionDaysMax.default(null),
  serviceTrustMin: whole.serviceTrustMin.default(0),
  budgetPicos: whole.budgetPicos.default(null),
  latency: whole.latency.default(null),
  health: whole.health.default("any"),
  probation: whole.probation.default("allow"),
});

/**
 * Reads a request: YAML 1.2 or JSON.
 *
 * @param name - How faults call the file.
 * @throws {OrchestratorError} `orchestrator.request-invalid` with every fault and its place.
 */
export function readRouteRequest(bytes: Uint8Array, name: string): RouteRequest {
  const document = readRequestDocument(bytes);
  const parsed = document.value === undefined ? undefined : WrittenRequest.safeParse(document.value);
  const faults = [...document.faults];
  if (parsed !== undefined && !parsed.success) faults.push(...shapeFaults(parsed.error, document));
  if (faults.length > 0 || parsed?.success !== true) throw requestInvalid(name, "a route", faults);
  return toRouteRequest(parsed.data);
}

/** Capabilities in their one order, each once. */
export function toRouteRequest(written: z.infer<typeof WrittenRequest>): RouteRequest {
  const capabilities = [...new Set(written.capabilities)].sort();
  return RouteRequest.parse({ ...written, capabilities });
}
