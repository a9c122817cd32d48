import { describe, expect, test } from "vitest";
import {
  Certificate,
  CertificateId,
  type CertifiedRun,
  certificateLines,
  certify,
  type Digest,
  digestBytes,
  digestJson,
  type JsonValue,
  type Plan,
  statusAgainst,
} from "../../src/index.ts";
import { certifiedRun, strictOperation } from "./certified-run.ts";

// biome-ignore lint/suspicious/noExplicitAny: a mutation is of any shape.
type Loose = any;

const sound = certifiedRun();
const statuses = (run: CertifiedRun) => certify(run).map(({ id, status }) => `${id} ${status}`);
const NOTHING = digestBytes("nothing");

test("a run that carries the evidence has all fifteen ACTIVE, of their schema, in order (Y2, C1)", () => {
  const certificates = certify(sound);

  expect(certificates.map(({ id }) => id)).toEqual(CertificateId.options);
  expect(certificates.flatMap(({ id, missing }) => missing.map(({ code, place }) => [id, code, place]))).toEqual([]);
  for (const certificate of certificates) {
    expect(Certificate.parse(certificate)).toEqual(certificate);
    expect(certificate).toMatchObject({
      status: "ACTIVE",
      run: sound.run,
      plan: sound.planDigest,
      effectiveDate: sound.sealedAt,
    });
    expect(certificate.evidence.length).toBeGreaterThan(0);
    const names = certificate.evidence.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort());
  }
});

test("equal runs give equal bytes, whatever the order of their maps (Y1)", () => {
  const turned = { ...sound, artifacts: new Map([...sound.artifacts].reverse()) };

  expect(certificateLines(certify(turned))).toEqual(certificateLines(certify(structuredClone(sound))));
});

type Mutation = readonly [title: string, code: string, alter: (run: CertifiedRun) => CertifiedRun];

const withPlan = (run: CertifiedRun, alter: (plan: Loose) => void): CertifiedRun => {
  const plan = structuredClone(run.plan) as Loose;
  alter(plan);
  return { ...run, plan: plan as Plan };
};
const schemaOf = (value: JsonValue | undefined) => (value as Loose)?.schema;
const ofSchema = (run: CertifiedRun, schema: string): Digest =>
  run.plan.artifacts.find((digest) => schemaOf(run.artifacts.get(digest)) === schema) ?? NOTHING;

/** Puts an altered value in the place of the artifact of a schema, under its own digest; null leaves it out. */
function withArtifact(run: CertifiedRun, schema: string, alter: (value: Loose) => Loose): CertifiedRun {
  const digest = ofSchema(run, schema);
  const value = alter(structuredClone(run.artifacts.get(digest)) as Loose) as JsonValue | null;
  const artifacts = new Map(run.artifacts);
  artifacts.delete(digest);
  if (value !== null) artifacts.set(digestJson(value), value);
  const named = run.plan.artifacts.filter((one) => one !== digest);
  const plan = { ...run.plan, artifacts: [...named, ...(value === null ? [] : [digestJson(value)])].sort() };
  return { ...run, plan, artifacts };
}
const withSnapshot = (run: CertifiedRun, alter: (snapshot: Loose) => void): CertifiedRun => {
  const snapshot = structuredClone(run.snapshot) as Loose;
  alter(snapshot);
  return { ...run, snapshot };
};
const withVerdict = (run: CertifiedRun, name: string, alter: (verdict: Loose) => void): CertifiedRun => ({
  ...run,
  verdicts: run.verdicts.map((verdict) => {
    const copy = structuredClone(verdict) as Loose;
    if (verdict.contract === name) alter(copy);
    return copy;
  }),
});
const withoutVerdict = (run: CertifiedRun, name: string): CertifiedRun => ({
  ...run,
  verdicts: run.verdicts.filter(({ contract }) => contract !== name),
});
const violated = (verdict: Loose) => Object.assign(verdict, { verdict: "violated", violations: 1 });
const withOutput = (run: CertifiedRun, position: number, alter: (output: Loose) => Loose): CertifiedRun => ({
  ...run,
  outputs: run.outputs.map((output, at) => (at === position ? alter(structuredClone(output)) : output)),
});
const withEnvironment = (run: CertifiedRun, alter: (environment: Loose) => void): CertifiedRun => {
  const value = structuredClone(run.artifacts.get(run.environments[0] as Digest)) as Loose;
  alter(value);
  return {
    ...run,
    artifacts: new Map([...run.artifacts, [digestJson(value), value]]),
    environments: [digestJson(value)],
  };
};
const withContract = (alter: (input: Loose) => void): CertifiedRun => {
  const input = structuredClone(strictOperation.input) as Loose;
  alter(input);
  return certifiedRun({ ...strictOperation, input });
};
const demandBudget = (input: Loose) => {
  input.properties.budget = { type: "string" };
  input.required.push("budget");
};
const noEnvironment = (run: CertifiedRun): CertifiedRun => ({ ...run, environments: [null] });

