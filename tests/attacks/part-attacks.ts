/**
 * Attacks on the parts of a bundle that tell of more than the run: where the log stood, what else it said, statements, lineage.
 * All by the keeper, who seals what he altered.
 *
 * @module
 */
import { createKeyPair, signCheckpoint, signerFromPem } from "@canonic/audit";
import { altered, type Bundle, fileOf, resealed } from "../tamper/bundle-copy.ts";
import type { BundleAttack } from "./bundle-attacks.ts";
import { type Evidence, textOf, withJson, withLines, withText } from "./struck-bundle.ts";

const keeper = (name: string, code: string, how: (evidence: Evidence) => Bundle): BundleAttack => {
  return { name, by: "keeper", code, how: (evidence) => resealed(how(evidence), evidence.signer) };
};
const NOTHING = `sha256:${"0".repeat(64)}`;
const PROVENANCE = "statements/00-provenance.sigstore.json";

/** A file in the place of another run's. */
const foreign =
  (...paths: readonly string[]) =>
  ({ bundle, other }: Evidence): Bundle =>
    altered(bundle, Object.fromEntries(paths.map((path) => [path, fileOf(other, path)])));
const without =
  (...paths: readonly string[]) =>
  ({ bundle }: Evidence): Bundle =>
    altered(bundle, Object.fromEntries(paths.map((path) => [path, null])));
const garbage =
  (path: string, bytes: Uint8Array = Buffer.from("what is this?\n")) =>
  ({ bundle }: Evidence): Bundle =>
    altered(bundle, { [path]: bytes });
/** A page with a script of the keeper's: for people, and no evidence. */
export const pageRewritten = ({ bundle, signer }: Evidence): Bundle =>
  resealed(
    withText(bundle, "index.html", (text) => text.replace("</body>", "<p>All is well.</p></body>")),
    signer,
  );
/** The payload of a statement altered, and put back as its envelope holds it. */
const restated =
  (alter: (text: string) => string) =>
  ({ bundle }: Evidence): Bundle =>
    withJson(bundle, PROVENANCE, ({ dsseEnvelope }) => {
      const text = Buffer.from(dsseEnvelope.payload, "base64").toString();
      const after = alter(text);
      if (after === text) throw new Error("the attack changed nothing in the statement");
      dsseEnvelope.payload = Buffer.from(after).toString("base64");
    });

const starts: readonly BundleAttack[] = [
  keeper("the start of another run", "start-unnamed", foreign("start-checkpoint", "consistency.json")),
  keeper("a start that is no note", "start-unnamed", garbage("start-checkpoint")),
  keeper("a start without the proof that the log only grew", "file-missing", without("consistency.json")),
  keeper("a proof of growth without its start", "start-unnamed", without("start-checkpoint")),
  keeper("a fork: a start that the log never had", "start-unnamed", ({ bundle, origin, signer }) =>
    altered(bundle, { "start-checkpoint": signCheckpoint({ origin, size: 1, root: Buffer.alloc(32, 1) }, signer) }),
  ),
  keeper("a start of a stranger's key", "start-unnamed", ({ bundle, origin }) => {
    const own = signerFromPem(origin, createKeyPair().privateKeyPem);
    return altered(bundle, { "start-checkpoint": signCheckpoint({ origin, size: 1, root: Buffer.alloc(32, 1) }, own) });
  }),
  keeper("a proof of growth from elsewhere", "consistency-wrong", ({ bundle }) =>
    withJson(bundle, "consistency.json", (proof) => {
      proof.from += 1;
    }),
  ),
  keeper("a proof of growth with a hash too many", "consistency-wrong", ({ bundle }) =>
    withJson(bundle, "consistency.json", (proof) => {
      proof.hashes.push(NOTHING);
    }),
  ),
  keeper("a proof of growth with a field that nobody knows", "consistency-malformed", ({ bundle }) =>
    withJson(bundle, "consistency.json", (proof) => {
      proof.zzz = 1;
    }),
  ),
  keeper("a proof of growth of a hundred thousand hashes", "consistency-wrong", ({ bundle }) =>
    withJson(bundle, "consistency.json", (proof) => {
      proof.hashes = Array.from({ length: 100_000 }, () => NOTHING);
    }),
  ),
];

const seals: readonly BundleAttack[] = [
  keeper("the seal's proof of another run", "seal-proof-wrong", foreign("seal.tlog-proof")),
  keeper("a seal's proof that is none", "seal-proof-malformed", garbage("seal.tlog-proof")),
  keeper("a seal's proof of another leaf", "seal-proof-wrong", ({ bundle }) =>
    withText(bundle, "seal.tlog-proof", (text) =>
      text.replace(/\nindex (\d+)\n/, (_, at) => `\nindex ${Number(at) - 1}\n`),
    ),
  ),
  keeper("a seal's proof at an index beyond all", "seal-proof-malformed", ({ bundle }) =>
    withText(bundle, "seal.tlog-proof", (text) => text.replace(/\nindex \d+\n/, "\nindex 18446744073709551615\n")),
  ),
  keeper("a seal's proof with the line ends of another system", "seal-proof-malformed", ({ bundle }) =>
    withText(bundle, "seal.tlog-proof", (text) => text.replaceAll("\n", "\r\n")),
  ),
];

