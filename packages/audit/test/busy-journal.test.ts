/** A journal that is asked for a rotation or a redaction while others append: neither waits for the other's turn. */
import { digestBytes } from "@canonic/contracts";
import { expect, test } from "vitest";
import { GROUP_EVENTS_MAX } from "../src/group-queue.ts";
import { createKeyPair, createMemoryStorage, type LogIdentity, openCheckpoint, signerFromPem } from "../src/index.ts";
import { completed, newIdentity, ORIGIN, open, payloadOf, writeRun } from "./support.ts";

test("a rotation that fills a group is signed by the next key (W6)", async () => {
  const storage = createMemoryStorage();
  const identity = newIdentity();
  const next = signerFromPem(ORIGIN, createKeyPair().privateKeyPem);
  const journal = await open(storage, identity);
  const { run } = writeRun(journal, "plan", 1, false);
  await journal.durable();

  const rotation = journal.rotateKey(next);
  for (let at = 0; at < GROUP_EVENTS_MAX - 1; at += 1) journal.append(run, completed(digestBytes(`output ${at}`), at));
  const { index } = await rotation;

  expect(openCheckpoint((await storage.checkpoint()) as Uint8Array, [next]).size).toBe(index + 1);
  await journal.close();
  const kept: LogIdentity = { origin: ORIGIN, signer: next };
  const again = await open(storage, kept);
  expect(again.repaired).toBeNull();
  await again.close();
});

test("a payload that a run takes while its removal is asked for stays (D2)", async () => {
  const storage = createMemoryStorage();
  const journal = await open(storage, newIdentity());
  writeRun(journal, "sealed", 3);
  await journal.durable();
  const payload = payloadOf("sealed 1");
  expect(await storage.payload(payload.digest)).toBeDefined();

  const redaction = journal.redact(payload.digest, { by: "ada", reason: "asked to forget" });
  const { run } = writeRun(journal, "going on", 1, false);
  journal.append(run, completed(payload.digest, 1), [payload]);

  await expect(redaction).rejects.toThrow(expect.objectContaining({ code: "audit.redaction-refused" }));
  expect(digestBytes((await journal.payload(payload.digest)) as Uint8Array)).toBe(payload.digest);
  await journal.close();
});
