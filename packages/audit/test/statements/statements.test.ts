import { canonicalJson, digestBytes, digestJson, type JsonObject } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import type { StatementRecord } from "../../src/statements/record.ts";
import { statementsOf } from "../../src/statements/statements-of.ts";
import { eventsOf, hex, recordOf, run, verdictsOfRun, whole, wholeRecord } from "./stated-run.ts";

const record = wholeRecord();
const statements = statementsOf(record);
const parsed = statements.map(({ payload }) => JSON.parse(Buffer.from(payload).toString("utf8")));
const seal = eventsOf().at(-1);
const outputs = hex(digestBytes(whole.outputs.map((output) => `${output}\n`).join("")));
const subject = [
  { name: "outputs.jsonl", digest: { sha256: outputs } },
  { name: "seal", digest: { sha256: hex(digestJson(seal as JsonObject)) } },
];
const contract = whole.plan.tasks[0]?.contract;

test("says one thing of the run, one of each core contract and one of each active certificate, in order (S1, S2)", () => {
  expect(statements.map(({ path }) => path)).toEqual([
    "statements/00-provenance.sigstore.json",
    "statements/01-test-result-cardinality.sigstore.json",
    "statements/02-test-result-determinism.sigstore.json",
    "statements/03-test-result-routing.sigstore.json",
    "statements/04-vsa-cert-01.sigstore.json",
    "statements/05-vsa-cert-03.sigstore.json",
  ]);
});

test("says in the provenance what the run was made from, by which log, and when (P1)", () => {
  expect(parsed[0]).toEqual({
    _type: "https://in-toto.io/Statement/v1",
    subject,
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "https://canonic.dev/run/v1",
        externalParameters: { mode: "live", plan: whole.planDigest, request: whole.plan.request, seed: 0 },
        internalParameters: { engine: "local", number: 1, semantics: 1 },
        resolvedDependencies: [
          { name: "plan.json", digest: { sha256: hex(whole.planDigest) } },
          { name: "registry.json", digest: { sha256: hex(whole.plan.registry) } },
          { name: "text.measure@1.0.0", digest: { sha256: hex(contract) } },
          ...whole.plan.artifacts.map((digest) => {
            return { name: `artifacts/${hex(digest)}.json`, digest: { sha256: hex(digest) } };
          }),
        ],
      },
      runDetails: {
        builder: { id: "https://canonic.test/log" },
        metadata: {
          invocationId: run,
          startedOn: "2026-01-31T12:00:00.000Z",
          finishedOn: "2026-01-31T12:00:25.000Z",
        },
        byproducts: [{ ...subject[1], annotations: { events: 26, outputs: 4, status: "completed" } }],
      },
    },
  });
});

test("says of each core contract whether it holds and what the check looked at", () => {
  const verdicts = verdictsOfRun();
  expect(verdicts.length).toBe(3);
  for (const [at, { contract: name, evidence }] of verdicts.entries())
    expect(parsed[1 + at]).toEqual({
      _type: "https://in-toto.io/Statement/v1",
      subject,
      predicateType: "https://in-toto.io/attestation/test-result/v0.1",
      predicate: {
        result: "PASSED",
        configuration: [
          { name: "plan.json", digest: { sha256: hex(whole.planDigest) } },
          { name: `artifacts/${hex(evidence)}.json`, digest: { sha256: hex(evidence) } },
        ],
        url: `https://canonic.test/log/runs/${run}`,
        passedTests: [name],
        warnedTests: [],
        failedTests: [],
      },
    });
});

test("sums up a certificate from its digest and the run's provenance, and claims no level of SLSA", () => {
  expect(parsed[5]).toEqual({
    _type: "https://in-toto.io/Statement/v1",
    subject,
    predicateType: "https://slsa.dev/verification_summary/v1",
    predicate: {
      verifier: { id: "https://canonic.test/log" },
      timeVerified: "2026-01-31T12:00:00.000Z",
      resourceUri: `https://canonic.test/log/runs/${run}`,
      policy: { uri: "https://canonic.dev/certificates/v1#CERT-03" },
      inputAttestations: [
        {
          uri: `https://canonic.test/log/runs/${run}/certificates/CERT-03`,
          digest: { sha256: hex(digestBytes("CERT-03")) },
        },
        {
          uri: `https://canonic.test/log/runs/${run}/statements/provenance`,
          digest: { sha256: hex(digestBytes(statements[0]?.payload as Uint8Array)) },
        },
      ],
      verificationResult: "PASSED",
      verifiedLevels: ["CANONIC_CERT_03"],
      slsaVersion: "1.0",
    },
  });
});

