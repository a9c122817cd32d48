/**
 * Reads a registry of services: snapshots, standings, history.
 *
 * Invariants:
 *   R1. `snapshot()` gives one frozen world of exactly one revision, the store's last when it was asked or a later one.
 *   R2. Between two answers of the same revision nothing is built: they are the same object.
 *   R3. History is given as it was written, each change checked to follow on the one before it.
 *
 * @module
 */
import { byServiceAndVersion, type Digest, type ServiceContract } from "@canonic/contracts";
import { broken, type ChainedChange, readChange } from "./change-chain.ts";
import { checkedText, isSameStanding, ServicesFollower, type ServicesView } from "./follow.ts";
import { inOrder } from "./in-order.ts";
import type { FrozenServices } from "./snapshot.ts";
import { type ServiceStanding, StandingsDraft } from "./standing.ts";
import type { ServiceReading, ServicesHead } from "./storage.ts";

const PAGE = 256;

export interface ServiceReader {
  /** The services of the store's last revision; the same object while nothing changes. */
  snapshot(): Promise<FrozenServices>;
  /** What stands, retired versions too, by service, then version. */
  standings(): Promise<{ readonly revision: number; readonly services: readonly ServiceStanding[] }>;
  /** A contract by its digest, also of what is retired; undefined where none was registered. */
  contract(digest: Digest): Promise<ServiceContract | undefined>;
  /** Changes from the first (or the one after `after`) to the last, each with its digest. Throws `registry.history-broken`. */
  history(after?: ServicesHead): AsyncIterable<ChainedChange>;
  /**
   * Replays the whole history and compares what it gives with what the store says stands.
   *
   * @throws {RegistryError} `registry.history-broken`.
   */
  check(): Promise<ServicesHead>;
  close(): Promise<void>;
}

/** Reads what somebody else writes. */
export function openServiceReader({ storage }: { readonly storage: ServiceReading }): ServiceReader {
  return readerOn(storage, viewerOn(storage));
}

/** Gives the view to one at a time. */
export type Viewer = <T>(
  look: (view: ServicesView, refresh: () => Promise<ServicesView>) => T | Promise<T>,
) => Promise<T>;

export function viewerOn(storage: ServiceReading): Viewer {
  const follower = new ServicesFollower(storage);
  const queue = inOrder();
  const refresh = () => follower.refresh();
  return (look) => queue(async () => look(await refresh(), refresh));
}

export function readerOn(storage: ServiceReading, viewing: Viewer): ServiceReader {
  return {
    snapshot: () => viewing((view) => view.frozen),
    standings: () => viewing((view) => ({ revision: view.head.revision, services: sorted(view) })),
    contract: async (digest) => {
      const [found] = await storage.contracts([digest]);
      return found && checkedText(digest, found.text, (await storage.head()).revision).contract;
    },
    history: (after = { revision: 0, digest: null }) => historyOf(storage, after),
    check: () => checkStore(storage),
    close: async () => storage.close(),
  };
}

async function* historyOf(storage: ServiceReading, after: ServicesHead): AsyncIterable<ChainedChange> {
  let head = after;
  const { revision: last } = await storage.head();
  while (head.revision < last) {
    const page = await storage.changes(head.revision + 1, PAGE);
    if (page.length === 0) throw broken(head.revision + 1, "a change that is missing");
    for (const stored of page) {
      const chained = readChange(stored, head);
      head = { revision: chained.change.revision, digest: chained.digest };
      yield chained;
      if (head.revision === last) return;
    }
  }
}

async function checkStore(storage: ServiceReading): Promise<ServicesHead> {
  const { head, services } = await storage.load();
  const replayed = new Map<string, Map<string, ServiceStanding>>();
  let at: ServicesHead = { revision: 0, digest: null };
  let count = 0;
  for await (const { change, digest } of historyOf(storage, at)) {
    if (change.revision > head.revision) break;
    const draft = new StandingsDraft(replayed);
    for (const action of change.actions) {
      if (draft.take(action).kind !== "changed") throw broken(change.revision, `a step that is none: ${action.kind}`);
    }
    for (const standing of draft.changed.values()) {
      const versions = replayed.get(standing.service) ?? new Map<string, ServiceStanding>();
      if (!versions.has(standing.version)) count += 1;
      replayed.set(standing.service, versions.set(standing.version, standing));
    }
    at = { revision: change.revision, digest };
  }
  if (at.revision !== head.revision || at.digest !== head.digest)
    throw broken(head.revision, "a head without a change");
  const isSame = (stored: (typeof services)[number]) => {
    const standing = replayed.get(stored.service)?.get(stored.version);
    return standing !== undefined && isSameStanding(stored, standing);
  };
  if (services.length !== count || !services.every(isSame)) {
    throw broken(head.revision, "services that stand otherwise than their history says");
  }
  return head;
}

function sorted(view: ServicesView): ServiceStanding[] {
  return [...view.standings.values()].flatMap((versions) => [...versions.values()]).sort(byServiceAndVersion);
}
