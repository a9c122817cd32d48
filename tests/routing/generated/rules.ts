/**
 * Generated rules: whole expressions from lists, among them such that err for some services, some requests or all.
 *
 * @module
 */
import { type Rule, RuleSet } from "@canonic/contracts";
import type { Draw } from "./draw.ts";

const CONDITIONS = [
  "true",
  "true",
  "true",
  'request.dataClass == "public"',
  'request.dataClass in ["confidential", "restricted"]',
  'request.quantities["output-token"] > 3',
  '"constructor" in request.quantities',
  "identity != null && identity.trust >= 2",
  '"admin" in identity.permissions',
  "has(request.budgetPicos) && request.budgetPicos > 0",
  "request.latency.maxUs < 1000000",
  "size(request.intent) > 10",
  'request.capabilities.exists(name, name.startsWith("input"))',
  "10 / request.serviceTrustMin > 3",
] as const;

const FITNESS = [
  "service.security.trust >= request.serviceTrustMin",
  'service.privacy.locality in ["on_device", "local"]',
  "has(service.privacy.retentionDays) && service.privacy.retentionDays <= 30",
  'service.cost.prices["input-token"] <= 1000000',
  'has(service.capabilities) && "chat" in service.capabilities',
  '"chat" in service.capabilities',
  'has(service.privacy.regions) && !("us" in service.privacy.regions)',
  '"eu" in service.privacy.regions',
  "service.guarantees.exists(one, one.value == 1)",
  "size(service.guarantees) > 3",
  'has(service.traits) && "constructor" in service.traits',
  "service.traits.size == 2",
  'service.guarantees.exists(one, one.property == "accuracy" && one.bound == "min")',
  'service.id.startsWith("m/") || service.id.startsWith("a/")',
  'service.description.matches("gpt[0-9]+")',
  'request.quantities["input-token"] * 2 <= service.constraints.inputTokensMax',
  "service.constraints.outputTokensMax * 1000 > 0",
  "identity.trust >= service.security.trustRequired",
  'identity == null || "admin" in identity.permissions || service.state == "active"',
  'service.state != "probation"',
  "size(service.name) % 2 == 0",
  "size(service.assumed) == 0",
  "true",
] as const;

function drawRule(draw: Draw, id: string): Rule {
  return {
    id,
    description: "",
    when: draw.pick(CONDITIONS),
    effect: { kind: draw.pick(["require", "require", "forbid"]), expression: draw.pick(FITNESS) },
    severity: draw.chance(35) ? "refuse" : "warn",
  };
}

/** One to four rules, by id. */
export function drawRules(draw: Draw): RuleSet {
  const ids = draw.some(["a", "b-2", "b-10", "constructor"], 50);
  return RuleSet.parse({
    schema: "canonic/rule-set/v1",
    rules: (ids.length === 0 ? ["a"] : ids).sort().map((id) => drawRule(draw, id)),
  });
}