test("says of a violated contract that it failed", () => {
  const [first, ...others] = record.verdicts;
  if (first === undefined) throw new Error("there are verdicts");
  const violated = { ...first, verdict: "violated" as const, violations: 2 };
  const [, statement] = statementsOf({ ...record, verdicts: [violated, ...others] });

  expect(JSON.parse(Buffer.from(statement?.payload ?? []).toString()).predicate).toMatchObject({
    result: "FAILED",
    passedTests: [],
    failedTests: ["cardinality"],
  });
});

test("speaks of the seal alone where a run gave nothing, and says how it ended", () => {
  const failed = recordOf(eventsOf("failed"));
  const [provenance] = failed === undefined ? [] : statementsOf(failed);
  const value = JSON.parse(Buffer.from(provenance?.payload ?? []).toString());

  expect(value.subject.map(({ name }: { name: string }) => name)).toEqual(["seal"]);
  expect(value.predicate.runDetails.byproducts[0].annotations.status).toBe("failed");
});

test("has nothing to say of a run that is not sealed (R2)", () => {
  expect(recordOf(eventsOf().slice(0, -1))).toBeUndefined();
  expect(recordOf([])).toBeUndefined();
});

test("prints canonical JSON, the same for the same record however it was put together (S1)", () => {
  const again: StatementRecord = Object.fromEntries(Object.entries(record).reverse()) as unknown as StatementRecord;

  expect(statementsOf(again)).toEqual(statements);
  for (const [at, { payload }] of statements.entries())
    expect(Buffer.from(payload).toString("utf8")).toBe(canonicalJson(parsed[at]));
});

describe("names what was changed", () => {
  const other = digestBytes("other");
  const { begun, sealed, plan, verdicts, certificates } = record;
  const changes: Readonly<Record<string, Partial<StatementRecord>>> = {
    origin: { origin: "canonic.test/other" },
    plan: { begun: { ...begun, data: { ...begun.data, plan: other } } },
    registry: { begun: { ...begun, data: { ...begun.data, registry: other } } },
    mode: { begun: { ...begun, data: { ...begun.data, mode: "dryrun" } } },
    number: { begun: { ...begun, data: { ...begun.data, number: 2 } } },
    engine: { begun: { ...begun, data: { ...begun.data, engine: "other" } } },
    start: { begun: { ...begun, at: sealed.at } },
    end: { sealed: { ...sealed, at: begun.at } },
    seal: { sealed: { ...sealed, digest: other } },
    outputs: { sealed: { ...sealed, data: { ...sealed.data, outputs: other } } },
    status: { sealed: { ...sealed, data: { ...sealed.data, status: "violated" } } },
    request: { plan: { ...plan, request: other } },
    seed: { plan: { ...plan, seed: 7 } },
    artifact: { plan: { ...plan, artifacts: [other] } },
    contract: { plan: { ...plan, tasks: plan.tasks.map((task) => ({ ...task, contract: other })) } },
    evidence: { verdicts: verdicts.map((verdict) => ({ ...verdict, evidence: other })) },
    verdict: { verdicts: verdicts.slice(1) },
    certificate: { certificates: certificates.map((one) => ({ ...one, digest: other })) },
    "certificate date": { certificates: certificates.map((one) => ({ ...one, effectiveDate: sealed.at })) },
    "certificate status": { certificates: certificates.map((one) => ({ ...one, status: "ACTIVE" as const })) },
  };

  test.each(Object.entries(changes))("%s", (_, change) => {
    expect(statementsOf({ ...record, ...change })).not.toEqual(statements);
  });
});

test("names a plan of very many artifacts alone (P2)", () => {
  const artifacts = Array.from({ length: 10_001 }, (_, at) => digestBytes(`${at}`));
  const [provenance] = statementsOf({ ...record, plan: { ...record.plan, artifacts } });
  const { predicate } = JSON.parse(Buffer.from(provenance?.payload ?? []).toString());

  expect(predicate.buildDefinition.resolvedDependencies.map(({ name }: { name: string }) => name)).toEqual([
    "plan.json",
    "registry.json",
    "text.measure@1.0.0",
  ]);
});
