/**
 * The registry of services: who offers what, changed while decisions are made, and never seen half changed.
 *
 * Every change is one revision: a row that says who changed what and when, chained to the one before it, written with what
 * then stands in one transaction under compare-and-swap. Whoever decides takes a snapshot: one frozen, digested revision.
 *
 * Invariants:
 *   K1. All edits of a change are made, in their order, or none; the revision counts changes, without a gap.
 *   K2. A change is made of what stood when it was judged: if another came between, it is judged again, or, where the caller
 *       named the revision that he saw, refused.
 *   K3. What would change nothing makes no revision.
 *   K4. A snapshot is of one revision (see `snapshot.ts`, `follow.ts`), in every process that shares the storage.
 *
 * @module
 */
import {
  byVersion,
  type ExecutionReceipt,
  type ServiceChange,
  type ServiceContract,
  type ServiceState,
  type Timestamp,
} from "@canonic/contracts";
import { RegistryError } from "../errors.ts";
import { storedChange } from "./change-chain.ts";
import { inputInvalid, planChange, type ReadEdit, readEdits, type ServiceEdit, type ServiceName } from "./edits.ts";
import { type ServicesView, storedStanding } from "./follow.ts";
import { judgeReceipts } from "./receipts.ts";
import { readerOn, type ServiceReader, viewerOn } from "./service-reader.ts";
import type { ServiceStorage, ServicesHead } from "./storage.ts";
import { readTrust, type ServiceTrust } from "./vouching.ts";

/** How often a change is judged again because another came first, before it is given up as a conflict. */
const ATTEMPTS_MAX = 1000;

/** Fulfilled receipts, without another between, that end a probation. */
export const PROMOTION_RECEIPTS = 20;

export interface ServiceRegistryOptions {
  readonly storage: ServiceStorage;
  readonly clock: { now(): Timestamp };
  /** Without it no owner and no keeper is known: all begin on probation, claim trust 0 or 1, and are promoted by receipts. */
  readonly trust?: ServiceTrust;
  /** {@link PROMOTION_RECEIPTS} where it is left out; 1 to 10,000. */
  readonly promotionReceipts?: number;
}

/** Who changes, and, where it matters, which revision he saw. Whether `by` is who he says is the caller's to know. */
export interface ChangeOptions {
  readonly by: string;
  readonly expected?: number;
}

/** The revision that holds what was asked for; `changed` is false when it held it already. */
export interface Changed {
  readonly changed: boolean;
  readonly head: ServicesHead;
}

export type Promotion =
  | ({ readonly kind: "promoted" } & Changed)
  | { readonly kind: "waiting"; readonly fulfilled: number; readonly needed: number };

/**
 * Every change may throw `registry.input-invalid` with the place of each fault, `registry.revision-conflict` when the
 * revision is not `expected`, `registry.unknown-service`, `registry.service-state`, and `registry.history-broken` when the
 * storage gives what was never written; a registration and what holds one also `registry.service-exists`,
 * `registry.signature-invalid`, `registry.trust-unproven`, `registry.not-vouched`, `registry.services-full`.
 */
export interface ServiceRegistry extends ServiceReader {
  /** Makes all edits as one change. */
  apply(edits: readonly ServiceEdit[], options: ChangeOptions): Promise<Changed>;
  /** A new service, or a new version of one; on probation unless `state` says active and somebody vouches. */
  register(
    contract: ServiceContract,
    options: ChangeOptions & { readonly state?: "active" | "probation" },
  ): Promise<Changed>;
  /**
   * Registers a version, or resumes it where it drained, and drains every other one of its service, in one change: also the
   * way back to a version that was swapped out.
   */
  swap(
    contract: ServiceContract,
    options: ChangeOptions & { readonly state?: "active" | "probation" },
  ): Promise<Changed>;
  /** Takes no new decision from the next snapshot on; what runs may end. */
  drain(name: ServiceName, options: ChangeOptions): Promise<Changed>;
  /** What drained is again what it was. */
  resume(name: ServiceName, options: ChangeOptions): Promise<Changed>;
  /** Leaves the snapshot for good; its history stays. */
  retire(name: ServiceName, options: ChangeOptions): Promise<Changed>;
  /** Out of probation, by the keeper's word. */
  promote(name: ServiceName, options: ChangeOptions): Promise<Changed>;
  /**
   * Out of probation, by the newest receipts, all of which must be fulfilled. Receipts are those that the caller verified.
   *
   * @throws {RegistryError} `registry.input-invalid` for a receipt of another version or contract.
   */
  promoteByReceipts(
    name: ServiceName,
    receipts: readonly ExecutionReceipt[],
    options: ChangeOptions,
  ): Promise<Promotion>;
  /** What was seen, believed for `ttlMs` from now on. */
  health(name: ServiceName, status: "healthy" | "unhealthy", ttlMs: number, options: ChangeOptions): Promise<Changed>;
}

/**
 * A registry on a storage that others may share.
 *
 * @throws {RegistryError} `registry.key-invalid` for an owner's key that is none, `registry.input-invalid` for a number of
 *   receipts out of range.
 */
