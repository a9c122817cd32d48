/**
 * Catalogue files into a registry: one change, or what keeps each entry out of it.
 *
 * Invariants:
 *   P1. All that is admitted is registered in one change of the registry; what is kept out is named with its reasons.
 *   P2. Importing the same files again changes nothing.
 *   P3. No service comes in more open than its file says: what drains or is retired there stays out, what is on probation stays so.
 *
 * @module
 */
import {
  admitServices,
  type CatalogueFormat,
  type ImportReport,
  importCatalogueValue,
  type QuarantinedEntry,
  readCatalogue,
} from "@canonic/caio";
import { type JsonValue, type ServiceContract, serviceContractDigestOf } from "@canonic/contracts";
import { isRegistryError, type ServiceRegistry } from "@canonic/registry";
import { keyOf, type Standing, standingsIn } from "./stated-standings.ts";

/** `beside` is the value of a file that belongs to it (`tools.json` of an MCP server), null for none. */
export type CatalogueText = { readonly name: string; readonly text: string; readonly beside: JsonValue };

export type Imported = {
  readonly reports: readonly ImportReport[];
  readonly registered: readonly ServiceContract[];
  /** How many stood there before as they are. */
  readonly unchanged: number;
  readonly quarantined: readonly QuarantinedEntry[];
  readonly revision: number;
};

/**
 * Imports files.
 *
 * @throws {CaioError} `caio.catalogue-invalid` for a file that no importer reads; nothing is registered then.
 */
export async function importServices(
  registry: ServiceRegistry,
  files: readonly CatalogueText[],
  options: { readonly format: CatalogueFormat | null; readonly isActive: boolean; readonly by: string },
): Promise<Imported> {
  const read = files.map(({ name, text, beside }) => ({ name, value: readCatalogue(text, name), beside }));
  const reports = read.map(({ name, value, beside }) => importCatalogueValue(value, name, options.format, beside));
  const { admitted, quarantined } = admitServices(reports.flatMap(({ contracts }) => contracts));
  const standings = standingsOf(read, reports);
  const { services, revision } = await registry.standings();
  const known = new Map(services.map((one) => [`${one.service}@${one.version}`, one.contract]));
  const isKnown = (contract: ServiceContract) =>
    known.get(`${contract.service}@${contract.version}`) === serviceContractDigestOf(contract);
  const closed = admitted.flatMap((contract) => closedEntry(contract, standings) ?? []);
  const kept = [...reports.flatMap((report) => report.quarantined), ...quarantined, ...closed];
  const open = admitted.filter((contract) => closedEntry(contract, standings) === undefined);
  let fresh = open.filter((contract) => !isKnown(contract));
  const unchanged = open.length - fresh.length;
  const stateOf = (contract: ServiceContract) => {
    const stated = standings.get(keyOf(contract));
    const isOnProbation = stated?.kind === "stated" && stated.state === "probation";
    return options.isActive && !isOnProbation ? "active" : "probation";
  };
  for (;;) {
    if (fresh.length === 0) return { reports, registered: [], unchanged, quarantined: kept, revision };
    try {
      const edits = fresh.map((contract) => ({ kind: "register", contract, state: stateOf(contract) }) as const);
      const { head } = await registry.apply(edits, { by: options.by });
      return { reports, registered: fresh, unchanged, quarantined: kept, revision: head.revision };
    } catch (error) {
      // A refusal of one service names it; the others are tried again without it.
      const refused = refusedBy(error);
      const left = fresh.filter(({ service, version }) => service !== refused?.service || version !== refused.version);
      if (refused === undefined || left.length === fresh.length) throw error;
      kept.push({
        place: refused.service,
        service: refused.service,
        reasons: [{ code: refused.code, place: refused.version, message: refused.message }],
      });
      fresh = left;
    }
  }
}

/** What the files of our own form state beside their contracts. */
function standingsOf(
  read: readonly { readonly name: string; readonly value: JsonValue }[],
  reports: readonly ImportReport[],
): ReadonlyMap<string, Standing> {
  return new Map(
    read.flatMap(({ name, value }, index) =>
      reports[index]?.format === "canonic" ? [...standingsIn(value, name)] : [],
    ),
  );
}

/** Why a service that is not open in its file is kept out; undefined for one that is. */
function closedEntry(
  contract: ServiceContract,
  standings: ReadonlyMap<string, Standing>,
): QuarantinedEntry | undefined {
  const standing = standings.get(keyOf(contract));
  if (standing?.kind === "unread") return standing.entry;
  if (standing === undefined || standing.state === "active" || standing.state === "probation") return undefined;
  const message = `expected a service that is active or on probation, not ${standing.state}`;
  return {
    place: contract.service,
    service: contract.service,
    reasons: [{ code: "route.standing-closed", place: "/state", message }],
  };
}

/** Codes that speak of one service of a change. */
const OF_ONE = [
  "registry.service-exists",
  "registry.service-state",
  "registry.signature-invalid",
  "registry.trust-unproven",
  "registry.not-vouched",
];

function refusedBy(error: unknown) {
  if (!isRegistryError(error) || !OF_ONE.includes(error.code)) return undefined;
  const { service, version } = error.details as { readonly service?: string; readonly version?: string };
  if (service === undefined || version === undefined) return undefined;
  return { service, version, code: error.code, message: error.message };
}
