/**
 * What can be done to a bundle's files: the attack table, as far as bytes go. `stranger` has the bundle alone, `keeper` has the
 * key of the log and seals what he altered.
 *
 * @module
 */
import { createKeyPair, signCheckpoint, signerFromPem, signNote } from "@canonic/audit";
import { canonicalBytes } from "@canonic/contracts";
import { altered, type Bundle, fileOf, flipped, resealed } from "../tamper/bundle-copy.ts";
import { type Evidence, remanifested, textOf, withJson, withLines, withText } from "./struck-bundle.ts";

export type BundleAttack = {
  readonly name: string;
  readonly by: "stranger" | "keeper";
  readonly how: (evidence: Evidence) => Bundle;
  /** One of the reasons that must be given. */
  readonly code: string;
  /** INVALID where left out; what is missing and not false is never VALID either. */
  readonly verdict?: "INDETERMINATE";
};

const DEEP = 100_000;
const DIGITS = 10_000_000;

const stranger = (name: string, code: string, how: (evidence: Evidence) => Bundle): BundleAttack => {
  return { name, by: "stranger", how, code };
};
const keeper = (name: string, code: string, how: (evidence: Evidence) => Bundle): BundleAttack => {
  return { name, by: "keeper", code, how: (evidence) => resealed(how(evidence), evidence.signer) };
};
/** The same, for what is only missing. */
const missing = (name: string, code: string, how: (evidence: Evidence) => Bundle): BundleAttack => {
  return { ...keeper(name, code, how), verdict: "INDETERMINATE" };
};
/** The keeper writes the manifest itself. */
const listing = (name: string, code: string, alter: (manifest: Loose, evidence: Evidence) => unknown): BundleAttack => {
  return {
    name,
    by: "keeper",
    code,
    how: (evidence) => remanifested(evidence.bundle, evidence.signer, (manifest) => alter(manifest, evidence)),
  };
};

// biome-ignore lint/suspicious/noExplicitAny: altered values are of any shape.
type Loose = any;

const last = <T>(items: readonly T[]): T => items.at(-1) as T;
const pick = (from: Bundle, ...paths: readonly string[]) =>
  Object.fromEntries(paths.map((path) => [path, fileOf(from, path)]));
const claimsOf = (bundle: Bundle): string =>
  [...bundle.keys()].find((path) => path.startsWith("artifacts/") && textOf(bundle, path).includes('"sub"')) ?? "";
const approvalOf = (bundle: Bundle): string =>
  [...bundle.keys()].find((path) => path.startsWith("artifacts/") && textOf(bundle, path).includes('"signature"')) ??
  "";

