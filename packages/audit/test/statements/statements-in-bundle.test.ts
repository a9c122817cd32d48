import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  canonicalBytes,
  canonicalJson,
  digestBytes,
  type JsonValue,
  type RunId,
  statementChainOf,
} from "@canonic/contracts";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { manifestNoteText } from "../../src/bundle-layout.ts";
import { readWhole } from "../../src/bundle-source.ts";
import {
  countUnstated,
  createKeyPair,
  createMemoryStorage,
  directorySource,
  enterMissing,
  exportBundle,
  fsck,
  type Journal,
  memorySource,
  signerFromPem,
  signNote,
  signStatements,
  trustFileOf,
  verifyBundle,
} from "../../src/index.ts";
import { preAuthEncoding } from "../../src/statements/dsse.ts";
import {
  type LoggedStatement,
  logIdOf,
  readSigstoreBundle,
  writeSigstoreBundle,
} from "../../src/statements/sigstore-bundle.ts";
import { newIdentity, ORIGIN, open, writeRun } from "../support.ts";
import { journalRun, wholeRun } from "../whole-run.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-statements-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const identity = newIdentity();
const attestor = signerFromPem(`${ORIGIN}/attestor`, createKeyPair().privateKeyPem);
const trust = trustFileOf(ORIGIN, [identity.signer], { attestors: [attestor] });
const PROVENANCE = "statements/00-provenance.sigstore.json";
const PATHS = [
  PROVENANCE,
  "statements/01-test-result-cardinality.sigstore.json",
  "statements/02-test-result-determinism.sigstore.json",
  "statements/03-test-result-routing.sigstore.json",
];

type Files = Map<string, Uint8Array>;

/** A log with a run between two others, and what was said about it when it was sealed. */
async function logOf(status: Parameters<typeof journalRun>[3] = "completed") {
  const storage = createMemoryStorage();
  const journal = await open(storage, identity);
  writeRun(journal, "before", 7);
  const run = journalRun(journal, wholeRun(), undefined, status);
  await journal.durable();
  return { storage, journal, run };
}

type Log = Awaited<ReturnType<typeof logOf>>;

async function draftsOf({ storage, run }: Pick<Log, "storage" | "run">, signer = attestor) {
  return signStatements({ storage, identity, run }, signer);
}

async function enter(log: Pick<Log, "storage" | "run"> & { readonly journal: Journal }): Promise<number> {
  return enterMissing(log.journal, log.run, await draftsOf(log));
}

let counter = 0;
async function exported({ storage, run }: Pick<Log, "storage" | "run">, keeper = identity): Promise<Files> {
  counter += 1;
  const directory = join(scratch, `bundle-${counter}`);
  await exportBundle({ storage, identity: keeper, run, directory });
  const source = directorySource(directory);
  const files: Files = new Map();
  for (const { path, sizeBytes } of await source.list()) files.set(path, await readWhole(source, path, sizeBytes));
  return files;
}

/** A bundle with statements, and a checkpoint of its log that is older than the bundle's. */
async function statedBundle() {
  const log = await logOf();
  await enter(log);
  const older = log.storage.checkpoint() as Uint8Array;
  writeRun(log.journal, "after", 5);
  await log.journal.durable();
  return { bundle: await exported(log), older };
}

function statementsIn(files: Files): string[] {
  return [...files.keys()].filter((path) => path.startsWith("statements/")).sort();
}

