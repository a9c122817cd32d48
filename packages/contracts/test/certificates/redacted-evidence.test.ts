import { describe, expect, test } from "vitest";
import { Certificate, type CertifiedRun, certify, type Digest, type JsonValue } from "../../src/index.ts";
import { certifiedRun } from "./certified-run.ts";

const sound = certifiedRun();
const first = sound.plan.tasks[7] as CertifiedRun["plan"]["tasks"][number];
const question = first.inputs["question"] as Digest;
const output = sound.completed[7] as Digest;

const ofSchema = (schema: string): Digest =>
  sound.plan.artifacts.find(
    (digest) => (sound.artifacts.get(digest) as { readonly schema?: JsonValue }).schema === schema,
  ) as Digest;

/** The run without one payload, which the log says was removed or says nothing of. */
function without(digest: Digest, isSaid: boolean): CertifiedRun {
  const artifacts = new Map(sound.artifacts);
  artifacts.delete(digest);
  const outputs = sound.outputs.map((one, at) => (sound.completed[at] === digest ? undefined : one));
  return { ...sound, artifacts, outputs, ...(isSaid ? { redacted: new Set([digest]) } : {}) };
}

const reasons = (certificates: readonly Certificate[], id: string) => {
  const found = certificates.find((one) => one.id === id);
  expect(Certificate.safeParse(found).success).toBe(true);
  return found?.missing.map(({ code, message }) => [code, message.includes("was redacted")]);
};

describe("a certificate that rests on something redacted says that, and nothing that follows from it alone (G2)", () => {
  const redactions: [string, Digest, readonly string[]][] = [
    ["a question", question, ["CERT-04", "CERT-08", "CERT-09"]],
    ["an output", output, ["CERT-07"]],
    ["the record of two passes", ofSchema("canonic/planning-proof/v1"), ["CERT-04", "CERT-11"]],
    ["the resource plan", ofSchema("canonic/resource-plan/v1"), ["CERT-04", "CERT-11"]],
    ["the record of precision", ofSchema("canonic/precision/v1"), ["CERT-12"]],
    ["the synchronisation manifest", ofSchema("canonic/synchronisation-manifest/v1"), ["CERT-10"]],
  ];

  test.each(redactions)("%s", (_title, digest, ids) => {
    const certificates = certify(without(digest, true));

    for (const id of ids) expect([id, reasons(certificates, id)]).toEqual([id, [["evidence-redacted", true]]]);
  });

  test.each(redactions)(
    "%s, and nobody says that it was redacted: it is missing, or differs (G1)",
    (_title, digest, ids) => {
      const certificates = certify(without(digest, false));

      for (const id of ids) {
        const codes = reasons(certificates, id)?.map(([code]) => code) ?? [];
        expect([id, codes.length > 0, codes.includes("evidence-redacted")]).toEqual([id, true, false]);
      }
    },
  );
});

test("what is there is compared, whatever is said of it (G1)", () => {
  const said: CertifiedRun = { ...sound, redacted: new Set([question, output]) };

  expect(certify(said)).toEqual(certify(sound));
  const moved = [...sound.plan.tasks.slice(1), ...sound.plan.tasks.slice(0, 1)];
  expect(reasons(certify({ ...said, plan: { ...sound.plan, tasks: moved } }), "CERT-04")?.[0]).toEqual([
    "order-kept",
    false,
  ]);
});
