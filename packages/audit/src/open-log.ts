/**
 * An open log: what the parts of a journal share.
 *
 * @module
 */
import type { Digest } from "@canonic/contracts";
import type { GroupQueue } from "./group-queue.ts";
import type { Clock } from "./journal.ts";
import type { KeyTimeline } from "./key-rotation.ts";
import type { OpenChains } from "./open-chains.ts";
import type { LogStorage } from "./storage.ts";

export interface OpenLog {
  readonly storage: LogStorage;
  readonly clock: Clock;
  readonly queue: GroupQueue;
  readonly chains: OpenChains;
  readonly keys: KeyTimeline;
  /** Payloads that the log says are removed. */
  readonly redacted: Set<Digest>;
}
