/**
 * The statements of a whole analysis, judged by @sigstore/verify with a trusted root that `canonic keys trusted-root` wrote.
 */
import { createHash, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cosign, createKeyPair, signerFromPem, withCosignatures } from "@canonic/audit";
import { openSqliteStore } from "@canonic/store-sqlite";
import { bundleFromJSON, type SerializedBundle } from "@sigstore/bundle";
import { PublicKeyDetails, TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, VerificationError, Verifier } from "@sigstore/verify";
import { beforeAll, describe, expect, test } from "vitest";
import type { Analysis } from "../../main-job/analysis.ts";
import { canonicJson, temporaryFolder } from "../../main-job/command-line.ts";
import { sharedAnalysis } from "../../main-job/shared-analysis.ts";

/** The parts of a bundle that are looked at and bent here. */
type Statement = {
  dsseEnvelope: { payload: string; payloadType: string; signatures: { keyid: string; sig: string }[] };
  verificationMaterial: { publicKey: { hint: string }; tlogEntries: Entry[] };
};
type Entry = {
  canonicalizedBody: string;
  logId: { keyId: string };
  logIndex: string;
  inclusionProof: {
    checkpoint: { envelope: string };
    hashes: string[];
    logIndex: string;
    rootHash: string;
    treeSize: string;
  };
};

type Material = { readonly root: object; readonly pem: string };

const folder = temporaryFolder();
let analysis: Analysis;
let statements: ReadonlyMap<string, Statement>;
let ours: Material;

beforeAll(async () => {
  analysis = await sharedAnalysis(folder);
  const kept = join(analysis.out, "bundle", "statements");
  statements = new Map(readdirSync(kept).map((name) => [name, JSON.parse(readFileSync(join(kept, name), "utf8"))]));
  ours = await materialOf(analysis.trust, join(folder, "sigstore"));
});

async function materialOf(trust: string, out: string): Promise<Material> {
  const written = await canonicJson<{ trustedRoot: string; attestors: { file: string }[] }>([
    ...["keys", "trusted-root", "--trust", trust, "--out", out],
  ]);
  const [attestor] = written.attestors;
  const root = JSON.parse(readFileSync(written.trustedRoot, "utf8")) as object;
  return { root, pem: readFileSync(attestor?.file ?? "", "utf8") };
}

/** `accepted`, or the code of what the verifier says. */
function judged(statement: Statement, { root, pem }: Material = ours): string {
  const rawBytes = createPublicKey(pem).export({ type: "spki", format: "der" });
  const hint = createHash("sha256").update(rawBytes).digest("base64");
  const key = { rawBytes, keyDetails: PublicKeyDetails.PKIX_ED25519 };
  const material = toTrustMaterial(TrustedRoot.fromJSON(root), { [hint]: key });
  const verifier = new Verifier(material, { tlogThreshold: 1, ctlogThreshold: 0, timestampThreshold: 0 });
  try {
    verifier.verify(toSignedEntity(bundleFromJSON(statement as unknown as SerializedBundle)));
    return "accepted";
  } catch (error) {
    if (error instanceof VerificationError) return error.code;
    throw error;
  }
}

function statementOf(name: string): Statement {
  const statement = statements.get(name);
  if (statement === undefined) throw new Error(`no statement ${name}`);
  return structuredClone(statement);
}

const PROVENANCE = "00-provenance.sigstore.json";
const OTHER = "01-test-result-cardinality.sigstore.json";
const entryOf = ({ verificationMaterial }: Statement): Entry => verificationMaterial.tlogEntries[0] as Entry;

test("accepts every statement of ours", () => {
  const kinds = [...statements.keys()].map((name) => name.replace(/^\d\d-(provenance|test-result|vsa).*/, "$1"));

  expect(kinds.filter((kind) => kind === "provenance").length).toBe(1);
  expect(kinds.filter((kind) => kind === "test-result").length).toBe(5);
  expect(kinds.filter((kind) => kind === "vsa").length).toBeGreaterThan(5);
  expect([...statements.values()].map((statement) => judged(statement))).toEqual(kinds.map(() => "accepted"));
});