export function createServiceRegistry(options: ServiceRegistryOptions): ServiceRegistry {
  const { storage, clock } = options;
  const trust = readTrust(options.trust);
  const needed = options.promotionReceipts ?? PROMOTION_RECEIPTS;
  if (!Number.isSafeInteger(needed) || needed < 1 || needed > 10_000) {
    throw inputInvalid([{ pointer: "/promotionReceipts", expected: "1 to 10000" }]);
  }
  const viewing = viewerOn(storage);

  /** Judges and commits until nobody comes between. `toEdits` sees what stands; what it throws is thrown. */
  async function change(
    { by, expected }: ChangeOptions,
    at: Timestamp,
    toEdits: (view: ServicesView) => readonly ReadEdit[],
  ): Promise<Changed> {
    return viewing(async (first, refresh) => {
      let view = first;
      for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
        if (expected !== undefined && expected !== view.head.revision) throw conflict(expected, view.head.revision);
        const { actions, draft, contracts } = planChange(toEdits(view), by, view.standings, view.size, trust);
        if (actions.length === 0) return { changed: false, head: view.head };
        const made: ServiceChange = {
          schema: "canonic/service-change/v1",
          revision: view.head.revision + 1,
          prev: view.head.digest,
          at,
          by,
          actions: [...actions],
        };
        const stored = storedChange(made);
        const isWritten = await storage.commit({
          prev: view.head.digest,
          change: stored,
          contracts: [...contracts.values()].map(({ digest, text }) => ({ digest, text })),
          services: [...draft.changed.values()].map(storedStanding),
        });
        if (isWritten) {
          view.take(draft, contracts, { revision: stored.revision, digest: stored.digest });
          return { changed: true, head: view.head };
        }
        view = await refresh();
      }
      throw conflict(view.head.revision, (await refresh()).head.revision);
    });
  }

  function apply(edits: readonly ServiceEdit[], by: ChangeOptions): Promise<Changed> {
    return settled(() => {
      const at = clock.now();
      const read = readEdits(edits, by.by, at);
      return change(by, at, () => read);
    });
  }

  const state = (given: "active" | "probation" | undefined) => (given === undefined ? {} : { state: given });

  return {
    ...readerOn(storage, viewing),
    apply,
    register: (contract, by) => apply([{ kind: "register", contract, ...state(by.state) }], by),
    swap: (contract, by) =>
      settled(() => {
        const at = clock.now();
        const [read] = readEdits([{ kind: "register", contract, ...state(by.state) }], by.by, at);
        return change(by, at, (view) => [read as ReadEdit, ...swapOf(view, contract)]);
      }),
    drain: (name, by) => apply([{ ...name, kind: "drain" }], by),
    resume: (name, by) => apply([{ ...name, kind: "resume" }], by),
    retire: (name, by) => apply([{ ...name, kind: "retire" }], by),
    promote: (name, by) => apply([{ ...name, kind: "promote" }], by),
    health: (name, status, ttlMs, by) => apply([{ ...name, kind: "health", status, ttlMs }], by),
    promoteByReceipts: (name, receipts, by) =>
      settled(async () => {
        const at = clock.now();
        const [read] = readEdits([{ ...name, kind: "promote" }], by.by, at);
        const edit = read as ReadEdit & { readonly kind: "promote" };
        let waiting: Promotion | undefined;
        const changed = await change(by, at, (view) => {
          waiting = undefined;
          const standing = view.standings.get(name.service)?.get(name.version);
          if (standing === undefined) throw unknown(name);
          const verdict = judgeReceipts(receipts, standing, needed);
          if (verdict.kind === "enough") return [{ ...edit, receipts: verdict.shown }];
          waiting = verdict;
          return [];
        });
        return waiting ?? { kind: "promoted", ...changed };
      }),
  };
}

/** What a swap does beside registering: the version takes decisions again if it drained, and every other one takes no more. */
function swapOf(view: ServicesView, { service, version }: ServiceContract): ReadEdit[] {
  const live: readonly ServiceState[] = ["active", "probation"];
  const versions = [...(view.standings.get(service)?.values() ?? [])].sort((a, b) => byVersion(a.version, b.version));
  return versions.flatMap((one): ReadEdit[] => {
    const name = { service, version: one.version } as ServiceName & { readonly service: ServiceContract["service"] };
    if (one.version === version) return one.state === "draining" ? [{ kind: "resume", name }] : [];
    return live.includes(one.state) ? [{ kind: "drain", name }] : [];
  });
}

/** What is thrown at once leaves as a rejection, like what is thrown later. */
async function settled<T>(work: () => Promise<T>): Promise<T> {
  return work();
}

function conflict(expected: number, found: number): RegistryError {
  const message = `the registry is at revision ${found}, not at ${expected}`;
  return new RegistryError("registry.revision-conflict", message, { expected, found });
}

function unknown({ service, version }: ServiceName): RegistryError {
  return new RegistryError("registry.unknown-service", `\`${service}@${version}\` is not registered`, {
    service,
    version,
  });
}
