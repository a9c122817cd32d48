/**
 * The leaves behind the last checkpoint, verified one by one: nothing but this vouches for them.
 *
 * @module
 */
import { type Digest, digestFromBytes, type RunEvent, type RunId } from "@canonic/contracts";
import { type ChainState, followChain, isOwnChain } from "./chain.ts";
import { lastLeafBefore, ownChainBefore } from "./chain-end.ts";
import { checkedEvent, checkedLeaf } from "./checked-leaf.ts";
import type { Frontier } from "./frontier.ts";
import type { KeyTimeline } from "./key-rotation.ts";
import { damaged, readRunStrictly } from "./read-run.ts";
import { readStatements, StatementChain } from "./statement-chain.ts";
import type { LogStorage, StoredLeaf } from "./storage.ts";

const PAGE = 1024;

export class LogTail {
  readonly #storage: LogStorage;
  readonly #from: number;
  readonly #keys: KeyTimeline;
  readonly #chains = new Map<string, ChainState>();
  readonly #statements = new Map<RunId, StatementChain>();
  readonly redacted = new Set<Digest>();
  /** True when a leaf went by that is acknowledged only under a checkpoint. */
  owesCheckpoint = false;

  /** @param keys - The log's keys as the leaves before `from` have them; rotations in the tail are added. */
  constructor(storage: LogStorage, from: number, keys: KeyTimeline) {
    this.#storage = storage;
    this.#from = from;
    this.#keys = keys;
  }

  /** Walks up to `size`, growing the frontier leaf by leaf, up to the first bad one; what is wrong with that, or null. */
  async walk(size: number, frontier: Frontier): Promise<string | null> {
    while (frontier.size < size) {
      const page = await this.#storage.readLeaves(frontier.size, Math.min(PAGE, size - frontier.size));
      if (page.length === 0) return "a frame that cannot be read";
      for (const leaf of page) {
        const fault = await this.#fault(leaf, frontier.size);
        if (fault !== null) return fault;
        frontier.append(leaf.hash);
      }
    }
    return null;
  }

  async #fault(leaf: StoredLeaf, index: number): Promise<string | null> {
    if (leaf.index !== index) return `index ${leaf.index} where ${index} is next`;
    const checked = checkedLeaf(leaf);
    if (typeof checked === "string") return checked;
    return checked.kind === "event" ? this.#eventFault(leaf, checked.event) : this.#entryFault(leaf, checked.run);
  }

  async #eventFault(leaf: StoredLeaf, event: RunEvent): Promise<string | null> {
    const isStart = event.seq === 0 && !isOwnChain(leaf.run);
    const known = this.#chains.get(leaf.run) ?? (isStart ? undefined : await this.#chainBefore(leaf.run));
    const next = followChain(known, event, digestFromBytes(leaf.hash));
    const fault = typeof next === "string" ? next : this.#keys.follow(leaf.index, event);
    if (typeof next === "string" || fault !== null) return fault;
    this.#chains.set(leaf.run, next);
    if (event.type === "PAYLOAD_REDACTED") this.redacted.add(event.data.digest);
    if (isCheckpointed(event.type)) this.owesCheckpoint = true;
    return null;
  }

  async #entryFault(leaf: StoredLeaf, run: RunId): Promise<string | null> {
    let chain = this.#statements.get(run);
    if (chain === undefined) {
      chain = new StatementChain(await readStatements(this.#storage, run, this.#from));
      this.#statements.set(run, chain);
    }
    const fault = (await this.#isSealed(run)) ? chain.follow(leaf) : "a statement about a run that is not sealed";
    if (fault === null) this.owesCheckpoint = true;
    return fault;
  }

  async #isSealed(run: RunId): Promise<boolean> {
    const known = this.#chains.get(run);
    if (known !== undefined) return known.sealed;
    const last = await lastLeafBefore(this.#storage, run, this.#from);
    const event = last === undefined ? "" : checkedEvent(last);
    return typeof event !== "string" && event.type === "RUN_SEALED";
  }

  /** The chain of a run as the leaves before the tail leave it; undefined when none of them is of the run. */
  async #chainBefore(run: string): Promise<ChainState | undefined> {
    if (isOwnChain(run)) return ownChainBefore(this.#storage, run, this.#from);
    let state: ChainState | undefined;
    for await (const { leaf, event } of readRunStrictly(this.#storage, run, this.#from)) {
      const next = followChain(state, event, digestFromBytes(leaf.hash));
      if (typeof next === "string") throw damaged(leaf, next);
      state = next;
    }
    return state;
  }
}

/** What a person or another tool relies on at once is signed in the same step. */
export function isCheckpointed(type: RunEvent["type"]): boolean {
  return type === "RUN_SEALED" || type === "KEY_ROTATED" || type === "PAYLOAD_REDACTED";
}