/** As the keeper of the log's key would: the manifest is made again over what was changed. */
function resigned(files: Files): Files {
  const manifest = JSON.parse(Buffer.from(files.get("manifest.json") ?? []).toString("utf8"));
  manifest.files = [...files]
    .filter(([path]) => !path.startsWith("manifest."))
    .map(([path, bytes]) => ({ path, digest: digestBytes(bytes), sizeBytes: bytes.length }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const bytes = canonicalBytes(manifest);
  const note = signNote(manifestNoteText(ORIGIN, digestBytes(bytes)), identity.signer);
  return new Map([...files, ["manifest.json", bytes], ["manifest.note", note]]);
}

async function codesOf(files: Files, trusting = trust): Promise<readonly string[]> {
  const { verdict, reasons } = await verifyBundle(memorySource(files), { trust: trusting });
  return [verdict, ...new Set(reasons.map(({ code }) => code))];
}

const { bundle, older } = await statedBundle();

test("exports all statements of a run, and the verifier makes each again (V1)", async () => {
  expect(statementsIn(bundle)).toEqual(PATHS);
  expect(await codesOf(bundle)).toEqual(["VALID"]);
});

test("enters the statements behind the seal, once, and the store is sound", async () => {
  const storage = createMemoryStorage();
  const journal = await open(storage, identity);
  const log = { storage, journal, run: journalRun(journal, wholeRun()) };
  await journal.durable();

  const entered = [await enter(log), await enter(log)];

  const chains = log.storage.leaves.map(({ run }) => run);
  expect(entered).toEqual([4, 0]);
  expect(chains.slice(-4)).toEqual(PATHS.map(() => statementChainOf(log.run)));
  expect((await fsck(log.storage)).findings).toEqual([]);
});

test("goes on where a crash left off, with the same bytes", async () => {
  const log = await logOf();
  const drafts = await draftsOf(log);
  await enterMissing(log.journal, log.run, drafts.slice(0, 2));
  const journal = await open(log.storage, identity);

  const entered = await enter({ ...log, journal });

  expect(entered).toBe(2);
  expect(await codesOf(await exported(log))).toEqual(["VALID"]);
  expect(statementsIn(await exported(log))).toEqual(PATHS);
});

test("says nothing of a run whose statements the log does not have, or not all (V1)", async () => {
  const log = await logOf();
  const without = await exported(log);
  await enterMissing(log.journal, log.run, (await draftsOf(log)).slice(0, 3));
  const some = await exported(log);

  expect(statementsIn(without)).toEqual([]);
  expect(statementsIn(some)).toEqual([]);
  expect(await codesOf(some)).toEqual(["VALID"]);
});

test("signs nothing about a run that is not sealed, and leaves its log as it is", async () => {
  const log = await logOf(null);
  const checkpoint = log.storage.checkpoint();

  await expect(draftsOf(log)).rejects.toMatchObject({ code: "audit.run-not-sealed" });
  expect(log.storage.checkpoint()).toEqual(checkpoint);
});

test("counts what the log does not have yet", async () => {
  const log = await logOf();
  const about = { storage: log.storage, identity, run: log.run };
  const before = await countUnstated(about);
  await enterMissing(log.journal, log.run, (await draftsOf(log)).slice(0, 3));
  const between = await countUnstated(about);
  await enter(log);

  expect([before, between, await countUnstated(about)]).toEqual([4, 1, 0]);
});

test("says of a run that failed what it was, by its seal alone", async () => {
  const log = await logOf("failed");
  await enter(log);

  expect(statementsIn(await exported(log)).length).toBe(4);
});

test("leaves open what a trust file without attestors says nothing of, and refuses a signer whom it does not have (V4)", async () => {
  const other = signerFromPem("other", createKeyPair().privateKeyPem);

  expect(await codesOf(bundle, trustFileOf(ORIGIN, [identity.signer]))).toEqual([
    "INDETERMINATE",
    "statement-untrusted",
  ]);
  expect(await codesOf(bundle, trustFileOf(ORIGIN, [identity.signer], { attestors: [other] }))).toEqual([
    "INVALID",
    "statement-signer",
  ]);
});

test("does not ask in which order statements were entered: what was left out once comes later (V3)", async () => {
  const log = await logOf();
  await enterMissing(log.journal, log.run, [...(await draftsOf(log))].reverse());
  const files = await exported(log);

  expect(statementsIn(files)).toEqual(PATHS);
  expect(await codesOf(files)).toEqual(["VALID"]);
});

test("proves statements of before a rotation under the key that came after it", async () => {
  const log = await logOf();
  await enter(log);
  const next = signerFromPem(ORIGIN, createKeyPair().privateKeyPem);
  await log.journal.rotateKey(next);
  const files = await exported(log, { origin: ORIGIN, signer: next });

  expect(read(files, PROVENANCE).logId).toEqual(Buffer.from(logIdOf(next)));
  expect(await codesOf(files)).toEqual(["VALID"]);
});

test("takes the first of two keys that signed the same, when both are trusted", async () => {
  const log = await logOf();
  const second = signerFromPem("second", createKeyPair().privateKeyPem);
  await enter(log);
  await enterMissing(log.journal, log.run, await draftsOf(log, second));
  const files = await exported(log);

  expect(readSigstoreBundle(files.get(PROVENANCE) ?? Buffer.alloc(0))?.publicKey).toEqual(
    Buffer.from(attestor.publicKey),
  );
  expect(await codesOf(files)).toEqual(["VALID"]);
});

function bytesOf(files: Files, path = ""): Uint8Array {
  const bytes = files.get(path);
  if (bytes === undefined) throw new Error(`the bundle has no ${path}`);
  return bytes;
}

function read(files: Files, path = ""): LoggedStatement {
  const logged = readSigstoreBundle(bytesOf(files, path));
  if (logged === undefined) throw new Error(`${path} is no bundle of ours`);
  return logged;
}

/** Changes what the provenance's bundle says and prints it again, so that its form is right. */
function bend(files: Files, change: (logged: LoggedStatement) => Partial<LoggedStatement>): void {
  const logged = read(files, PROVENANCE);
  files.set(PROVENANCE, writeSigstoreBundle({ ...logged, ...change(logged) }));
}

function signedAs(payload: Uint8Array): Pick<LoggedStatement, "payload" | "signature"> {
  return { payload, signature: attestor.sign(preAuthEncoding(payload)) };
}

test("refuses every byte of a statement that is another, although the manifest is signed again", async () => {
  const statement = bytesOf(bundle, PROVENANCE);
  const place = fc.record({ at: fc.nat(statement.length - 1), bit: fc.nat(7) });

  await fc.assert(
    fc.asyncProperty(place, async ({ at, bit }) => {
      const flipped = Uint8Array.from(statement);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      const [verdict] = await codesOf(resigned(new Map([...bundle, [PROVENANCE, flipped]])));
      expect(verdict).toBe("INVALID");
    }),
    { numRuns: 100 },
  );
});

describe("refuses, although the manifest is signed again,", () => {
  const mutations: Readonly<Record<string, { readonly bend: (files: Files) => void; readonly code: string }>> = {
    "a statement that is left out": { bend: (files) => files.delete(PATHS[2] as string), code: "statement-missing" },
    "a statement that nothing gives": {
      bend: (files) => files.set("statements/04-vsa-cert-01.sigstore.json", bytesOf(files, PROVENANCE)),
      code: "statement-unexpected",
    },
    "two statements in each other's place": {
      bend: (files) => {
        const [first, second] = [bytesOf(files, PATHS[1]), bytesOf(files, PATHS[2])];
        files.set(PATHS[1] as string, second).set(PATHS[2] as string, first);
      },
      code: "statement-wrong",
    },
    "a payload that says more, signed again": {
      bend: (files) => bend(files, (one) => signedAs(Buffer.from(`${one.payload} `))),
      code: "statement-wrong",
    },
    "a payload that is not canonical": {
      bend: (files) =>
        bend(files, (one) => signedAs(Buffer.from(JSON.stringify(JSON.parse(`${one.payload}`), null, 1)))),
      code: "statement-wrong",
    },
    "a signature that is another statement's": {
      bend: (files) => {
        const { signature } = read(files, PATHS[1]);
        bend(files, () => ({ signature }));
      },
      code: "statement-signature",
    },
    "a signature of the payload alone": {
      bend: (files) => bend(files, ({ payload }) => ({ signature: attestor.sign(payload) })),
      code: "statement-signature",
    },
    "a signer who is the log itself": {
      bend: (files) =>
        bend(files, ({ payload }) => ({
          signature: identity.signer.sign(preAuthEncoding(payload)),
          publicKey: identity.signer.publicKey,
        })),
      code: "statement-signer",
    },
    "the place of another statement": {
      bend: (files) => {
        const { index, hashes } = read(files, PATHS[1]);
        bend(files, () => ({ index, hashes }));
      },
      code: "statement-inclusion",
    },
    "a place before the seal": { bend: (files) => bend(files, () => ({ index: 0 })), code: "statement-order" },
    "a hash of the path that is flipped": {
      bend: (files) => bend(files, ({ hashes }) => ({ hashes: [Buffer.alloc(32), ...hashes.slice(1)] })),
      code: "statement-inclusion",
    },
    "a path that is too long": {
      bend: (files) => bend(files, ({ hashes }) => ({ hashes: [...hashes, Buffer.alloc(32)] })),
      code: "statement-inclusion",
    },
    "a path that is too short": {
      bend: (files) => bend(files, ({ hashes }) => ({ hashes: hashes.slice(1) })),
      code: "statement-inclusion",
    },
    "another log's id": {
      bend: (files) => bend(files, () => ({ logId: Buffer.alloc(32) })),
      code: "statement-checkpoint",
    },
    "an older checkpoint of the same log": {
      bend: (files) => bend(files, () => ({ note: older })),
      code: "statement-checkpoint",
    },
    "a file that is no bundle": {
      bend: (files) => files.set(PROVENANCE, Buffer.from("{}")),
      code: "statement-malformed",
    },
    "a bundle with a space": {
      bend: (files) => files.set(PROVENANCE, Buffer.from(` ${bytesOf(files, PROVENANCE)}`)),
      code: "statement-malformed",
    },
    "a bundle with a further field": {
      bend: (files) => {
        const value = JSON.parse(`${bytesOf(files, PROVENANCE)}`) as JsonValue as object;
        files.set(PROVENANCE, Buffer.from(canonicalJson({ ...value, extra: 1 } as JsonValue)));
      },
      code: "statement-malformed",
    },
  };

  test.each(Object.entries(mutations))("%s", async (_, { bend: change, code }) => {
    const files = new Map(bundle);
    change(files);

    const [verdict, ...codes] = await codesOf(resigned(files));

    expect(verdict).toBe("INVALID");
    expect(codes).toContain(code);
  });

  test("statements about a run that is not sealed", async () => {
    const files = await exported(await logOf(null));
    files.set(PROVENANCE, bytesOf(bundle, PROVENANCE));

    expect(await codesOf(resigned(files))).toContain("statement-unexpected");
  });

  test("statements of another run of the same plan", async () => {
    const log = await logOf();
    await enter(log);
    const second: RunId = journalRun(log.journal, wholeRun());
    await log.journal.durable();
    await enter({ ...log, run: second });
    const [one, other] = [await exported(log), await exported({ ...log, run: second })];
    for (const path of PATHS) one.set(path, bytesOf(other, path));

    expect(await codesOf(resigned(one))).toContain("statement-wrong");
  });
});
