/**
 * Snapshots of entries, in the one order by the oracle's own reading of it.
 *
 * @module
 */
import type { RuleSet, ServiceEntry, ServiceSnapshot } from "@canonic/contracts";
import { compareVersions } from "../oracle/choice.ts";

export const NO_RULES: RuleSet = { schema: "canonic/rule-set/v1", rules: [] };

export function snapshotOf(entries: readonly ServiceEntry[], revision = 1): ServiceSnapshot {
  const services = [...entries].sort(({ contract: a }, { contract: b }) =>
    a.service === b.service ? compareVersions(a.version, b.version) : a.service < b.service ? -1 : 1,
  );
  return { schema: "canonic/service-snapshot/v1", revision, services };
}

export function withName(entry: ServiceEntry, service: string, version = entry.contract.version): ServiceEntry {
  return {
    ...entry,
    contract: { ...entry.contract, service: service as ServiceEntry["contract"]["service"], version },
  };
}
