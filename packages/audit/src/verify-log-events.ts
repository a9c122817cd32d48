/**
 * What the log's own chain says of a run: that the rotations and redactions that travel with it stand in the log, and that
 * the bundle was signed by the key that was in force for its checkpoint.
 *
 * Invariants:
 *   V1. A payload counts as redacted only when its leaf is proved under the checkpoint.
 *   V2. The rotations by which the manifest's key was known are those of the authenticated files.
 *   V3. A key has one role: the log is not handed over to a key that the trust file knows as an issuer's, approver's,
 *       attestor's or witness's.
 *
 * @module
 */
import type { TrustFile } from "@canonic/contracts";
import { LOG_EVENTS, LOG_PROOF, MANIFEST_NOTE } from "./bundle-layout.ts";
import { KeyTimeline } from "./key-rotation.ts";
import { areInLog } from "./proved-leaves.ts";
import { sameBytes } from "./tree-hash.ts";
import type { VerifyOpening } from "./verify-context.ts";

export async function verifyLogEvents(opening: VerifyOpening): Promise<void> {
  const { files, findings, keys, manifest, checkpoint, options, redacted } = opening;
  checkManifestKey(opening);
  if (!files.has(LOG_EVENTS) && !files.has(LOG_PROOF)) return;
  if ((await files.bytes(LOG_EVENTS)) === undefined || (await files.bytes(LOG_PROOF)) === undefined) return;
  const { read } = keys;
  if (read === undefined || [LOG_EVENTS, LOG_PROOF].some((path) => files.digestOf(path) !== read.digests.get(path))) {
    findings.invalid("log-events-malformed", LOG_EVENTS, "these are not leaves of the log's chain with their proof");
    return;
  }
  const timeline = new KeyTimeline(manifest.origin);
  const people = keysOfPeople(options.trust);
  for (const { event, index } of read.lines) {
    const isOther = event.type === "KEY_ROTATED" && (people.has(event.data.previous) || people.has(event.data.next));
    const fault = isOther ? "a rotation with a key that has another role" : timeline.follow(index, event);
    if (fault !== null) findings.invalid("rotation-invalid", LOG_EVENTS, `leaf ${index} of the log is ${fault}`);
  }
  if (checkpoint === undefined) return;
  if (!areInLog(read, checkpoint.value)) {
    findings.invalid("log-proof-wrong", LOG_PROOF, "the events do not stand in the log that the checkpoint is of");
    return;
  }
  for (const { event } of read.lines) if (event.type === "PAYLOAD_REDACTED") redacted.add(event.data.digest);
}

/** As the trust file and rotations spell them (V3). */
function keysOfPeople({ issuers, approvers, attestors, witnesses }: TrustFile): ReadonlySet<string> {
  return new Set([issuers, approvers, attestors, witnesses].flatMap((keys) => keys ?? []).map((key) => key.publicKey));
}

/** Whoever still has a key that was handed over signs no bundle under a checkpoint of the next one. */
function checkManifestKey({ signers, keys, checkpoint, findings }: VerifyOpening): void {
  if (checkpoint === undefined) return;
  const inForce = keys.at(checkpoint.value.size);
  const isInForce = signers.some(({ publicKey }) => inForce.some((key) => sameBytes(key.publicKey, publicKey)));
  if (!isInForce)
    findings.invalid(
      "manifest-signature",
      MANIFEST_NOTE,
      "the manifest is signed by a key that was handed over before",
    );
}
