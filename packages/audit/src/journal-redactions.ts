/**
 * Redactions on their way into the log: the log says so first, then the payload is removed (W5).
 *
 * @module
 */
import { type Digest, LOG_CHAIN } from "@canonic/contracts";
import { putEvent } from "./journal-events.ts";
import type { OpenLog } from "./open-log.ts";
import { assertRedactable, type RedactionOrder } from "./redaction.ts";

/** See `Journal.redact`. */
export async function redactPayload(log: OpenLog, digest: Digest, order: RedactionOrder): Promise<void> {
  const { storage, queue, chains, redacted } = log;
  // What others append while the store is asked is asked for again: it may name the payload.
  let asked: number;
  do {
    asked = queue.size;
    await queue.durable();
    queue.assertWritable();
    await assertRedactable(storage, digest, redacted, order.run);
  } while (asked !== queue.size);
  queue.assertWritable();
  const { by, reason } = order;
  putEvent(log, chains.log, { type: "PAYLOAD_REDACTED", subject: LOG_CHAIN, data: { digest, by, reason } });
  redacted.add(digest);
  await queue.durable();
  try {
    await storage.removePayload(digest);
  } catch (cause) {
    throw queue.fail(cause);
  }
}
