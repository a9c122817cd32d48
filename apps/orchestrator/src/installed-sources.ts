/**
 * What certificates were issued over, as it is installed now, under the names that their evidence has.
 *
 * Invariants:
 *   I1. What no loaded pack has is left out: nobody here knows whether it changed.
 *
 * @module
 */
import { contractDigestOf, type Digest, type JsonValue, type Plan } from "@canonic/contracts";
import { sourcesOf } from "./environment.ts";
import type { Pack } from "./pack.ts";
import { contractsOf } from "./registry.ts";

/** Contracts, sources, and what the packs themselves name, by evidence name; of the operations of one plan. */
export function installedSources(
  plan: Plan,
  artifacts: ReadonlyMap<Digest, JsonValue>,
  packs: readonly Pack[],
): ReadonlyMap<string, Digest> {
  const wanted = new Set(plan.tasks.map(keyOf));
  const installed = new Map<string, Digest>();
  for (const pack of packs) {
    const contracts = contractsOf(pack, plan.mode).filter((contract) => wanted.has(keyOf(contract)));
    if (contracts.length === 0) continue;
    for (const contract of contracts) installed.set(`contract/${keyOf(contract)}`, contractDigestOf(contract));
    const module = pack.operationsModule instanceof URL ? pack.operationsModule : pack.operationsModule[plan.mode];
    if (module !== undefined) {
      const owned = new Map(contracts.map((contract) => [contractDigestOf(contract), contract]));
      for (const row of sourcesOf([{ pack, module, contracts: owned }]))
        installed.set(`source/${keyOf(row)}`, row.source);
    }
    for (const [name, digest] of pack.sources?.({ plan, artifacts }) ?? []) installed.set(name, digest);
  }
  return installed;
}

function keyOf({ operation, version }: { readonly operation: string; readonly version: string }): string {
  return `${operation}@${version}`;
}
