/**
 * Importer of our own form: one contract, a list of them, or a snapshot.
 *
 * @module
 */
import {
  byCodeUnit,
  type JsonObject,
  type JsonValue,
  pointerStep,
  ServiceContract,
  sortContracts,
} from "@canonic/contracts";
import { listOf, objectOf, textOf } from "./names.ts";
import type { ImportedEntry, ImportReport, QuarantinedEntry } from "./report.ts";

/** Contracts that are not as the schema says are quarantined, each with every fault. */
export function importContracts(value: JsonObject, place: string): ImportReport {
  const isOne = String(value["schema"] ?? "").startsWith("canonic/service-contract/");
  const found: readonly JsonValue[] = isOne
    ? [value]
    : listOf(value["services"]).map((entry) => objectOf(entry)?.["contract"] ?? entry);
  /** What a registry adds to a contract is not part of what is offered. */
  const beside = listOf(isOne ? [] : value["services"]).map((entry) =>
    objectOf(entry)?.["contract"] === undefined
      ? []
      : Object.keys(objectOf(entry) ?? {}).filter((key) => key !== "contract"),
  );
  const contracts: ServiceContract[] = [];
  const entries: ImportedEntry[] = [];
  const quarantined: QuarantinedEntry[] = [];
  for (const [index, candidate] of found.entries()) {
    const parsed = ServiceContract.safeParse(candidate);
    const at = isOne ? place : `${place}#/${index}`;
    const service = textOf(objectOf(candidate)?.["service"]) ?? at;
    const isEntry = objectOf(isOne ? null : (listOf(value["services"])[index] ?? null))?.["contract"] !== undefined;
    const fields = isEntry ? ["/contract"] : pointersOf(Object.keys(objectOf(candidate) ?? {}));
    const left = pointersOf(beside[index] ?? []);
    entries.push({
      place: at,
      service,
      mapped: parsed.success ? fields : [],
      unmapped: parsed.success ? left : [...fields, ...left].sort(byCodeUnit),
      assumed: parsed.data?.assumed ?? [],
    });
    if (parsed.success) contracts.push(parsed.data);
    else {
      const reasons = parsed.error.issues.map(({ path, message }) => ({
        code: "caio.contract-invalid",
        place: `${at}/${path.join("/")}`.slice(0, 512),
        message: message.slice(0, 256),
      }));
      quarantined.push({ place: at, service, reasons });
    }
  }
  return { format: "canonic", contracts: sortContracts(contracts), entries, quarantined };
}

function pointersOf(fields: readonly string[]): string[] {
  return fields.map((field) => `/${pointerStep(field)}`).sort(byCodeUnit);
}
