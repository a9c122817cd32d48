/**
 * Log policies with the checkpoints that satisfy them and those that do not, and policies of which one thing is wrong.
 *
 * @module
 */
import { cosign, printVerifierKey, SIGNATURE_TYPE, signCheckpoint } from "@canonic/audit";
import { vectorSigner } from "./vector-keys.ts";

const ORIGIN = "vectors.example/log";
const log = vectorSigner(ORIGIN);
const names = ["one", "two", "three", "four", "five", "six"];
const witnesses = names.map((name) => vectorSigner(`witness.example/${name}`));
const keys = witnesses.map((key) => printVerifierKey(key, SIGNATURE_TYPE.cosignature));
const checkpoint = { origin: ORIGIN, size: 7, root: Buffer.alloc(32, 7) };
const good = Buffer.from(signCheckpoint(checkpoint, log)).toString();
const body = `${good.split("\n\n")[0]}\n`;
const logLine = `log ${printVerifierKey(log, SIGNATURE_TYPE.ed25519)}\n`;
const lines = names.map((name, at) => `witness ${name} ${keys[at]}\n`);
const cosigned = (...by: number[]) =>
  good + by.map((at) => cosign(body, 1_679_315_147 + at, witnesses[at] as never)).join("");

export interface PolicyVector {
  readonly name: string;
  readonly policy: string;
  /** The line, counted from 1, for which the policy is to be refused; null when it is to be read. */
  readonly refusedAt: number | null;
  /** Checkpoints, and whether they satisfy the policy. */
  readonly notes: readonly { readonly name: string; readonly note: string; readonly satisfied: boolean }[];
}

/** Every subset of the first `count` witnesses, and whether it is a quorum. */
function subsets(count: number, isQuorum: (by: readonly number[]) => boolean): PolicyVector["notes"] {
  return Array.from({ length: 2 ** count }, (_, bits) => {
    const by = names.slice(0, count).flatMap((_name, at) => (((bits >> at) & 1) === 1 ? [at] : []));
    return {
      name: `cosigned by ${by.map((at) => names[at]).join(", ") || "nobody"}`,
      note: cosigned(...by),
      satisfied: isQuorum(by),
    };
  });
}

const twoLevels = `${logLine}${lines.join("")}group first 2 one two three\ngroup second any four five six\ngroup both all first second\nquorum both\n`;
const wrong = good + cosign(`${body}more\n`, 1, witnesses[0] as never);
const foreign = Buffer.from(signCheckpoint(checkpoint, vectorSigner("stranger.example/log"))).toString();
const elsewhere = Buffer.from(signCheckpoint({ ...checkpoint, origin: "elsewhere.example/log" }, log)).toString();

