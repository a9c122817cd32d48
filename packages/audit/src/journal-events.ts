/**
 * Events on their way into the log: checked, printed and chained.
 *
 * @module
 */
import type { Digest, EventDraft, Payload, RunEvent } from "@canonic/contracts";
import type { ChainState } from "./chain.ts";
import { writeLeaf } from "./leaf.ts";
import { isCheckpointed } from "./log-tail.ts";
import type { OpenLog } from "./open-log.ts";
import { payloadsToKeep } from "./payload-check.ts";

/** Puts the next event on a chain; nothing of a draft is kept before all of it is found good (W1). */
export function putEvent(
  { queue, chains, clock, redacted }: OpenLog,
  chain: ChainState,
  draft: EventDraft,
  payloads: readonly Payload[] = [],
): { readonly seq: number; readonly leaf: Digest } {
  const { run, seq, prev } = chain;
  const { hash, bytes, digest } = writeLeaf({ run, seq, prev, at: clock.now(), ...draft } as RunEvent);
  const kept = payloadsToKeep(draft.type, payloads, redacted);
  chains.took(chain, draft.type, digest);
  queue.add({ run, seq, hash, bytes }, kept, isCheckpointed(draft.type));
  return { seq, leaf: digest };
}
