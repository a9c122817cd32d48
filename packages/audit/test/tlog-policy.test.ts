import { describe, expect, test } from "vitest";
import {
  cosign,
  createKeyPair,
  isSatisfied,
  judgeByPolicy,
  openNote,
  parseLogPolicy,
  printVerifierKey,
  SIGNATURE_TYPE,
  signCheckpoint,
  signerFromPem,
  withCosignatures,
} from "../src/index.ts";
import { newIdentity, ORIGIN } from "./support.ts";

const signerOf = (name: string) => signerFromPem(name, createKeyPair().privateKeyPem);
const { signer: log } = newIdentity();
const W = Array.from({ length: 6 }, (_, at) => signerOf(`witness.example/${at}`));
const vkeyOf = (at: number) => printVerifierKey(W[at] as (typeof W)[number], SIGNATURE_TYPE.cosignature);
const logLine = `log ${printVerifierKey(log, SIGNATURE_TYPE.ed25519)}\n`;
const note = signCheckpoint({ origin: ORIGIN, size: 3, root: Buffer.alloc(32, 3) }, log);
const { text } = openNote(note, [log]);
const cosignedBy = (...at: number[]) =>
  at.length === 0
    ? note
    : withCosignatures(note, at.map((index) => cosign(text, 1, W[index] as (typeof W)[number])).join(""), W);
const coded = (line: number) =>
  expect.objectContaining({ code: "audit.policy-invalid", details: expect.objectContaining({ line }) });

/** The example of the specification: two of three, and one of three others. */
const twoLevels = `# which
${logLine}
witness X1 ${vkeyOf(0)}
\twitness  X2\t${vkeyOf(1)}   https://x2.example/
witness X3 ${vkeyOf(2)}
group X-witnesses 2 X1 X2 X3

witness Y1 ${vkeyOf(3)}
witness Y2 ${vkeyOf(4)}
witness Y3 ${vkeyOf(5)}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`;

