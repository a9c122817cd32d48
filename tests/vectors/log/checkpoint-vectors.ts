/**
 * Checkpoints that open, and checkpoints of which one thing is wrong.
 *
 * @module
 */
import { cosign, keyIdOf, printVerifierKey, SIGNATURE_TYPE, signCheckpoint, signNote } from "@canonic/audit";
import { vectorSigner } from "./vector-keys.ts";

const ORIGIN = "vectors.example/log";
const log = vectorSigner(ORIGIN);
const stranger = vectorSigner("stranger.example/log");
const [one, two] = [vectorSigner("witness.example/one"), vectorSigner("witness.example/two")];
const root = Buffer.alloc(32, 0x5a);
const checkpoint = { origin: ORIGIN, size: 20_852_163, root };
const good = Buffer.from(signCheckpoint(checkpoint, log)).toString();
const body = `${good.split("\n\n")[0]}\n`;
const logKey = printVerifierKey(log, SIGNATURE_TYPE.ed25519);
const [oneKey, twoKey] = [one, two].map((key) => printVerifierKey(key, SIGNATURE_TYPE.cosignature)) as [string, string];
const [byOne, byTwo] = [cosign(body, 1_679_315_147, one), cosign(body, 1_679_315_148, two)];
const signed = (text: string) => Buffer.from(signNote(text, log)).toString();
const base64 = root.toString("base64");
const ofSize = (size: string) => signed(`${ORIGIN}\n${size}\n${base64}\n`);
const withRoot = (text: string) => signed(`${ORIGIN}\n1\n${text}\n`);

export interface CheckpointVector {
  readonly name: string;
  /** The keys that are known; each must have signed. */
  readonly keys: readonly string[];
  readonly note: string;
  /** What the note says; null when it is to be refused. */
  readonly opens: {
    readonly origin: string;
    readonly size: number;
    readonly root: string;
    readonly times: readonly number[];
  } | null;
}

const opened = (size: number, rootText: string, times: readonly number[] = []) => ({
  origin: ORIGIN,
  size,
  root: rootText,
  times,
});
const known = (...keys: readonly string[]) => keys;

/** Signature line with any bytes for a signature. */
function line(name: string, id: Uint8Array, signature: Uint8Array): string {
  return `— ${name} ${Buffer.concat([id, signature]).toString("base64")}\n`;
}

/** The same bytes, with one bit flipped in the base64 of the last line. */
function flippedLast(note: string): string {
  const at = note.length - 10;
  const other = note[at] === "A" ? "B" : "A";
  return `${note.slice(0, at)}${other}${note.slice(at + 1)}`;
}