describe("rejects", () => {
  const corruptions: Readonly<
    Record<string, { readonly bend: (statement: Statement) => void; readonly code: string }>
  > = {
    "a payload of which a bit is flipped": {
      bend: ({ dsseEnvelope }) => {
        dsseEnvelope.payload = flipped(dsseEnvelope.payload);
      },
      code: "TLOG_BODY_ERROR",
    },
    "another type of payload": {
      bend: ({ dsseEnvelope }) => {
        dsseEnvelope.payloadType = "text/plain";
      },
      code: "TLOG_BODY_ERROR",
    },
    "the signature of another key": {
      bend: ({ dsseEnvelope }) => {
        const payload = Buffer.from(dsseEnvelope.payload, "base64");
        const head = `DSSEv1 28 ${dsseEnvelope.payloadType} ${payload.length} `;
        const { privateKey } = generateKeyPairSync("ed25519");
        const sig = sign(null, Buffer.concat([Buffer.from(head), payload]), privateKey).toString("base64");
        dsseEnvelope.signatures = [{ keyid: "", sig }];
      },
      code: "TLOG_BODY_ERROR",
    },
    "a key that nobody trusts": {
      bend: ({ verificationMaterial }) => {
        verificationMaterial.publicKey.hint = Buffer.alloc(32).toString("base64");
      },
      code: "PUBLIC_KEY_ERROR",
    },
    "the entry of another statement": {
      bend: ({ verificationMaterial }) => {
        verificationMaterial.tlogEntries = statementOf(OTHER).verificationMaterial.tlogEntries;
      },
      code: "TLOG_BODY_ERROR",
    },
    "the place of another statement": {
      bend: (statement) => {
        entryOf(statement).inclusionProof = entryOf(statementOf(OTHER)).inclusionProof;
      },
      code: "TLOG_INCLUSION_PROOF_ERROR",
    },
    "an entry that the log does not hold": {
      bend: (statement) => {
        const entry = entryOf(statement);
        const body = Buffer.from(entry.canonicalizedBody, "base64").toString("utf8");
        entry.canonicalizedBody = Buffer.from(`${body} `).toString("base64");
      },
      code: "TLOG_INCLUSION_PROOF_ERROR",
    },
    "no entry at all": {
      bend: ({ verificationMaterial }) => {
        verificationMaterial.tlogEntries = [];
      },
      code: "TLOG_ERROR",
    },
    "a hash of the path of which a bit is flipped": {
      bend: (statement) => {
        const { inclusionProof } = entryOf(statement);
        inclusionProof.hashes[0] = flipped(inclusionProof.hashes[0] ?? "");
      },
      code: "TLOG_INCLUSION_PROOF_ERROR",
    },
    "a path that is too short": {
      bend: (statement) => {
        entryOf(statement).inclusionProof.hashes.pop();
      },
      code: "TLOG_INCLUSION_PROOF_ERROR",
    },
    "another index": {
      bend: (statement) => {
        entryOf(statement).inclusionProof.logIndex = "0";
      },
      code: "TLOG_INCLUSION_PROOF_ERROR",
    },
    "a checkpoint of another size": {
      bend: (statement) => {
        const { checkpoint } = entryOf(statement).inclusionProof;
        checkpoint.envelope = checkpoint.envelope.replace(/\n\d+\n/, "\n2000\n");
      },
      code: "TLOG_INCLUSION_PROOF_ERROR",
    },
    "a checkpoint of another root": {
      bend: (statement) => {
        const { checkpoint } = entryOf(statement).inclusionProof;
        const [origin = "", size = "", root = "", ...rest] = checkpoint.envelope.split("\n");
        checkpoint.envelope = [origin, size, flipped(root), ...rest].join("\n");
      },
      code: "TLOG_INCLUSION_PROOF_ERROR",
    },
    "a checkpoint without a signature": {
      bend: (statement) => {
        const { checkpoint } = entryOf(statement).inclusionProof;
        checkpoint.envelope = checkpoint.envelope.slice(0, checkpoint.envelope.indexOf("\n\n") + 2);
      },
      code: "TLOG_INCLUSION_PROOF_ERROR",
    },
    "another log's id": {
      bend: (statement) => {
        entryOf(statement).logId.keyId = Buffer.alloc(32).toString("base64");
      },
      code: "TLOG_INCLUSION_PROOF_ERROR",
    },
  };

  test.each(Object.entries(corruptions))("%s", (_, { bend, code }) => {
    const statement = statementOf(PROVENANCE);
    bend(statement);

    expect(judged(statement)).toBe(code);
  });

  test("statements of our log for who trusts another store's log, or its attestor", async () => {
    const store = join(folder, "other");
    await canonicJson(["keys", "init", "--store", store]);
    const theirs = await materialOf(join(store, "trust.json"), join(folder, "theirs"));
    const statement = statementOf(PROVENANCE);

    expect(judged(statement, { root: theirs.root, pem: ours.pem })).toBe("TLOG_INCLUSION_PROOF_ERROR");
    expect(judged(statement, { root: ours.root, pem: theirs.pem })).toBe("PUBLIC_KEY_ERROR");
  });
});

test("accepts statements under a checkpoint that a witness has cosigned", async () => {
  const witness = signerFromPem("witness.example/one", createKeyPair().privateKeyPem);
  const storage = openSqliteStore({ directory: analysis.store });
  const note = storage.checkpoint() ?? Buffer.alloc(0);
  const text = Buffer.from(note).toString("utf8").split("\n\n")[0] ?? "";
  const cosigned = withCosignatures(note, cosign(`${text}\n`, 1_700_000_000, witness), [witness]);
  const isSwapped = storage.swapCheckpoint(note, cosigned);
  storage.close();
  await canonicJson(["export", analysis.report.run, "--out", join(folder, "cosigned"), "--store", analysis.store]);
  const kept = join(folder, "cosigned", "statements");
  const all = readdirSync(kept).map((name) => JSON.parse(readFileSync(join(kept, name), "utf8")) as Statement);

  expect(isSwapped).toBe(true);
  expect(all.map((one) => entryOf(one).inclusionProof.checkpoint.envelope.includes(witness.name))).toEqual(
    [...statements].map(() => true),
  );
  expect(all.map((one) => judged(one))).toEqual(all.map(() => "accepted"));
});

test("accepts statements of before a rotation, from a bundle exported after it, for who trusts the key in force", async () => {
  const store = ["--store", analysis.store];
  await canonicJson(["keys", "rotate", ...store]);
  await canonicJson(["export", analysis.report.run, "--out", join(folder, "later"), ...store]);
  await canonicJson(["keys", "trust", "--out", join(folder, "later.json"), ...store]);
  const theirs = await materialOf(join(folder, "later.json"), join(folder, "later-sigstore"));
  const kept = join(folder, "later", "statements");
  const later = readdirSync(kept).map((name) => JSON.parse(readFileSync(join(kept, name), "utf8")) as Statement);

  expect(later.length).toBe(statements.size);
  expect(later.map((statement) => judged(statement, theirs))).toEqual(later.map(() => "accepted"));
  expect(later.map((statement) => judged(statement))).toEqual(later.map(() => "TLOG_INCLUSION_PROOF_ERROR"));
});

/** Base64 with the lowest bit of its first byte flipped. */
function flipped(base64: string): string {
  const bytes = Buffer.from(base64, "base64");
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes.toString("base64");
}