describe("a log policy", () => {
  test("is satisfied by exactly the quorums that it describes", () => {
    const policy = parseLogPolicy(twoLevels);
    const subsets = Array.from({ length: 64 }, (_, bits) =>
      [0, 1, 2, 3, 4, 5].filter((at) => ((bits >> at) & 1) === 1),
    );

    const accepted = subsets.filter((subset) => isSatisfied(policy, cosignedBy(...subset)));

    const expected = subsets.filter(
      (subset) => subset.filter((at) => at < 3).length >= 2 && subset.some((at) => at >= 3),
    );
    expect(expected.length).toBe(28);
    expect(accepted).toEqual(expected);
  });

  test("tells URLs, names and keys apart", () => {
    const policy = parseLogPolicy(twoLevels);

    expect(policy.logs).toEqual([{ key: { name: ORIGIN, publicKey: Buffer.from(log.publicKey) }, url: null }]);
    expect(policy.witnesses.map(({ name, url }) => [name, url])).toEqual([
      ["X1", null],
      ["X2", "https://x2.example/"],
      ["X3", null],
      ["Y1", null],
      ["Y2", null],
      ["Y3", null],
    ]);
  });

  test("without a quorum asks for the log alone", () => {
    const policy = parseLogPolicy(`${logLine}quorum none\n`);

    expect(isSatisfied(policy, note)).toBe(true);
    const stranger = signerOf(ORIGIN);
    expect(isSatisfied(policy, signCheckpoint({ origin: ORIGIN, size: 3, root: Buffer.alloc(32, 3) }, stranger))).toBe(
      false,
    );
    expect(isSatisfied(policy, signCheckpoint({ origin: "other", size: 3, root: Buffer.alloc(32, 3) }, log))).toBe(
      false,
    );
    expect(isSatisfied(policy, Buffer.from("nothing"))).toBe(false);
  });

  test("without logs leaves the log to whoever knows it", () => {
    const policy = parseLogPolicy(`witness w ${vkeyOf(0)}\nquorum w\n`);

    expect(judgeByPolicy(policy, note)).toEqual({ isOfKnownLog: true, hasQuorum: false });
    expect(judgeByPolicy(policy, cosignedBy(0))).toEqual({ isOfKnownLog: true, hasQuorum: true });
  });

  test("counts two witnesses that sign under one name as two", () => {
    const twins = ["same", "same"].map(signerOf);
    const lines = twins.map((twin, at) => `witness t${at} ${printVerifierKey(twin, SIGNATURE_TYPE.cosignature)}\n`);
    const policy = parseLogPolicy(`${lines.join("")}group both all t0 t1\nquorum both\n`);
    const both = withCosignatures(note, twins.map((twin) => cosign(text, 1, twin)).join(""), twins);

    expect(isSatisfied(policy, both)).toBe(true);
    expect(isSatisfied(policy, cosignedBy(0))).toBe(false);
  });

  test("refuses a note in which a line of a known witness or log is wrong, whatever else it has (L3)", () => {
    const policy = parseLogPolicy(`${logLine}witness w ${vkeyOf(0)}\nquorum none\n`);
    const wrong = Buffer.concat([note, Buffer.from(cosign(`${text}more\n`, 1, W[0] as (typeof W)[number]))]);

    expect(isSatisfied(policy, wrong)).toBe(false);
    const other = signerOf("other.example/log");
    const both = parseLogPolicy(`${logLine}log ${printVerifierKey(other, SIGNATURE_TYPE.ed25519)}\nquorum none\n`);
    const checkpoint = { origin: ORIGIN, size: 4, root: Buffer.alloc(32, 3) };
    const line = Buffer.from(signCheckpoint(checkpoint, other)).toString().split("\n\n")[1] as string;
    expect(isSatisfied(both, note)).toBe(true);
    expect(isSatisfied(both, Buffer.concat([note, Buffer.from(line)]))).toBe(false);
    expect(() => judgeByPolicy(policy, wrong)).toThrow(expect.objectContaining({ code: "audit.note-invalid" }));
  });

  test("takes names as octets, which have no other spelling (L1)", () => {
    const kelvin = Buffer.concat([
      Buffer.from(`witness \u212a ${vkeyOf(0)}\n`),
      Buffer.from(`witness K ${vkeyOf(1)}\nquorum \u212a\n`),
    ]);
    const bare = Buffer.concat([
      Buffer.from("witness "),
      Buffer.of(0xff),
      Buffer.from(` ${vkeyOf(0)}\nquorum `),
      Buffer.of(0xff, 0x0a),
    ]);

    expect(isSatisfied(parseLogPolicy(kelvin), cosignedBy(0))).toBe(true);
    expect(isSatisfied(parseLogPolicy(kelvin), cosignedBy(1))).toBe(false);
    expect(isSatisfied(parseLogPolicy(bare), cosignedBy(0))).toBe(true);
  });

  test("takes what the specification says that all should: 32 logs, witnesses and groups", () => {
    const many = Array.from({ length: 32 }, (_, at) => signerOf(`many.example/${at}`));
    const lines = [
      ...many.map((key) => `log ${printVerifierKey(key, SIGNATURE_TYPE.ed25519)}\n`),
      ...many.map((key, at) => `witness w${at} ${printVerifierKey(key, SIGNATURE_TYPE.cosignature)}\n`),
      ...many.map((_, at) => `group g${at} any w${at}${at === 0 ? "" : ` g${at - 1}`}\n`),
      "quorum g31\n",
    ];

    const policy = parseLogPolicy(lines.join(""));

    expect([policy.logs.length, policy.witnesses.length]).toEqual([32, 32]);
    expect(isSatisfied({ ...policy, logs: [] }, note)).toBe(false);
    const last = withCosignatures(note, cosign(text, 1, many[0] as (typeof many)[number]), many);
    expect(isSatisfied({ ...policy, logs: [] }, last)).toBe(true);
  });

  const w = `witness w ${vkeyOf(0)}\n`;
  const v = `witness v ${vkeyOf(1)}\n`;
  const refused: [string, number, string][] = [
    ["nothing", 1, ""],
    ["no quorum", 2, w],
    ["two quorums", 3, `${w}quorum w\nquorum w\n`],
    ["a quorum that is defined later", 1, `quorum w\n${w}`],
    ["a quorum of two names", 3, `${w}${v}quorum w v\n`],
    ["a quorum of no name", 1, "quorum\n"],
    ["no line feed at its end", 1, "quorum none"],
    ["a carriage return", 1, "quorum none\r\n"],
    ["a delete character", 1, "# \u007f\nquorum none\n"],
    ["another keyword", 1, "quorums none\n"],
    ["a keyword in capitals", 1, "Quorum none\n"],
    ["a log with a witness's key", 1, `log ${vkeyOf(0)}\nquorum none\n`],
    ["a witness with a log's key", 1, `witness w ${logLine.slice(4, -1)}\nquorum none\n`],
    ["a log twice", 2, `${logLine}${logLine}quorum none\n`],
    ["a witness's key under two names", 2, `${w}witness v ${vkeyOf(0)}\nquorum none\n`],
    ["a witness's name twice", 2, `${w}witness w ${vkeyOf(1)}\nquorum none\n`],
    ["a witness that is called none", 1, `witness none ${vkeyOf(0)}\nquorum none\n`],
    ["a group that is called like a witness", 2, `${w}group w any w\nquorum none\n`],
    ["a group of no members", 2, `${w}group g any\nquorum none\n`],
    ["a group of unknown members", 1, "group g any w\nquorum none\n"],
    ["a group of none", 1, "group g any none\nquorum none\n"],
    ["a group of itself", 1, "group g any g\nquorum none\n"],
    ["a member twice in a group", 2, `${w}group g any w w\nquorum none\n`],
    ["a member of two groups", 3, `${w}group g any w\ngroup h any w\nquorum h\n`],
    ["a threshold of zero", 2, `${w}group g 0 w\nquorum g\n`],
    ["a threshold over the number of members", 2, `${w}group g 2 w\nquorum g\n`],
    ["a threshold with a leading zero", 2, `${w}group g 01 w\nquorum g\n`],
    ["a threshold that is no number", 2, `${w}group g one w\nquorum g\n`],
    ["a key that is none", 1, "log x\nquorum none\n"],
    ["a word too many", 1, `log ${logLine.slice(4, -1)} https://a b\nquorum none\n`],
    ["another space than space and tab", 1, `log\u00a0${logLine.slice(4, -1)}\nquorum none\n`],
  ];
  test.each(refused)("with %s is refused (line %d)", (_title, line, policy) => {
    expect(() => parseLogPolicy(policy)).toThrow(coded(line));
  });
});