const accepted: readonly CheckpointVector[] = [
  { name: "signed by its log", keys: known(logKey), note: good, opens: opened(checkpoint.size, base64) },
  {
    name: "of an empty log",
    keys: known(logKey),
    note: signed(`${ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n`),
    opens: opened(0, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
  },
  {
    name: "of 2^53 - 1 leaves",
    keys: known(logKey),
    note: ofSize("9007199254740991"),
    opens: opened(9_007_199_254_740_991, base64),
  },
  {
    name: "cosigned by one witness",
    keys: known(logKey, oneKey),
    note: good + byOne,
    opens: opened(checkpoint.size, base64, [1_679_315_147]),
  },
  {
    name: "cosigned by two witnesses",
    keys: known(logKey, oneKey, twoKey),
    note: good + byOne + byTwo,
    opens: opened(checkpoint.size, base64, [1_679_315_147, 1_679_315_148]),
  },
  {
    name: "cosigned by a witness that is not known",
    keys: known(logKey),
    note: good + byOne,
    opens: opened(checkpoint.size, base64),
  },
  {
    name: "with a signature of an unknown kind and length",
    keys: known(logKey),
    note: good + line("unknown.example/key", Buffer.of(1, 2, 3, 4), Buffer.alloc(2420, 7)),
    opens: opened(checkpoint.size, base64),
  },
  {
    name: "with a stranger's signature before the log's",
    keys: known(logKey),
    note: `${body}\n${Buffer.from(signCheckpoint(checkpoint, stranger)).toString().split("\n\n")[1]}${good.split("\n\n")[1]}`,
    opens: opened(checkpoint.size, base64),
  },
];

const refused: Readonly<Record<string, readonly [readonly string[], string]>> = {
  "of another key": [known(printVerifierKey(stranger, SIGNATURE_TYPE.ed25519)), good],
  "of the log's name and another key": [
    known(printVerifierKey({ ...stranger, name: ORIGIN }, SIGNATURE_TYPE.ed25519)),
    good,
  ],
  "with a flipped bit in the signature": [known(logKey), flippedLast(good)],
  "with a flipped bit in a known cosignature": [known(logKey, oneKey), flippedLast(good + byOne)],
  "with another size than was signed": [known(logKey), good.replace("\n20852163\n", "\n20852164\n")],
  "with another root than was signed": [known(logKey), good.replace(base64, Buffer.alloc(32, 0x5b).toString("base64"))],
  "with another origin than was signed": [known(logKey), good.replace(`${ORIGIN}\n`, "vectors.example/gol\n")],
  "without signatures": [known(logKey), `${body}\n`],
  "without the empty line": [known(logKey), good.replace("\n\n", "\n")],
  "with a hyphen for the dash": [known(logKey), good.replace("—", "-")],
  "with carriage returns": [known(logKey), good.replaceAll("\n", "\r\n")],
  "without its last line feed": [known(logKey), good.slice(0, -1)],
  "with a second line feed at its end": [known(logKey), `${good}\n`],
  "with a signature of four bytes": [
    known(logKey),
    good + line("unknown.example/key", Buffer.of(1, 2, 3, 4), Buffer.alloc(0)),
  ],
  "with a log's signature in a cosignature's place": [
    known(oneKey),
    `${body}\n${line(one.name, keyIdOf(one, SIGNATURE_TYPE.cosignature), one.sign(Buffer.from(body)))}`,
  ],
  "with a cosignature in the log's place": [
    known(logKey),
    `${body}\n${line(ORIGIN, keyIdOf(log), Buffer.from(cosign(body, 1, log).split(" ")[2] as string, "base64").subarray(4))}`,
  ],
  "with a cosignature of another time than it says": [known(logKey, oneKey), good + retimed(byOne)],
  "with a cosignature of another checkpoint": [
    known(logKey, oneKey),
    good + cosign(body.replace("20852163", "20852162"), 1, one),
  ],
  "with a size that has a leading zero": [known(logKey), ofSize("01")],
  "with a size that has a sign": [known(logKey), ofSize("+1")],
  "with a size that has an exponent": [known(logKey), ofSize("1e3")],
  "with a size in hexadecimal": [known(logKey), ofSize("0x10")],
  "with a negative size": [known(logKey), ofSize("-1")],
  "without a size": [known(logKey), ofSize("")],
  "with a root of 31 bytes": [known(logKey), withRoot(Buffer.alloc(31, 1).toString("base64"))],
  "with a root of 33 bytes": [known(logKey), withRoot(Buffer.alloc(33, 1).toString("base64"))],
  "with a root without padding": [known(logKey), withRoot(base64.slice(0, -1))],
  "with a root that has stray bits": [known(logKey), withRoot(`${base64.slice(0, -2)}p=`)],
  "with a root in hexadecimal": [known(logKey), withRoot(root.toString("hex"))],
  "without an origin": [known(logKey), signed(`\n1\n${base64}\n`)],
  "without a root": [known(logKey), signed(`${ORIGIN}\n1\n`)],
};

function retimed(text: string): string {
  const bytes = Buffer.from(text.split(" ")[2] as string, "base64");
  bytes[11] = (bytes[11] as number) + 1;
  return `— ${one.name} ${bytes.toString("base64")}\n`;
}

export const checkpointVectors: readonly CheckpointVector[] = [
  ...accepted,
  ...Object.entries(refused).map(([name, [keys, note]]) => ({ name, keys, note, opens: null })),
];
