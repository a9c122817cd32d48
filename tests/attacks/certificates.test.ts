/** Attacks on the fifteen certificates of a run, by the keeper, who seals what he altered: the verifier makes each again. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type NoteSigner, parseTrustFile, signerFromPem } from "@canonic/audit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analyse } from "../main-job/analysis.ts";
import { readBelow, temporaryFolder } from "../main-job/command-line.ts";
import { altered, type Bundle, resealed } from "../tamper/bundle-copy.ts";
import { forged, opened } from "../tamper/dishonest-keeper.ts";
import { Judge } from "./judge.ts";
import { textOf, withLines, withText, written } from "./struck-bundle.ts";

const CERTIFICATES = "certificates.jsonl";
const judge = new Judge();
const folder = temporaryFolder();
let bundle: Bundle;
let trust: string;
let origin: string;
let signer: NoteSigner;
beforeAll(async () => {
  const analysis = await analyse(folder, ["--jobs", "1"]);
  bundle = readBelow(join(analysis.out, "bundle"));
  trust = analysis.trust;
  origin = parseTrustFile(readFileSync(trust)).logs[0]?.origin ?? "";
  signer = signerFromPem(origin, readFileSync(join(analysis.store, "keys", "log.pem"), "utf8"));
});
afterAll(() => judge.close());

let count = 0;
async function judged(altered: Bundle) {
  count += 1;
  const { verdict, codes } = await judge.judge(written(altered, join(folder, `${count}`)), trust);
  return { verdict, codes };
}

const lines = (alter: (all: string[]) => readonly string[]) => () => withLines(bundle, CERTIFICATES, alter);
const text = (alter: (all: string) => string) => () => withText(bundle, CERTIFICATES, alter);
const runOf = (): string => JSON.parse(textOf(bundle, "manifest.json")).run;

const attacks: readonly (readonly [name: string, code: string, how: () => Bundle])[] = [
  [
    "the certificates of another run",
    "certificate-wrong",
    text((all) => all.replaceAll(runOf(), "run_00000000000000000000")),
  ],
  [
    "a certificate with the evidence of another",
    "certificate-wrong",
    text((all) => all.replace(/"digest":"sha256:./, '"digest":"sha256:g')),
  ],
  ["a certificate less", "certificate-wrong", lines((all) => all.slice(1))],
  ["a certificate twice", "certificate-wrong", lines((all) => [all[0] ?? "", ...all])],
  ["two certificates exchanged", "certificate-wrong", lines((all) => all.toSpliced(0, 2, all[1] ?? "", all[0] ?? ""))],
  ["no certificates in the file", "certificate-wrong", lines(() => [])],
  ["a certificate with a space", "certificate-wrong", lines((all) => all.with(3, (all[3] ?? "").replace(":", ": ")))],
  [
    "a certificate with a field that nobody knows",
    "certificate-wrong",
    lines((all) => all.with(3, (all[3] ?? "").replace(/\}$/, ',"zzz":1}'))),
  ],
  [
    "a certificate that is pending, made active",
    "certificate-wrong",
    text((all) => all.replace('"PENDING"', '"ACTIVE"').replace('"ACTIVE"', '"PENDING"')),
  ],
  ["a date that was not", "certificate-wrong", text((all) => all.replace(/"effectiveDate":"2/, '"effectiveDate":"3'))],
  [
    "the summary of one certificate in the place of another's",
    "statement-wrong",
    () => {
      const [one = "", two = ""] = [...bundle.keys()].filter((path) => path.includes("-vsa-")).sort();
      return altered(bundle, { [one]: bundle.get(two) ?? null });
    },
  ],
  [
    "an edited plan with a matching digest",
    "document-untrue",
    () => {
      const run = opened(bundle);
      run.plan.seed += 1;
      return forged(run, origin, signer);
    },
  ],
];

test("the analysis as it is, and as its keeper seals it again, is VALID", async () => {
  expect(textOf(bundle, CERTIFICATES).trimEnd().split("\n")).toHaveLength(15);
  expect(await judged(resealed(bundle, signer))).toEqual({ verdict: "VALID", codes: [] });
});

describe("an attack on what is certified is INVALID", () => {
  test.each(attacks)("%s", async (_name, code, how) => {
    const attacked = how();
    const { verdict, codes } = await judged(
      attacked.has("manifest.note") && attacked.size === bundle.size ? resealed(attacked, signer) : attacked,
    );

    expect({ verdict, codes: codes.includes(code) ? [code] : codes }).toEqual({ verdict: "INVALID", codes: [code] });
  });
});