const MUTATIONS: Readonly<Record<CertificateId, readonly Mutation[]>> = {
  "CERT-01": [
    ["no verdict of routing", "verdict-missing", (run) => withoutVerdict(run, "routing")],
    ["a route taken away", "verdict-differs", (run) => withSnapshot(run, (snapshot) => (snapshot.routes = []))],
    ["routing violated", "contract-violated", (run) => withVerdict(run, "routing", violated)],
    [
      "a verdict over other evidence",
      "verdict-differs",
      (run) => withVerdict(run, "routing", (one) => (one.evidence = NOTHING)),
    ],
  ],
  "CERT-02": [
    ["no verdict of determinism", "verdict-missing", (run) => withoutVerdict(run, "determinism")],
    ["another output journaled", "verdict-differs", (run) => ({ ...run, completed: run.completed.map(() => NOTHING) })],
    ["nothing replayed", "nothing-replayed", (run) => withPlan(run, (plan) => (plan.expect.replay = 0))],
    [
      "the replay's evidence not there",
      "evidence-missing",
      (run) => {
        const artifacts = new Map(run.artifacts);
        artifacts.delete(run.verdicts.find(({ contract }) => contract === "determinism")?.evidence as Digest);
        return { ...run, artifacts };
      },
    ],
  ],
  "CERT-03": [
    ["a start with another input", "input-differs", (run) => ({ ...run, started: [NOTHING, ...run.started.slice(1)] })],
    [
      "an output that names another chunk",
      "context-changed",
      (run) => withOutput(run, 7, (output) => ({ ...output, chunkDigest: NOTHING })),
    ],
    [
      "an output that read another signal",
      "context-changed",
      (run) => withOutput(run, 7, (output) => ({ ...output, signals: [{ ...output.signals[0], signal: NOTHING }] })),
    ],
    [
      "a stored value with other bytes",
      "context-changed",
      (run) => ({ ...run, artifacts: new Map([...run.artifacts, [run.plan.artifacts[0] as Digest, "altered"]]) }),
    ],
  ],
  "CERT-04": [
    [
      "no record of two passes",
      "evidence-missing",
      (run) => withArtifact(run, "canonic/planning-proof/v1", () => null),
    ],
    [
      "a record of another plan",
      "proof-of-other-plan",
      (run) => withArtifact(run, "canonic/planning-proof/v1", (proof) => ({ ...proof, subject: NOTHING })),
    ],
    [
      "a record of nothing permuted",
      "evidence-missing",
      (run) => withArtifact(run, "canonic/planning-proof/v1", (proof) => ({ ...proof, lists: 0, items: 0 })),
    ],
    [
      "two tasks exchanged",
      "order-kept",
      (run) => withPlan(run, ({ tasks }) => ([tasks[0], tasks[1]] = [tasks[1], tasks[0]])),
    ],
    ["an invented task id", "task-id", (run) => withPlan(run, ({ tasks }) => (tasks[0].id = `task_${"0".repeat(20)}`))],
    ["another seed", "task-id", (run) => withPlan(run, (plan) => (plan.seed += 1))],
  ],
  "CERT-05": [
    [
      "an output that breaks its schema",
      "output-invalid",
      (run) => withOutput(run, 3, ({ score: _, ...output }) => output),
    ],
    [
      "an output that was not journaled",
      "output-differs",
      (run) => withOutput(run, 3, (output) => ({ ...output, confidence: 0.25 })),
    ],
    ["an output missing", "evidence-missing", (run) => withOutput(run, 3, () => undefined)],
    [
      "an output larger than allowed",
      "output-too-large",
      () => certifiedRun({ ...strictOperation, termination: { ...strictOperation.termination, outputBytesMax: 10 } }),
    ],
    ["an input that breaks its schema", "input-invalid", () => withContract(demandBudget)],
  ],
  "CERT-06": [
    ["no environment on record", "environment-missing", noEnvironment],
    [
      "a second session without one",
      "environment-missing",
      (run) => ({ ...run, environments: [...run.environments, null] }),
    ],
    ["an environment that is not there", "environment-missing", (run) => ({ ...run, environments: [NOTHING] })],
    [
      "an unknown key",
      "config-invalid",
      (run) => withEnvironment(run, ({ executor }) => (executor.values.retries = 1)),
    ],
    [
      "a value out of range",
      "config-invalid",
      (run) => withEnvironment(run, ({ executor }) => (executor.values.timeoutMs = 0)),
    ],
    ["no origin", "config-invalid", (run) => withEnvironment(run, ({ executor }) => delete executor.origins.seed)],
    [
      "a default that is none",
      "origin-false",
      (run) => withEnvironment(run, ({ executor }) => (executor.values.seed = 43)),
    ],
  ],
  "CERT-07": [
    [
      "an output with an unknown field",
      "output-invalid",
      (run) => withOutput(run, 9, (output) => ({ ...output, verdict: "yes" })),
    ],
    [
      "two outputs exchanged",
      "output-moved",
      (run) => ({ ...run, outputs: [run.outputs[1], run.outputs[0], ...run.outputs.slice(2)] }),
    ],
    ["a seal over other outputs", "outputs-differ", (run) => ({ ...run, outputsDigest: NOTHING })],
    ["a seal without outputs", "evidence-missing", (run) => ({ ...run, outputsDigest: null })],
  ],
  "CERT-08": [
    ["cardinality violated", "contract-violated", (run) => withVerdict(run, "cardinality", violated)],
    ["299 outputs", "output-count", (run) => ({ ...run, completed: [undefined, ...run.completed.slice(1)] })],
    [
      "a plan that demands 299",
      "expectation-low",
      (run) => withPlan(run, ({ expect: demanded }) => (demanded.outputs = 299)),
    ],
    ["no fibre demanded", "expectation-low", (run) => withPlan(run, ({ expect: demanded }) => (demanded.fibre = null))],
    [
      "one question twice",
      "question-count",
      (run) => withPlan(run, ({ tasks }) => (tasks[0].inputs.question = tasks[1].inputs.question)),
    ],
  ],
  "CERT-09": [
    ["provenance violated", "contract-violated", (run) => withVerdict(run, "provenance", violated)],
    ["no policy package", "evidence-missing", (run) => withArtifact(run, "canonic/policy-package/v1", () => null)],
    [
      "a package that lists another chunk",
      "chunk-unlisted",
      (run) =>
        withArtifact(run, "canonic/policy-package/v1", (listed) => {
          listed.chunks[0].digest = NOTHING;
          return listed;
        }),
    ],
    [
      "a task given another chunk",
      "row-mismatch",
      (run) => withPlan(run, ({ tasks }) => (tasks[0].inputs.chunk = tasks[200].inputs.chunk)),
    ],
    ["two tasks for one row", "row-twice", (run) => withPlan(run, ({ tasks }) => (tasks[1] = tasks[0]))],
    ["a task without a row", "row-missing", (run) => withPlan(run, ({ tasks }) => (tasks[1].binding = null))],
  ],
  "CERT-10": [
    ["coverage violated", "contract-violated", (run) => withVerdict(run, "signal-coverage", violated)],
    ["no manifest", "evidence-missing", (run) => withArtifact(run, "canonic/synchronisation-manifest/v1", () => null)],
    [
      "a signal that was not given",
      "signals-differ",
      (run) =>
        withArtifact(run, "canonic/synchronisation-manifest/v1", (manifest) => {
          manifest.bindings[5].signals[0].signal = NOTHING;
          return manifest;
        }),
    ],
    [
      "a binding to another chunk",
      "binding-mismatch",
      (run) =>
        withArtifact(run, "canonic/synchronisation-manifest/v1", (manifest) => {
          manifest.bindings[5].chunk = "PA09-DIM01";
          return manifest;
        }),
    ],
    [
      "a binding dropped",
      "binding-count",
      (run) =>
        withArtifact(run, "canonic/synchronisation-manifest/v1", (manifest) => {
          manifest.bindings.pop();
          return manifest;
        }),
    ],
    [
      "another vocabulary",
      "vocabulary-differs",
      (run) =>
        withArtifact(run, "canonic/synchronisation-manifest/v1", (manifest) => ({ ...manifest, vocabulary: NOTHING })),
    ],
  ],
  "CERT-11": [
    ["no resource plan", "evidence-missing", (run) => withArtifact(run, "canonic/resource-plan/v1", () => null)],
    [
      "a resource plan that promises more",
      "resources-differ",
      (run) =>
        withArtifact(run, "canonic/resource-plan/v1", (resources) => {
          resources.bounds[0].total.timeMsMax += 1;
          return resources;
        }),
    ],
    [
      "passes that gave other bounds",
      "resources-unproved",
      (run) => withArtifact(run, "canonic/planning-proof/v1", (proof) => ({ ...proof, resources: NOTHING })),
    ],
    [
      "no record of two passes",
      "evidence-missing",
      (run) => withArtifact(run, "canonic/planning-proof/v1", () => null),
    ],
  ],
  "CERT-12": [
    ["no record of precision", "evidence-missing", (run) => withArtifact(run, "canonic/precision/v1", () => null)],
    ["no labelled cases", "evidence-missing", (run) => withArtifact(run, "canonic/labelled-cases/v1", () => null)],
    [
      "a count that does not follow",
      "miscounted",
      (run) =>
        withArtifact(run, "canonic/precision/v1", (precision) => {
          precision.counts[0].right += 1;
          return precision;
        }),
    ],
    [
      "a finding left out",
      "miscounted",
      (run) =>
        withArtifact(run, "canonic/precision/v1", (precision) => {
          precision.found[0] = [];
          return precision;
        }),
    ],
    [
      "a case left unmeasured",
      "case-count",
      (run) =>
        withArtifact(run, "canonic/precision/v1", (precision) => {
          precision.found.pop();
          return precision;
        }),
    ],
    [
      "another vocabulary",
      "vocabulary-differs",
      (run) => withArtifact(run, "canonic/precision/v1", (precision) => ({ ...precision, vocabulary: NOTHING })),
    ],
  ],
  "CERT-13": [
    [
      "a snapshot that the plan does not name",
      "registry-differs",
      (run) => withSnapshot(run, ({ operations }) => (operations[0].description = "another")),
    ],
    ["an operation missing", "operation-missing", (run) => withSnapshot(run, (snapshot) => (snapshot.operations = []))],
    [
      "an operation without a route",
      "operation-unrouted",
      (run) => withSnapshot(run, (snapshot) => (snapshot.routes = [])),
    ],
    [
      "a route to nowhere",
      "route-to-nowhere",
      (run) =>
        withSnapshot(run, ({ routes }) => routes.push({ ...routes[0], payloadType: "x", operation: "test.absent" })),
    ],
    ["a route twice", "route-twice", (run) => withSnapshot(run, ({ routes }) => routes.push(routes[0]))],
    [
      "an operation twice",
      "operation-twice",
      (run) => withSnapshot(run, ({ operations }) => operations.push({ ...operations[0], description: "another" })),
    ],
  ],
  "CERT-14": [
    [
      "a contract that is open",
      "unexpected-accepted",
      () => withContract((input) => delete input.additionalProperties),
    ],
    ["a contract that requires nothing", "nothing-required", () => withContract((input) => delete input.required)],
    [
      "a contract that accepts any type",
      "type-accepted",
      () => withContract((input) => (input.properties.chunk = true)),
    ],
    ["a contract that refuses the run's own", "arguments-refused", () => withContract(demandBudget)],
    [
      "arguments that are not there",
      "evidence-missing",
      (run) => {
        const artifacts = new Map(run.artifacts);
        artifacts.delete(run.plan.tasks[0]?.inputs["chunk"] as Digest);
        return { ...run, artifacts };
      },
    ],
  ],
  "CERT-15": [
    ["no environment on record", "environment-missing", noEnvironment],
    [
      "no source of an operation",
      "source-missing",
      (run) => withEnvironment(run, (environment) => (environment.sources = [])),
    ],
    [
      "a source of another contract",
      "source-missing",
      (run) => withEnvironment(run, ({ sources }) => (sources[0].contract = NOTHING)),
    ],
    [
      "two sessions with two sources",
      "source-changed",
      (run) => {
        const other = withEnvironment(run, ({ sources }) => (sources[0].source = NOTHING));
        return { ...other, environments: [...run.environments, ...other.environments] };
      },
    ],
  ],
};