/** Without the log's key: whatever is changed no longer has its signature. */
export const strangers: readonly BundleAttack[] = [
  stranger("a bit of an event flipped", "file-changed", ({ bundle }) =>
    altered(bundle, { "events.jsonl": flipped(fileOf(bundle, "events.jsonl"), 400, 1) }),
  ),
  stranger("a bit of the plan flipped", "file-changed", ({ bundle }) =>
    altered(bundle, { "plan.json": flipped(fileOf(bundle, "plan.json"), 40, 1) }),
  ),
  stranger("a bit of the manifest flipped", "manifest-signature", ({ bundle }) =>
    withText(bundle, "manifest.json", (text) =>
      text.replace(/sha256:./, (found) => (found.endsWith("0") ? "sha256:1" : "sha256:0")),
    ),
  ),
  stranger("a bit of the signature flipped", "manifest-signature", ({ bundle }) => {
    const note = fileOf(bundle, "manifest.note");
    return altered(bundle, { "manifest.note": flipped(note, note.length - 30, 1) });
  }),
  stranger("an event dropped", "file-changed", ({ bundle }) =>
    withLines(bundle, "events.jsonl", (lines) => lines.toSpliced(5, 1)),
  ),
  stranger("an event twice", "file-changed", ({ bundle }) =>
    withLines(bundle, "events.jsonl", (lines) => lines.toSpliced(5, 0, last(lines.slice(0, 6)))),
  ),
  stranger("two events swapped", "file-changed", ({ bundle }) =>
    withLines(bundle, "events.jsonl", (lines) => lines.toSpliced(5, 2, ...lines.slice(5, 7).reverse())),
  ),
  stranger("the end cut off", "file-changed", ({ bundle }) =>
    withLines(bundle, "events.jsonl", (lines) => lines.slice(0, -3)),
  ),
  stranger("a file taken away", "file-missing", ({ bundle }) => altered(bundle, { "outputs.jsonl": null })),
  stranger("a file put in", "file-unlisted", ({ bundle }) => altered(bundle, { "notes.txt": Buffer.from("hello") })),
  stranger("the signature taken away", "manifest-missing", ({ bundle }) => altered(bundle, { "manifest.note": null })),
  stranger("the manifest taken away", "manifest-missing", ({ bundle }) => altered(bundle, { "manifest.json": null })),
  stranger("the manifest emptied", "manifest-malformed", ({ bundle }) =>
    altered(bundle, { "manifest.json": new Uint8Array() }),
  ),
  stranger("every file emptied", "manifest-malformed", ({ bundle }) =>
    altered(bundle, Object.fromEntries([...bundle.keys()].map((path) => [path, new Uint8Array()]))),
  ),
  stranger("no file at all", "manifest-missing", ({ bundle }) =>
    altered(bundle, Object.fromEntries([...bundle.keys()].map((path) => [path, null]))),
  ),
  stranger("sealed with a key of one's own", "manifest-signature", ({ bundle, origin }) =>
    resealed(bundle, signerFromPem(origin, createKeyPair().privateKeyPem)),
  ),
  stranger("sealed with a key of one's own for a log of one's own", "origin-untrusted", ({ bundle }) => {
    const own = signerFromPem("example.org/own", createKeyPair().privateKeyPem);
    return remanifested(bundle, own, (manifest) => {
      manifest.origin = "example.org/own";
    });
  }),
  stranger("the manifest of another run", "file-changed", ({ bundle, other }) =>
    altered(bundle, pick(other, "manifest.json", "manifest.note")),
  ),
  stranger("a manifest in another layout", "manifest-malformed", ({ bundle }) =>
    withText(bundle, "manifest.json", (text) => JSON.stringify(JSON.parse(text), null, 1)),
  ),
  stranger("a manifest nested a hundred thousand deep", "manifest-malformed", ({ bundle }) =>
    altered(bundle, { "manifest.json": Buffer.from(`{"origin":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}`) }),
  ),
  stranger("a note of ten megabytes", "manifest-malformed", ({ bundle }) =>
    altered(bundle, { "manifest.note": Buffer.alloc(10_000_000, "\n") }),
  ),
  stranger("a note with a hundred signatures", "manifest-signature", ({ bundle }) =>
    withText(
      bundle,
      "manifest.note",
      (text) => `${text.slice(0, -2)}\n${`${last(text.trimEnd().split("\n"))}\n`.repeat(100)}`,
    ),
  ),
  stranger("a note with the line ends of another system", "manifest-signature", ({ bundle }) =>
    withText(bundle, "manifest.note", (text) => text.replaceAll("\n", "\r\n")),
  ),
];

