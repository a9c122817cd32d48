/**
 * The services of one revision, in their order, and the digest of the snapshot without printing every contract again.
 *
 * Invariants:
 *   P1. A snapshot is frozen in depth and of exactly one revision; what comes later never reaches it.
 *   P2. `digest` is that of the snapshot's canonical JSON, made of the entries' own canonical texts: keys of RFC 8785 come
 *       in the order `revision`, `schema`, `services` and `contract`, `health`, `state`.
 *   P3. Retired services are not in it; all others are.
 *
 * @module
 */
import { createHash } from "node:crypto";
import {
  byCodeUnit,
  byVersion,
  canonicalJson,
  type Digest,
  digestFromBytes,
  type ServiceEntry,
  type ServiceSnapshot,
} from "@canonic/contracts";
import type { CheckedContract } from "./contract-check.ts";
import type { ServiceStanding } from "./standing.ts";

/** One frozen world of services; `digest` is computed when it is first asked for. */
export interface FrozenServices {
  readonly revision: number;
  readonly snapshot: ServiceSnapshot;
  readonly digest: Digest;
}

interface Row {
  readonly entry: ServiceEntry;
  readonly kept: CheckedContract;
  readonly text: string;
}

/** The rows of the present revision; each change replaces as few as it names. */
export class SnapshotRows {
  #rows: Row[] = [];

  /** The contract of a service that is not retired. */
  contractOf(service: string, version: string): CheckedContract | undefined {
    const { row } = this.#find(service, version);
    return row?.kept;
  }

  /** @param kept - The contract of `standing`; the one that the row has when left out. */
  put(standing: ServiceStanding, given?: CheckedContract): void {
    const { place, row } = this.#find(standing.service, standing.version);
    if (standing.state === "retired") {
      if (row !== undefined) this.#rows.splice(place, 1);
      return;
    }
    const kept = given ?? row?.kept;
    if (kept === undefined || kept.digest !== standing.contract) throw new Error("a standing without its contract");
    this.#rows.splice(place, row === undefined ? 0 : 1, rowOf(standing, kept));
  }

  /** Many at once: sorts once. */
  fill(standings: readonly (readonly [ServiceStanding, CheckedContract])[]): void {
    this.#rows = standings
      .map(([standing, kept]) => rowOf(standing, kept))
      .sort(({ entry: a }, { entry: b }) => compare(a, b.contract.service, b.contract.version));
  }

  freeze(revision: number): FrozenServices {
    const rows = [...this.#rows];
    const services = Object.freeze(rows.map(({ entry }) => entry)) as ServiceEntry[];
    const snapshot = Object.freeze({ schema: "canonic/service-snapshot/v1", revision, services } as const);
    let digest: Digest | undefined;
    return Object.freeze({
      revision,
      snapshot,
      get digest() {
        digest ??= digestOf(revision, rows);
        return digest;
      },
    });
  }

  /** Where a service is, or would be. */
  #find(service: string, version: string): { readonly place: number; readonly row: Row | undefined } {
    let [low, high] = [0, this.#rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare((this.#rows[middle] as Row).entry, service, version) < 0) low = middle + 1;
      else high = middle;
    }
    const row = this.#rows[low];
    return { place: low, row: row !== undefined && compare(row.entry, service, version) === 0 ? row : undefined };
  }
}

function compare({ contract }: ServiceEntry, service: string, version: string): number {
  return byCodeUnit(contract.service, service) || byVersion(contract.version, version);
}

function rowOf({ state, health }: ServiceStanding, kept: CheckedContract): Row {
  const entry = Object.freeze({ contract: kept.contract, state, health });
  return { entry, kept, text: `{"contract":${kept.text},"health":${canonicalJson(health)},"state":"${state}"}` };
}

function digestOf(revision: number, rows: readonly Row[]): Digest {
  const hash = createHash("sha256");
  hash.update(`{"revision":${revision},"schema":"canonic/service-snapshot/v1","services":[`);
  rows.forEach(({ text }, place) => {
    if (place > 0) hash.update(",");
    hash.update(text, "utf8");
  });
  return digestFromBytes(hash.update("]}").digest());
}