const ofAuthority: readonly BundleAttack[] = [
  keeper("the authority of another run", "authority-proof-wrong", foreign("authority.jsonl", "authority-proof.json")),
  keeper("an event of authority dropped", "authority-malformed", ({ bundle }) =>
    withLines(bundle, "authority.jsonl", (lines) => lines.slice(1)),
  ),
  keeper("an event of authority twice", "authority-malformed", ({ bundle }) =>
    withLines(bundle, "authority.jsonl", (lines) => [lines[0] ?? "", ...lines]),
  ),
  keeper("an event of authority altered", "authority-malformed", ({ bundle }) =>
    withLines(bundle, "authority.jsonl", (lines) => lines.with(0, (lines[0] ?? "").replace(/"at":"2/, '"at":"3'))),
  ),
  keeper("an event of authority with a space", "authority-malformed", ({ bundle }) =>
    withLines(bundle, "authority.jsonl", (lines) => lines.with(0, (lines[0] ?? "").replace(":", ": "))),
  ),
  keeper("events of the run in the place of authority's", "authority-malformed", ({ bundle }) =>
    altered(bundle, { "authority.jsonl": fileOf(bundle, "events.jsonl") }),
  ),
  keeper("authority without its proof", "file-missing", without("authority-proof.json")),
  keeper("a proof of authority of 2^53 leaves", "authority-malformed", ({ bundle }) =>
    withJson(bundle, "authority-proof.json", (proof) => {
      proof.ranges = [[0, Number.MAX_SAFE_INTEGER]];
    }),
  ),
  keeper("the log's own events, invented", "log-events-malformed", ({ bundle }) =>
    altered(bundle, {
      "log-events.jsonl": Buffer.from(`${textOf(bundle, "authority.jsonl").split("\n")[0]}\n`),
      "log-proof.json": fileOf(bundle, "authority-proof.json"),
    }),
  ),
];

const statements: readonly BundleAttack[] = [
  keeper("the statement of another run", "statement-wrong", foreign(PROVENANCE)),
  keeper("a statement that is no JSON", "statement-malformed", garbage(PROVENANCE)),
  keeper("a statement under a name that nobody knows", "statement-unexpected", ({ bundle }) =>
    altered(bundle, { "statements/99-all-is-well.sigstore.json": fileOf(bundle, PROVENANCE) }),
  ),
  keeper("a statement of no Sigstore bundle", "statement-unexpected", garbage("statements/note.txt")),
  keeper(
    "a statement's words altered",
    "statement-malformed",
    restated((text) => text.replace('"_type"', '"_tipe"')),
  ),
  keeper(
    "a statement's subject altered",
    "statement-malformed",
    restated((text) => text.replace(/"sha256":"./, '"sha256":"g')),
  ),
  keeper(
    "a statement with a space",
    "statement-malformed",
    restated((text) => text.replace(":", ": ")),
  ),
  keeper("a statement's signature altered", "statement-malformed", ({ bundle }) =>
    withJson(bundle, PROVENANCE, ({ dsseEnvelope }) => {
      const [signature] = dsseEnvelope.signatures;
      const bytes = Buffer.from(signature.sig, "base64");
      bytes[5] = (bytes[5] ?? 0) ^ 1;
      signature.sig = bytes.toString("base64");
    }),
  ),
  keeper("a statement without its entry in the log", "statement-malformed", ({ bundle }) =>
    withJson(bundle, PROVENANCE, ({ verificationMaterial }) => {
      verificationMaterial.tlogEntries = [];
    }),
  ),
  keeper("a statement's place in the log altered", "statement-malformed", ({ bundle }) =>
    withJson(bundle, PROVENANCE, ({ verificationMaterial }) => {
      const [entry] = verificationMaterial.tlogEntries;
      entry.logIndex = String(Number(entry.logIndex) + 1);
    }),
  ),
];

const lineage: readonly BundleAttack[] = [
  keeper("the lineage of another run", "lineage-wrong", foreign("prov.json")),
  keeper("a lineage that is no JSON", "lineage-wrong", garbage("prov.json")),
  keeper("a lineage of nothing", "lineage-wrong", garbage("prov.json", Buffer.from("{}"))),
  keeper("a lineage with an edge less", "lineage-wrong", ({ bundle }) =>
    withJson(bundle, "prov.json", (prov) => {
      delete prov.used[Object.keys(prov.used)[0] ?? ""];
    }),
  ),
];

export const partAttacks: readonly BundleAttack[] = [...starts, ...seals, ...ofAuthority, ...statements, ...lineage];
