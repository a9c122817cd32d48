/** Archives of a log that lived: interleaved runs, two keys after the first, erased payloads, a run that nobody sealed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Digest, digestBytes } from "@canonic/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { archiveNoteText } from "../src/bundle-layout.ts";
import { readWhole } from "../src/bundle-source.ts";
import {
  createKeyPair,
  createMemoryStorage,
  directorySource,
  exportArchive,
  type LogIdentity,
  type MemoryStorage,
  memorySource,
  signerFromPem,
  signNote,
  trustFileOf,
  verifyEvidence,
} from "../src/index.ts";
import type { Files } from "./bundle-files.ts";
import { ORIGIN, open } from "./support.ts";
import { journalRun, payloadOfJson, wholeRun } from "./whole-run.ts";

const newSigner = () => signerFromPem(ORIGIN, createKeyPair().privateKeyPem);
const keptBy = (signer: LogIdentity["signer"]): LogIdentity => ({ origin: ORIGIN, signer });
const [first, second, third] = [newSigner(), newSigner(), newSigner()];
const order = { by: "ada", reason: "asked to forget" };
let storage: MemoryStorage;
let scratch: string;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "canonic-changed-"));
  storage = createMemoryStorage();
  const journal = await open(storage, keptBy(first));
  const letter = payloadOfJson("a letter");
  const whole = wholeRun(4, [letter]);
  journalRun(journal, whole);
  await journal.rotateKey(second);
  // Behind each other in one group, and the third run of all is never sealed.
  journalRun(journal, wholeRun(3));
  journalRun(journal, wholeRun(2), undefined, null);
  journalRun(journal, wholeRun(5));
  await journal.durable();
  for (const digest of [letter.digest, digestBytes(whole.outputs[3] as string)])
    await journal.redact(digest as Digest, order);
  await journal.rotateKey(third);
  // Of three tasks: what was erased is not taken again.
  journalRun(journal, wholeRun(3));
  await journal.close();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function archive(from: number, to: number, name: string): Promise<string> {
  const directory = join(scratch, name);
  await exportArchive({ storage, identity: keptBy(third), directory, from, to });
  return directory;
}

async function filesOf(directory: string): Promise<Files> {
  const source = directorySource(directory);
  const files: Files = new Map();
  for (const { path, sizeBytes } of await source.list()) files.set(path, await readWhole(source, path, sizeBytes));
  return files;
}

const judgedBy = async (of: Parameters<typeof verifyEvidence>[0], key: typeof first) => {
  const { verdict, reasons } = await verifyEvidence(of, { trust: trustFileOf(ORIGIN, [key]) });
  return [verdict, ...new Set(reasons.map(({ code }) => code))];
};

describe("an archive of a log that changed its key and erased payloads", () => {
  test("is open for what was erased and not sealed, and nothing of it is false, whichever key is trusted", async () => {
    const [folder, tar] = [await archive(1, 5, "all"), await archive(1, 5, "all.tar")];

    for (const key of [first, second, third])
      for (const of of [folder, tar])
        expect(await judgedBy(of, key)).toEqual(["INDETERMINATE", "redacted", "run-unsealed"]);
  });

  test("is VALID over the runs that have everything", async () => {
    const tar = await archive(5, 5, "last.tar");

    for (const key of [first, second, third]) expect(await judgedBy(tar, key)).toEqual(["VALID"]);
  });

  test("is INVALID when who still has an old key signs it", async () => {
    const files = await filesOf(await archive(4, 5, "two"));
    const manifest = files.get("manifest.json") as Uint8Array;
    for (const old of [first, second]) {
      const note = signNote(archiveNoteText(ORIGIN, digestBytes(manifest)), old);
      const forged = memorySource(new Map([...files, ["manifest.note", note]]));

      for (const key of [first, second, third])
        expect(await judgedBy(forged, key)).toEqual(["INVALID", "manifest-signature", "redacted"]);
    }
  });
});