const read: readonly PolicyVector[] = [
  {
    name: "no quorum",
    policy: `${logLine}quorum none\n`,
    refusedAt: null,
    notes: [
      { name: "signed by the log", note: good, satisfied: true },
      { name: "cosigned by a witness that the policy does not name", note: cosigned(0), satisfied: true },
      { name: "signed by another log", note: foreign, satisfied: false },
      { name: "signed by the log's key under another origin", note: elsewhere, satisfied: false },
    ],
  },
  {
    name: "one witness",
    policy: `${logLine}${lines[0]}quorum one\n`,
    refusedAt: null,
    notes: [
      ...subsets(2, (by) => by.includes(0)),
      { name: "with a wrong cosignature of the witness", note: wrong, satisfied: false },
    ],
  },
  {
    name: "a wrong cosignature beside a quorum",
    policy: `${logLine}${lines[0]}quorum none\n`,
    refusedAt: null,
    notes: [{ name: "with a wrong cosignature of a known witness", note: wrong, satisfied: false }],
  },
  {
    name: "any of three",
    policy: `${logLine}${lines.slice(0, 3).join("")}group g any one two three\nquorum g\n`,
    refusedAt: null,
    notes: subsets(3, (by) => by.length >= 1),
  },
  {
    name: "two of three",
    policy: `${logLine}${lines.slice(0, 3).join("")}group g 2 one two three\nquorum g\n`,
    refusedAt: null,
    notes: subsets(3, (by) => by.length >= 2),
  },
  {
    name: "all of three",
    policy: `${logLine}${lines.slice(0, 3).join("")}group g all one two three\nquorum g\n`,
    refusedAt: null,
    notes: subsets(3, (by) => by.length === 3),
  },
  {
    name: "two levels",
    policy: twoLevels,
    refusedAt: null,
    notes: subsets(6, (by) => by.filter((at) => at < 3).length >= 2 && by.some((at) => at >= 3)),
  },
  {
    name: "white space, comments and URLs",
    policy: `# a comment\n\n \t\n  ${logLine.trimEnd()}\thttps://log.example/  \n\t# another\nwitness  one\t${keys[0]} https://one.example/\nquorum\tone\n`,
    refusedAt: null,
    notes: subsets(1, (by) => by.length === 1),
  },
  {
    name: "lines in another order",
    policy: `${lines[0]}quorum one\n${logLine}${lines[1]}`,
    refusedAt: null,
    notes: subsets(1, (by) => by.length === 1),
  },
  {
    name: "names beyond ASCII",
    policy: `${logLine}witness \u212a ${keys[0]}\nwitness K ${keys[1]}\nquorum \u212a\n`,
    refusedAt: null,
    notes: subsets(2, (by) => by.includes(0)),
  },
];

const one = lines[0] as string;
const two = lines[1] as string;
const refused: Readonly<Record<string, readonly [number, string]>> = {
  "nothing at all": [1, ""],
  "no quorum line": [2, one],
  "two quorum lines": [3, `${one}quorum one\nquorum one\n`],
  "a quorum of what is defined later": [1, `quorum one\n${one}`],
  "a quorum of two names": [3, `${one}${two}quorum one two\n`],
  "no line feed at its end": [1, "quorum none"],
  "a carriage return": [1, "quorum none\r\n"],
  "a delete character in a comment": [1, "# \u007f\nquorum none\n"],
  "an unknown keyword": [1, "require one\nquorum none\n"],
  "a log with a witness's key": [1, `log ${keys[0]}\nquorum none\n`],
  "a witness with a log's key": [1, `witness one ${logLine.slice(4)}quorum none\n`],
  "a log twice": [2, `${logLine}${logLine}quorum none\n`],
  "a witness's key under two names": [2, `${one}witness other ${keys[0]}\nquorum none\n`],
  "a name for two witnesses": [2, `${one}witness one ${keys[1]}\nquorum none\n`],
  "a witness that is called none": [1, `witness none ${keys[0]}\nquorum none\n`],
  "a group that is called like a witness": [2, `${one}group one any one\nquorum none\n`],
  "a group without members": [2, `${one}group g any\nquorum none\n`],
  "a group of none": [1, "group g any none\nquorum none\n"],
  "a group of itself": [1, "group g any g\nquorum none\n"],
  "a member twice in one group": [2, `${one}group g 1 one one\nquorum g\n`],
  "a member of two groups": [3, `${one}group g any one\ngroup h any one\nquorum h\n`],
  "a threshold of zero": [2, `${one}group g 0 one\nquorum g\n`],
  "a threshold over the number of members": [2, `${one}group g 2 one\nquorum g\n`],
  "a threshold with a leading zero": [2, `${one}group g 01 one\nquorum g\n`],
  "a threshold that is no number": [2, `${one}group g most one\nquorum g\n`],
  "a key with the id of another": [1, `${logLine.replace(/\+[0-9a-f]{8}\+/, "+00000000+")}quorum none\n`],
  "a word too many": [1, `${logLine.trimEnd()} https://log.example/ more\nquorum none\n`],
};

export const policyVectors: readonly PolicyVector[] = [
  ...read,
  ...Object.entries(refused).map(([name, [refusedAt, policy]]) => ({ name, policy, refusedAt, notes: [] })),
];