describe.each(CertificateId.options)("%s", (id) => {
  const mutations = MUTATIONS[id];

  test("has mutations that take it away", () => {
    expect(mutations.length).toBeGreaterThanOrEqual(3);
  });

  test.each(mutations)("is not ACTIVE after: %s (%s)", (_, code, alter) => {
    const certificate = certify(alter(sound)).find((one) => one.id === id);

    expect(certificate?.status).toBe("PENDING");
    expect(certificate?.missing.map((reason) => reason.code)).toContain(code);
    expect(Certificate.safeParse(certificate).success).toBe(true);
  });
});

test("a run that did not complete has none that is ACTIVE (Y3)", () => {
  for (const status of ["failed", "violated", "voided"] as const) {
    expect(certify({ ...sound, status }).filter((one) => one.status === "ACTIVE")).toEqual([]);
  }
});

test("a run of which nothing is left still has fifteen, none ACTIVE, and throws nothing (Y1)", () => {
  const empty: CertifiedRun = {
    ...sound,
    artifacts: new Map(),
    outputs: [],
    started: [],
    completed: [],
    verdicts: [],
    environments: [],
    outputsDigest: null,
    snapshot: { ...sound.snapshot, operations: [], routes: [] },
  };

  expect(statuses(empty)).toEqual(CertificateId.options.map((id) => `${id} PENDING`));
});

describe("as things stand now", () => {
  const routing = certify(sound)[12] as Certificate;
  const [evidence] = routing.evidence;

  test("a source with another digest revokes, and is named (S1)", () => {
    const revoked = statusAgainst(routing, new Map([[evidence?.name ?? "", NOTHING]]));

    expect(revoked).toMatchObject({ status: "REVOKED", missing: [{ code: "source-changed", place: evidence?.name }] });
    expect(Certificate.safeParse(revoked).success).toBe(true);
  });

  test("the same sources, and none, leave it as it is", () => {
    const same = new Map(routing.evidence.map(({ name, digest }) => [name, digest]));

    expect(statusAgainst(routing, same)).toBe(routing);
    expect(statusAgainst(routing, new Map())).toBe(routing);
  });

  test("what never held cannot be revoked (S2)", () => {
    const pending = certify(noEnvironment(sound))[14] as Certificate;

    expect(statusAgainst(pending, new Map([["environment/1", NOTHING]]))).toBe(pending);
  });
});
