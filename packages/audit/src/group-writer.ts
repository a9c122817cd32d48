/**
 * Hands groups to the store, one after the other, each with the tree's new nodes, the keeper's mark of the log's new end
 * and, where it is owed one, a checkpoint.
 *
 * @module
 */
import { signCheckpoint } from "./checkpoint.ts";
import { AuditError } from "./errors.ts";
import type { Frontier } from "./frontier.ts";
import type { Group } from "./group.ts";
import type { NoteSigner } from "./keys.ts";
import type { LogIdentity } from "./log-identity.ts";
import { type LogStorage, TILE_LEVELS } from "./storage.ts";
import { TailMarker } from "./tail-mark.ts";

export class GroupWriter {
  readonly #storage: LogStorage;
  readonly #frontier: Frontier;
  #checkpoint: Uint8Array | undefined;
  #marker: { readonly of: NoteSigner; readonly marker: TailMarker } | undefined;

  constructor(storage: LogStorage, frontier: Frontier, checkpoint: Uint8Array | undefined) {
    this.#storage = storage;
    this.#frontier = frontier;
    this.#checkpoint = checkpoint;
  }

  /** The last signed note that is stored. */
  get checkpoint(): Uint8Array | undefined {
    return this.#checkpoint;
  }

  /** @throws {AuditError} `audit.checkpoint-conflict`, and what the store throws. */
  write(group: Group, identity: LogIdentity | null): void | Promise<void> {
    for (const leaf of group.leaves) {
      this.#frontier.append(leaf.hash, (level, index, hash) => {
        if (level % TILE_LEVELS === 0) group.nodes.push({ level, index, hash });
      });
    }
    const note = group.signs && identity !== null ? this.#sign(identity) : undefined;
    const { first, leaves, nodes } = group;
    const written = this.#storage.append({
      expectedSize: first,
      leaves,
      payloads: [...group.payloads.values()],
      nodes,
      ...(identity === null ? {} : { mark: this.#mark(identity) }),
    });
    if (note === undefined) return written as void | Promise<void>;
    return written === undefined ? this.#storeCheckpoint(note) : written.then(() => this.#storeCheckpoint(note));
  }

  #mark({ origin, signer }: LogIdentity): Uint8Array {
    if (this.#marker?.of !== signer) this.#marker = { of: signer, marker: new TailMarker(origin, signer) };
    return this.#marker.marker.markOf(this.#frontier.size, this.#frontier.root());
  }

  #sign({ origin, signer }: LogIdentity): Uint8Array {
    return signCheckpoint({ origin, size: this.#frontier.size, root: this.#frontier.root() }, signer);
  }

  #storeCheckpoint(note: Uint8Array): void | Promise<void> {
    const { size } = this.#frontier;
    const accept = (swapped: boolean) => {
      if (!swapped)
        throw new AuditError("audit.checkpoint-conflict", "another checkpoint was stored meanwhile", { size });
      this.#checkpoint = note;
    };
    const swapped = this.#storage.swapCheckpoint(this.#checkpoint, note);
    return typeof swapped === "boolean" ? accept(swapped) : swapped.then(accept);
  }
}
