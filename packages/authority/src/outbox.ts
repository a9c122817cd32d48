/**
 * From the store's outbox into the authority chain.
 *
 * @module
 */
import type { AuthorityEventDraft } from "@canonic/contracts";
import { ask, settle } from "./steps.ts";
import type { Answer, AuthorityStorage } from "./storage.ts";

const PAGE = 256;

/**
 * Appends what the chain does not have yet. The chain's events are the outbox's from its first on, so its length says where to
 * go on; when `append` throws, the same call brings the rest later.
 *
 * @param length - How many events the authority chain has.
 * @param append - Appends one event to it.
 * @returns How many it has now.
 */
export function drainOutbox(
  storage: Pick<AuthorityStorage, "outbox">,
  length: number,
  append: (event: AuthorityEventDraft) => void,
): Answer<number> {
  return settle(drain(storage, length, append));
}

function* drain(
  storage: Pick<AuthorityStorage, "outbox">,
  length: number,
  append: (event: AuthorityEventDraft) => void,
) {
  let position = length;
  for (;;) {
    const page = yield* ask(storage.outbox(position, PAGE));
    if (page.length === 0) return position;
    for (const event of page) {
      append(event);
      position += 1;
    }
  }
}
