/**
 * Rotations of the log's key on their way into the log.
 *
 * @module
 */
import { LOG_CHAIN } from "@canonic/contracts";
import { AuditError } from "./errors.ts";
import { putEvent } from "./journal-events.ts";
import { rotationOf } from "./key-rotation.ts";
import type { NoteSigner } from "./keys.ts";
import type { OpenLog } from "./open-log.ts";

/** See `Journal.rotateKey`. */
export async function rotateKey(log: OpenLog, next: NoteSigner): Promise<{ readonly index: number }> {
  const { queue, chains, keys } = log;
  await queue.durable();
  queue.assertWritable();
  const { identity } = queue;
  if (identity === null) throw keyInvalid("the signer of a log that is kept without one");
  if (next.name !== identity.origin) throw keyInvalid(`named \`${identity.origin}\``);
  const index = queue.size;
  const data = rotationOf(identity.origin, identity.signer, next);
  const fault = keys.add(index, data);
  if (fault !== null) throw keyInvalid(`a new one: ${fault}`);
  // Whatever is signed from here on covers the rotation: its group is signed as a whole, after its last leaf. That can
  // happen before `putEvent` comes back, when the rotation fills the group.
  queue.identity = { origin: identity.origin, signer: next };
  putEvent(log, chains.log, { type: "KEY_ROTATED", subject: LOG_CHAIN, data });
  await queue.durable();
  return { index };
}

function keyInvalid(fault: string): AuditError<"audit.key-invalid"> {
  return new AuditError("audit.key-invalid", `the next key of the log is not ${fault}`, { fault });
}
