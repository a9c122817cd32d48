/**
 * Proofs that one leaf stands in a log, and proofs of which one thing is wrong.
 *
 * @module
 */
import {
  Frontier,
  leafHash,
  nodeHash,
  printLogProof,
  printVerifierKey,
  proveInclusion,
  SIGNATURE_TYPE,
  signCheckpoint,
} from "@canonic/audit";
import { vectorSigner } from "./vector-keys.ts";

const ORIGIN = "vectors.example/log";
const log = vectorSigner(ORIGIN);
const key = printVerifierKey(log, SIGNATURE_TYPE.ed25519);
const bytesOf = (index: number) => `leaf ${index}\n`;
const nodes = (level: number, index: number): Uint8Array =>
  level === 0
    ? leafHash(Buffer.from(bytesOf(index)))
    : nodeHash(nodes(level - 1, 2 * index), nodes(level - 1, 2 * index + 1));

export interface ProofVector {
  readonly name: string;
  readonly key: string;
  /** The bytes of the leaf. */
  readonly leaf: string;
  readonly proof: string;
  /** Where the leaf stands and in how large a log; null when the proof is to be refused. */
  readonly proves: { readonly index: number; readonly size: number } | null;
}

async function proofOf(index: number, size: number, extra?: string): Promise<string> {
  const frontier = new Frontier();
  for (let at = 0; at < size; at += 1) frontier.append(nodes(0, at));
  const checkpoint = signCheckpoint({ origin: ORIGIN, size, root: frontier.root() }, log);
  const hashes = await proveInclusion(nodes, index, size);
  const rest = extra === undefined ? {} : { extra: Buffer.from(extra) };
  return Buffer.from(printLogProof({ index, hashes, checkpoint, ...rest })).toString();
}

export async function proofVectors(): Promise<readonly ProofVector[]> {
  const places = [
    [0, 1],
    [0, 2],
    [1, 2],
    [2, 3],
    [4, 11],
    [10, 11],
    [255, 256],
    [256, 257],
    [511, 600],
  ] as const;
  const accepted: ProofVector[] = [];
  for (const [index, size] of places)
    accepted.push({
      name: `leaf ${index} of ${size}`,
      key,
      leaf: bytesOf(index),
      proof: await proofOf(index, size),
      proves: { index, size },
    });
  const extra = await proofOf(4, 11, "anything");
  accepted.push({ name: "with extra bytes", key, leaf: bytesOf(4), proof: extra, proves: { index: 4, size: 11 } });
  const good = await proofOf(4, 11);
  const lines = good.split("\n");
  const hash = lines[2] as string;
  const refused: Readonly<Record<string, string>> = {
    "of another leaf": await proofOf(5, 11),
    "with another index": good.replace("index 4\n", "index 5\n"),
    "with a hash less": good.replace(`${hash}\n`, ""),
    "with a hash more": good.replace(`${hash}\n`, `${hash}\n${hash}\n`),
    "with hashes in another order": good.replace(`${hash}\n${lines[3]}\n`, `${lines[3]}\n${hash}\n`),
    "with a hash of another tree": good.replace(hash, Buffer.alloc(32).toString("base64")),
    "with a hash of 31 bytes": good.replace(hash, Buffer.alloc(31).toString("base64")),
    "with a hash without padding": good.replace(hash, hash.slice(0, -1)),
    "with another version": good.replace("@v1", "@v2"),
    "without a first line": good.replace("c2sp.org/tlog-proof@v1\n", ""),
    "without an index": good.replace("index 4\n", ""),
    "with an index that has a leading zero": good.replace("index 4\n", "index 04\n"),
    "with an index that has a sign": good.replace("index 4\n", "index +4\n"),
    "with extra bytes after the index": good.replace("index 4\n", "index 4\nextra YW55\n"),
    "with extra bytes twice": good.replace("index 4\n", "extra YW55\nextra YW55\nindex 4\n"),
    "without the empty line": good.replace("\n\n", "\n"),
    "without a checkpoint": `${good.split("\n\n")[0]}\n\n`,
    "under a checkpoint of another size": good.replace("\n11\n", "\n12\n"),
    "with carriage returns": good.replaceAll("\n", "\r\n"),
  };
  const wrong = Object.entries(refused).map(([name, proof]) => ({ name, key, leaf: bytesOf(4), proof, proves: null }));
  const other = printVerifierKey(vectorSigner("stranger.example/log"), SIGNATURE_TYPE.ed25519);
  return [
    ...accepted,
    ...wrong,
    { name: "of a log that is not known", key: other, leaf: bytesOf(4), proof: good, proves: null },
  ];
}
