/**
 * Follows a store: what it holds now, brought up to date by the changes since it was last looked at.
 *
 * Invariants:
 *   F1. What is shown is of exactly one revision: all changes up to it and none after, whoever made them, in this process or
 *       another.
 *   F2. Every change that is followed is checked as a link of the chain and as a step of its service. A store that goes back, or
 *       gives what does not follow, is refused, and the next look begins anew.
 *   F3. Without a change nothing is built again: the same revision is the same object.
 *
 * @module
 */
import { canonicalJson, type Digest, ServiceHealth, ServiceState } from "@canonic/contracts";
import { broken, readChange } from "./change-chain.ts";
import { type CheckedContract, keptContract } from "./contract-check.ts";
import { type FrozenServices, SnapshotRows } from "./snapshot.ts";
import { type ServiceStanding, StandingsDraft } from "./standing.ts";
import type { ServiceReading, ServicesHead, StoredService, StoredServiceChange } from "./storage.ts";

/** Changes that are asked for at a time; from more than {@link FOLLOW_MAX} behind, everything is read anew. */
const PAGE = 256;
const FOLLOW_MAX = 2048;

/** What is known of the store at one revision. */
export class ServicesView {
  head: ServicesHead = { revision: 0, digest: null };
  readonly standings = new Map<string, Map<string, ServiceStanding>>();
  readonly rows = new SnapshotRows();
  /** How many standings there are, retired ones too. */
  size = 0;
  #frozen: FrozenServices | undefined;

  get frozen(): FrozenServices {
    if (this.#frozen?.revision !== this.head.revision) this.#frozen = this.rows.freeze(this.head.revision);
    return this.#frozen;
  }

  /** Makes a draft what stands, as of `head`. */
  take(draft: StandingsDraft, contracts: ReadonlyMap<Digest, CheckedContract>, head: ServicesHead): void {
    for (const standing of draft.changed.values()) {
      this.rows.put(standing, contracts.get(standing.contract));
      this.put(standing);
    }
    this.head = head;
  }

  put(standing: ServiceStanding): void {
    let versions = this.standings.get(standing.service);
    if (versions === undefined) {
      versions = new Map();
      this.standings.set(standing.service, versions);
    }
    if (!versions.has(standing.version)) this.size += 1;
    versions.set(standing.version, standing);
  }
}

export class ServicesFollower {
  readonly #storage: ServiceReading;
  #view: ServicesView | undefined;

  constructor(storage: ServiceReading) {
    this.#storage = storage;
  }

  /** The view at the store's last revision, or a later one. Not to be called while another call is under way. */
  async refresh(): Promise<ServicesView> {
    try {
      const head = await this.#storage.head();
      this.#view =
        this.#view === undefined || head.revision - this.#view.head.revision > FOLLOW_MAX
          ? await this.#load()
          : await this.#follow(this.#view, head);
      return this.#view;
    } catch (cause) {
      this.#view = undefined;
      throw cause;
    }
  }

  async #load(): Promise<ServicesView> {
    const { head, services, contracts } = await this.#storage.load();
    const kept = new Map(contracts.map(({ digest, text }) => [digest, checkedText(digest, text, head.revision)]));
    const view = new ServicesView();
    view.head = head;
    const standings = services.map((stored) => standingOf(stored, head.revision));
    for (const standing of standings) view.put(standing);
    view.rows.fill(
      standings
        .filter(({ state }) => state !== "retired")
        .map((standing) => {
          const contract = kept.get(standing.contract);
          if (contract === undefined) throw broken(head.revision, "a service without its contract");
          return [standing, contract] as const;
        }),
    );
    return view;
  }

  async #follow(view: ServicesView, head: ServicesHead): Promise<ServicesView> {
    if (head.revision < view.head.revision) throw broken(head.revision, "a store that went back");
    while (view.head.revision < head.revision) {
      const page = await this.#storage.changes(view.head.revision + 1, PAGE);
      if (page.length === 0) throw broken(view.head.revision + 1, "a change that is missing");
      for (const stored of page) await this.#take(view, stored);
    }
    if (view.head.revision === head.revision && view.head.digest !== head.digest) {
      throw broken(head.revision, "another change than before");
    }
    return view;
  }

  async #take(view: ServicesView, stored: StoredServiceChange): Promise<void> {
    const { digest, change } = readChange(stored, view.head);
    const draft = new StandingsDraft(view.standings);
    for (const action of change.actions) {
      if (draft.take(action).kind !== "changed") throw broken(change.revision, `a step that is none: ${action.kind}`);
    }
    const wanted = [...draft.changed.values()]
      .filter(({ service, version, state }) => state !== "retired" && !view.rows.contractOf(service, version))
      .map(({ contract }) => contract);
    const contracts = new Map<Digest, CheckedContract>();
    for (const { digest: of, text } of wanted.length === 0 ? [] : await this.#storage.contracts(wanted)) {
      contracts.set(of, checkedText(of, text, change.revision));
    }
    if (wanted.some((one) => !contracts.has(one))) throw broken(change.revision, "a service without its contract");
    view.take(draft, contracts, { revision: change.revision, digest });
  }
}

/** @throws {RegistryError} `registry.history-broken` when a store gives a contract that has another digest. */
export function checkedText(digest: Digest, text: string, revision: number): CheckedContract {
  const kept = keptContract(text);
  if (kept.digest !== digest) throw broken(revision, "a contract that has another digest");
  return kept;
}

export function storedStanding(standing: ServiceStanding): StoredService {
  return { ...standing, health: standing.health === null ? null : canonicalJson(standing.health) };
}

function standingOf(stored: StoredService, revision: number): ServiceStanding {
  const state = ServiceState.safeParse(stored.state);
  const resumes = ServiceState.extract(["active", "probation"]).safeParse(stored.resumes);
  const health = stored.health === null ? null : ServiceHealth.safeParse(JSON.parse(stored.health));
  if (!state.success || !resumes.success || (health !== null && !health.success)) {
    throw broken(revision, "a standing that is none");
  }
  return Object.freeze({
    ...stored,
    state: state.data,
    resumes: resumes.data,
    health: health === null ? null : Object.freeze(health.data),
  });
}

/** True when the store's row says exactly this. */
export function isSameStanding(stored: StoredService, standing: ServiceStanding): boolean {
  const expected: Readonly<Record<string, unknown>> = { ...storedStanding(standing) };
  return Object.entries({ ...stored }).every(([field, value]) => expected[field] === value);
}
