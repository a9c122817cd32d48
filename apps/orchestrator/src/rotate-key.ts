/**
 * A store whose log changes its key.
 *
 * @module
 */
import type { AuthorityStorage } from "@canonic/authority";
import { nextSignerOf } from "./keys.ts";
import { makeNextKey, replaceLogKey } from "./log-key-files.ts";
import { withStore } from "./store.ts";

export type Rotation = {
  readonly origin: string;
  /** The log index of the event: what is signed over more leaves than that is the new key's. */
  readonly index: number;
  /** The new key, raw, in base64. */
  readonly publicKey: string;
  /** Where the old private key is kept. */
  readonly kept: string;
};

/** Makes a new key, hands the log over to it, and puts it in the old one's place. */
export function rotateLogKey(store: string, authority: AuthorityStorage): Promise<Rotation> {
  return withStore(store, authority, async ({ journal, keys: { origin } }) => {
    const next = nextSignerOf(makeNextKey(store, origin), origin);
    const { index } = await journal.rotateKey(next);
    const { kept } = replaceLogKey(store);
    return { origin, index, publicKey: Buffer.from(next.publicKey).toString("base64"), kept };
  });
}