/** Spellings that are not the one spelling of a plan: with the key, each listed as it is. */
const SPELLINGS: readonly (readonly [name: string, alter: (text: string) => string, code?: string])[] = [
  ["a space", (text) => text.replace(":", ": ")],
  ["a line feed at the end", (text) => `${text}\n`],
  ["a byte order mark", (text) => `\uFEFF${text}`],
  ["the line ends of another system", (text) => text.replace(",", ",\r\n")],
  ["an escaped letter", (text) => text.replace('"schema"', '"\\u0073chema"')],
  ["an escaped slash", (text) => text.replace("canonic/plan", "canonic\\/plan")],
  ["a number as 1e0", (text) => text.replace(/"seed":(\d+)/, '"seed":$1e0')],
  ["a number as -0", (text) => text.replace(/"seed":\d+/, '"seed":-0')],
  ["a number with a fraction of nothing", (text) => text.replace(/"seed":(\d+)/, '"seed":$1.0')],
  ["a key twice", (text) => text.replace("{", '{"schema":"canonic/plan/v9",')],
  ["a key twice, the same value", (text) => text.replace(/^\{("[a-zA-Z]+":[^,]+,)/, "{$1$1")],
  ["a field that nobody knows", (text) => text.replace(/\}$/, ',"zzz":true}'), "plan-malformed"],
  [
    "keys in another order",
    (text) => text.replace(/^\{(.*?),("[a-z]+":(?:"[^"]*"|\{[^{}]*\}|\[[^[\]]*\]|\d+))\}$/s, "{$2,$1}"),
  ],
  ["a second value behind it", (text) => `${text}{}`],
  ["a byte that is no UTF-8", (text) => text],
  ["a lone surrogate", (text) => text.replace('"schema":"', '"schema":"\\ud800')],
  ["a number of ten million digits", (text) => text.replace(/"seed":\d+/, `"seed":${"9".repeat(DIGITS)}`)],
  ["a number beyond all", (text) => text.replace(/"seed":\d+/, '"seed":1e999')],
  ["a number beyond what is exact", (text) => text.replace(/"seed":\d+/, '"seed":9007199254740993')],
  [
    "nesting a hundred thousand deep",
    (text) => text.replace(/"seed":\d+/, `"seed":${"[".repeat(DEEP)}${"]".repeat(DEEP)}`),
  ],
  ["`__proto__` as a key", (text) => text.replace("{", '{"__proto__":{"seed":1},'), "plan-malformed"],
  ["text that is no JSON", () => "plan: none"],
  ["nothing at all", () => ""],
  ["a list", (text) => `[${text}]`, "plan-malformed"],
  ["null", () => "null", "plan-malformed"],
];

export const spellings: readonly BundleAttack[] = SPELLINGS.map(([name, alter, code = "file-malformed"]) =>
  keeper(`a plan with ${name}`, code, ({ bundle }) =>
    name === "a byte that is no UTF-8"
      ? altered(bundle, { "plan.json": Buffer.concat([fileOf(bundle, "plan.json"), Buffer.from([0xff])]) })
      : withText(bundle, "plan.json", alter),
  ),
);

/** With the log's key: only what is false in itself betrays it. */
export const keepers: readonly BundleAttack[] = [
  keeper("an event with a space", "event-malformed", ({ bundle }) =>
    withLines(bundle, "events.jsonl", (lines) => lines.with(3, (lines[3] ?? "").replace(":", ": "))),
  ),
  keeper("an event with an escaped letter", "event-malformed", ({ bundle }) =>
    withLines(bundle, "events.jsonl", (lines) => lines.with(3, (lines[3] ?? "").replace('"type"', '"\\u0074ype"'))),
  ),
  keeper("an event with a field that nobody knows", "event-malformed", ({ bundle }) =>
    withLines(bundle, "events.jsonl", (lines) => lines.with(3, (lines[3] ?? "").replace(/\}$/, ',"zzz":1}'))),
  ),
  keeper("an event with a key twice", "event-malformed", ({ bundle }) =>
    withLines(bundle, "events.jsonl", (lines) => lines.with(3, (lines[3] ?? "").replace("{", '{"seq":3,'))),
  ),
  keeper("an event of a type that nobody knows", "event-malformed", ({ bundle }) =>
    withLines(bundle, "events.jsonl", (lines) =>
      lines.with(3, (lines[3] ?? "").replace(/"type":"[A-Z_]+"/, '"type":"ALL_IS_WELL"')),
    ),
  ),
  keeper("an event of a megabyte", "line-too-long", ({ bundle }) =>
    withLines(bundle, "events.jsonl", (lines) => lines.with(3, `{"at":"${"x".repeat(1_000_000)}"}`)),
  ),
  keeper("an empty line between events", "event-malformed", ({ bundle }) =>
    withLines(bundle, "events.jsonl", (lines) => lines.toSpliced(3, 0, "")),
  ),
  keeper("the last event without its line feed", "line-torn", ({ bundle }) =>
    withText(bundle, "events.jsonl", (text) => text.slice(0, -1)),
  ),
  keeper("lines ended as on another system", "event-malformed", ({ bundle }) =>
    withText(bundle, "events.jsonl", (text) => text.replaceAll("\n", "\r\n")),
  ),
  keeper("no events", "event-missing", ({ bundle }) => altered(bundle, { "events.jsonl": new Uint8Array() })),
  keeper("an event dropped", "chain-broken", ({ bundle }) =>
    withLines(bundle, "events.jsonl", (lines) => lines.toSpliced(5, 1)),
  ),
  keeper("an event twice", "chain-broken", ({ bundle }) =>
    withLines(bundle, "events.jsonl", (lines) => lines.toSpliced(5, 0, lines[5] ?? "")),
  ),
  keeper("two events swapped", "chain-broken", ({ bundle }) =>
    withLines(bundle, "events.jsonl", (lines) => lines.toSpliced(5, 2, lines[6] ?? "", lines[5] ?? "")),
  ),
  keeper("the end cut off and sealed anew", "proof-wrong", ({ bundle }) =>
    withLines(bundle, "events.jsonl", (lines) => lines.slice(0, -1)),
  ),
  keeper("the events of another run", "event-foreign", ({ bundle, other }) =>
    altered(bundle, pick(other, "events.jsonl")),
  ),
  keeper("the proof of another run", "proof-wrong", ({ bundle, other }) => altered(bundle, pick(other, "proof.json"))),
  keeper("a fork: another root under the same size, signed", "proof-wrong", ({ bundle, origin, signer }) => {
    const size = Number(textOf(bundle, "checkpoint").split("\n")[1]);
    return altered(bundle, { checkpoint: signCheckpoint({ origin, size, root: Buffer.alloc(32, 1) }, signer) });
  }),
  keeper("a checkpoint rolled back to one leaf", "proof-wrong", ({ bundle, origin, signer }) =>
    altered(bundle, { checkpoint: signCheckpoint({ origin, size: 1, root: Buffer.alloc(32, 1) }, signer) }),
  ),
  keeper("a checkpoint of another origin", "checkpoint-signature", ({ bundle, signer }) => {
    const foreign = { ...signer, name: "example.org/other" };
    return altered(bundle, {
      checkpoint: signCheckpoint({ origin: "example.org/other", size: 9, root: Buffer.alloc(32, 1) }, foreign),
    });
  }),
  keeper("a checkpoint of a stranger's key", "checkpoint-signature", ({ bundle, origin }) => {
    const own = signerFromPem(origin, createKeyPair().privateKeyPem);
    return altered(bundle, { checkpoint: signCheckpoint({ origin, size: 9, root: Buffer.alloc(32, 1) }, own) });
  }),
  ...[
    ["whose size begins with a zero", /\n(\d+)\n/, "\n0$1\n"],
    ["of a size beyond all", /\n\d+\n/, "\n18446744073709551616\n"],
    ["of a size of nothing", /\n\d+\n/, "\n\n"],
    ["of a size below nothing", /\n\d+\n/, "\n-1\n"],
    ["with a root of half a hash", /\n([A-Za-z0-9+/]{20})[A-Za-z0-9+/=]+\n$/, "\n$1==\n"],
    ["with a line that nobody knows", /$/, "and more\n"],
  ].map(([name, from, to]) =>
    keeper(`a checkpoint ${name}`, "checkpoint-signature", ({ bundle, signer }) => {
      const body = textOf(bundle, "checkpoint").split("\n\n")[0] ?? "";
      const note = signNote(`${body}\n`.replace(from as RegExp, to as string), signer);
      return altered(bundle, { checkpoint: note });
    }),
  ),
  keeper("a proof of a tree beyond what is exact", "file-malformed", ({ bundle }) =>
    withText(bundle, "proof.json", (text) => text.replace(/"treeSize":\d+/, '"treeSize":9007199254740993')),
  ),
  keeper("a proof of a tree of 2^53 leaves", "proof-wrong", ({ bundle }) =>
    withJson(bundle, "proof.json", (proof) => {
      proof.treeSize = Number.MAX_SAFE_INTEGER;
    }),
  ),
  keeper("a proof of a range of 2^53 leaves", "proof-wrong", ({ bundle }) =>
    withJson(bundle, "proof.json", (proof) => {
      proof.ranges = [[0, Number.MAX_SAFE_INTEGER]];
    }),
  ),
  keeper("a proof of a hundred thousand ranges", "proof-wrong", ({ bundle }) =>
    withJson(bundle, "proof.json", (proof) => {
      proof.ranges = Array.from({ length: 100_000 }, (_, at) => [2 * at, 2 * at + 1]);
    }),
  ),
  keeper("a proof of a hundred thousand hashes", "proof-wrong", ({ bundle }) =>
    withJson(bundle, "proof.json", (proof) => {
      proof.hashes = Array.from({ length: 100_000 }, () => `sha256:${"0".repeat(64)}`);
    }),
  ),
  keeper("a proof without ranges", "proof-malformed", ({ bundle }) =>
    withJson(bundle, "proof.json", (proof) => {
      proof.ranges = [];
    }),
  ),
  keeper("a plan with more tasks", "plan-mismatch", ({ bundle }) =>
    withJson(bundle, "plan.json", (plan) => {
      plan.tasks.push(plan.tasks[0]);
    }),
  ),
  keeper("a plan without its gate", "plan-mismatch", ({ bundle }) =>
    withJson(bundle, "plan.json", (plan) => {
      plan.gates = [];
    }),
  ),
  keeper("the plan of nothing", "plan-malformed", ({ bundle }) => altered(bundle, { "plan.json": Buffer.from("{}") })),
  keeper("another registry", "registry-mismatch", ({ bundle }) =>
    withJson(bundle, "registry.json", (registry) => {
      registry.operations.pop();
    }),
  ),
  keeper("a contract that asks for less", "contract-unregistered", ({ bundle }) =>
    withLines(bundle, "contracts.jsonl", (lines) =>
      lines.with(0, (lines[0] ?? "").replace('"timeoutMs":60000', '"timeoutMs":60001')),
    ),
  ),
  keeper("an output altered", "output-mismatch", ({ bundle }) =>
    withLines(bundle, "outputs.jsonl", (lines) => lines.with(1, (lines[1] ?? "").replace(/\d+/, "7"))),
  ),
  keeper("two outputs swapped", "output-mismatch", ({ bundle }) =>
    withLines(bundle, "outputs.jsonl", (lines) => lines.toSpliced(0, 2, lines[1] ?? "", lines[0] ?? "")),
  ),
  keeper("an output too many", "output-count", ({ bundle }) =>
    withLines(bundle, "outputs.jsonl", (lines) => [...lines, lines[0] ?? ""]),
  ),
  keeper("the claims of the token altered", "artifact-mismatch", ({ bundle }) =>
    withText(bundle, claimsOf(bundle), (text) => text.replace('"sub":"', '"sub":"x')),
  ),
  missing("the claims of the token taken away", "claims-missing", ({ bundle }) =>
    altered(bundle, { [claimsOf(bundle)]: null }),
  ),
  missing("the approval taken away", "approval-missing", ({ bundle }) =>
    altered(bundle, { [approvalOf(bundle)]: null }),
  ),
  keeper("the approval of another run", "artifact-orphan", ({ bundle, other }) =>
    altered(bundle, pick(other, approvalOf(other))),
  ),
  keeper("an artifact under a digest that is not its own", "artifact-mismatch", ({ bundle }) =>
    altered(bundle, { [claimsOf(bundle)]: canonicalBytes({ sub: "eve" }) }),
  ),
];

/** The manifest as its keeper can write it. */
export const listings: readonly BundleAttack[] = [
  ...[
    ["to the folder above", "../secret"],
    ["from the root", "/etc/passwd"],
    ["out and in again", "artifacts/../plan.json"],
    ["with a step of nothing", "artifacts//plan.json"],
    ["with a dot", "./plan.json"],
    ["with a backslash", "artifacts\\plan.json"],
    ["of another system's disk", "C:/plan.json"],
    ["with a zero byte", "plan\u0000.json"],
    ["with a line feed", "plan\n.json"],
    ["with an escape sequence", "\u001b[2Jplan.json"],
    ["with a mark that turns text around", "plan\u202enosj.json"],
    ["of nothing", ""],
    ["of ten thousand letters", "a".repeat(10_000)],
    ["that ends in a slash", "artifacts/"],
  ].map(([name, path]) =>
    listing(`a path ${name}`, "manifest-malformed", (manifest) => {
      manifest.files.push({ ...manifest.files[0], path });
      manifest.files.sort((a: Loose, b: Loose) => (a.path < b.path ? -1 : 1));
    }),
  ),
  listing("the manifest in itself", "manifest-malformed", (manifest) => {
    const at = manifest.files.findIndex(({ path }: Loose) => path > "manifest.json");
    manifest.files.splice(at, 0, { ...manifest.files[0], path: "manifest.json" });
  }),
  listing("a path twice", "manifest-malformed", (manifest) => {
    manifest.files.splice(0, 0, manifest.files[0]);
  }),
  listing("paths out of order", "manifest-malformed", (manifest) => {
    manifest.files.reverse();
  }),
  listing("names that differ in case alone", "file-missing", (manifest) => {
    const plan = manifest.files.find(({ path }: Loose) => path === "plan.json");
    manifest.files.unshift({ ...plan, path: "PLAN.json" });
  }),
  listing("a size beyond what is exact", "manifest-malformed", (manifest) => {
    manifest.files[0].sizeBytes = 2 ** 53;
  }),
  listing("a size below nothing", "manifest-malformed", (manifest) => {
    manifest.files[0].sizeBytes = -1;
  }),
  listing("a size of a part", "manifest-malformed", (manifest) => {
    manifest.files[0].sizeBytes = 0.5;
  }),
  listing("no files", "manifest-malformed", (manifest) => {
    manifest.files = [];
  }),
  listing("a field that nobody knows", "manifest-malformed", (manifest) => {
    manifest.zzz = true;
  }),
  listing("another schema", "manifest-malformed", (manifest) => {
    manifest.schema = "canonic/bundle-manifest/v2";
  }),
  listing("another run", "event-foreign", (manifest) => {
    manifest.run = "run_00000000000000000000";
  }),
  listing("another plan", "plan-mismatch", (manifest) => {
    manifest.plan = `sha256:${"0".repeat(64)}`;
  }),
  listing("said to be unsealed", "seal-mismatch", (manifest) => {
    manifest.sealed = false;
  }),
  listing("a key twice", "manifest-malformed", (manifest) => JSON.stringify(manifest).replace("{", '{"sealed":true,')),
  listing("a digest in capitals", "manifest-malformed", (manifest) => {
    manifest.files[0].digest = manifest.files[0].digest.toUpperCase();
  }),
];
