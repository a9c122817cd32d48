/**
 * A routing request as a person writes it: every field but `capabilities` has a default, none is silent about what it is.
 *
 * @module
 */
import { byCodeUnit, DataClass, RequiredGuarantee, RouteRequest, shapeIssues, TraitClause } from "@canonic/contracts";
import { z } from "zod";
import { CaioError } from "../errors.ts";

const whole = RouteRequest.shape;

/** A demand with what may be left out: the quantity it speaks of is none, and what is declared is enough. */
const GuaranteeInput = RequiredGuarantee.extend({
  of: RequiredGuarantee.shape.of.default(null),
  basis: RequiredGuarantee.shape.basis.default("declared"),
});

/**
 * The defaults: no intent, demands, quantities, traits, wishes, budget or latency; data class `public`; any place and region; no trust
 * asked; services of unknown health and on probation are allowed. As every zod schema it is a Standard Schema too.
 */
export const RequestInput = z.strictObject({
  schema: whole.schema.default("canonic/route-request/v1"),
  intent: whole.intent.default(""),
  capabilities: whole.capabilities,
  guarantees: z.array(GuaranteeInput).max(64).default([]),
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
/** What may be given; {@link requestOf} makes a whole request of it. */
export type RequestInput = z.input<typeof RequestInput>;

/**
 * A whole request, its capabilities in their one order.
 *
 * @throws {CaioError} `caio.request-invalid` with every fault.
 */
export function requestOf(input: RequestInput): RouteRequest {
  const parsed = RequestInput.safeParse(input);
  if (!parsed.success) {
    const issues = shapeIssues(parsed.error);
    throw new CaioError("caio.request-invalid", `a request has ${issues.length} faults`, { issues });
  }
  return toRouteRequest(parsed.data);
}

/** The same of an input that was read already. */
export function toRouteRequest(read: z.output<typeof RequestInput>): RouteRequest {
  return { ...read, capabilities: [...new Set(read.capabilities)].sort(byCodeUnit) };
}
