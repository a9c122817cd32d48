/**
 * What an import says of every field of every entry: taken, left, or assumed.
 *
 * @module
 */
import type { Reason, ServiceContract } from "@canonic/contracts";

/** One entry of a foreign document. Each of its fields is named once: as JSON Pointers into the entry, sorted. */
export interface ImportedEntry {
  /** Where the entry stands in the document. */
  readonly place: string;
  readonly service: string;
  readonly mapped: readonly string[];
  readonly unmapped: readonly string[];
  /** Pointers into our contract that the entry did not state. */
  readonly assumed: readonly string[];
}

/** An entry that is kept out, and why. */
export interface QuarantinedEntry {
  readonly place: string;
  readonly service: string;
  readonly reasons: readonly Reason[];
}

/** `contracts` are valid and sorted by service, then version; `entries` and `quarantined` are in the document's order. */
export interface ImportReport {
  readonly format: CatalogueFormat;
  readonly contracts: readonly ServiceContract[];
  readonly entries: readonly ImportedEntry[];
  readonly quarantined: readonly QuarantinedEntry[];
}

export type CatalogueFormat =
  | "a2a-agent-card"
  | "canonic"
  | "litellm"
  | "mcp-docker"
  | "mcp-server"
  | "models-dev"
  | "openapi";
