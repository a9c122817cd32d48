import { readFileSync } from "node:fs";
import { join } from "node:path";
import { memorySource, type NoteSigner, parseTrustFile, signerFromPem, verifyBundle } from "@canonic/audit";
import { type Digest, digestBytes, digestJson, type TrustFile } from "@canonic/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { analyse } from "../main-job/analysis.ts";
import { readBelow, temporaryFolder } from "../main-job/command-line.ts";
import type { Bundle } from "./bundle-copy.ts";
import { type Forgery, forged, type Loose, opened, rechained, replaceArtifact } from "./dishonest-keeper.ts";

const NOTHING = `sha256:${"0".repeat(64)}` as Digest;

let bundle: Bundle;
let trust: TrustFile;
let signer: NoteSigner;
let origin: string;
beforeAll(async () => {
  // One job: with more, two tasks' events may interleave, and swapped completions are then another order, not a lie.
  const analysis = await analyse(temporaryFolder(), ["--jobs", "1"]);
  bundle = readBelow(join(analysis.out, "bundle"));
  trust = parseTrustFile(readFileSync(analysis.trust));
  origin = trust.logs[0]?.origin ?? "";
  signer = signerFromPem(origin, readFileSync(join(analysis.store, "keys", "log.pem"), "utf8"));
});

async function verdictAfter(alter: (run: Forgery) => void) {
  const run = opened(bundle);
  alter(run);
  const { verdict, reasons } = await verifyBundle(memorySource(forged(run, origin, signer)), { trust });
  return { verdict, codes: [...new Set(reasons.map(({ code }) => code))] };
}

test("a run that is made again with the log's key and nothing altered is VALID", async () => {
  expect(await verdictAfter(() => undefined)).toEqual({ verdict: "VALID", codes: [] });
});

const answered = (run: Forgery) => run.outputs.findIndex(({ status }) => status === "answered");
const unanswered = (run: Forgery) => run.outputs.findIndex(({ status }) => status === "no_evidence");
const answer = (run: Forgery): Loose => run.outputs[answered(run)];
const taskAt = (run: Forgery, position: number): Loose => run.plan.tasks[position];
const eventsOf = (run: Forgery, type: string): Loose[] => run.events.filter((event) => event.type === type);
const ofSchema = (run: Forgery, name: string): [Digest, Loose][] =>
  [...run.artifacts].filter(([, value]) => value?.schema === name);

/** Alters a copy of the first artifact of a schema that fits, in all its places. */
function alterArtifact(
  run: Forgery,
  schema: string,
  alter: (value: Loose) => void,
  fits: (value: Loose) => boolean = () => true,
): void {
  const found = ofSchema(run, schema).find(([, value]) => fits(value));
  if (found === undefined) throw new Error(`no ${schema} in the bundle`);
  const copy = structuredClone(found[1]);
  alter(copy);
  replaceArtifact(run, found[0], copy);
  for (const output of run.outputs) for (const record of output.signals) rechained(record);
}

/** Alters the first record of consumption that fits. */
function alterRecord(run: Forgery, fits: (record: Loose) => boolean, alter: (record: Loose) => void): void {
  const record = run.outputs.flatMap(({ signals }) => signals).find(fits);
  if (record === undefined) throw new Error("no such record of consumption");
  alter(record);
  rechained(record);
}

/** Leaves core contracts out of plan, events and evidence. */
function expectOnly(run: Forgery, names: readonly string[]): void {
  const { expect: expected } = run.plan;
  expected.contracts = names;
  if (!names.includes("signal-coverage")) expected.coverage = null;
  for (const { data } of eventsOf(run, "CONTRACT_VERDICT"))
    if (!names.includes(data.contract)) run.artifacts.delete(data.evidence);
  run.events = run.events.filter(({ type, data }) => type !== "CONTRACT_VERDICT" || names.includes(data.contract));
}

function forgeCoverage(alter: (coverage: Loose) => void): (run: Forgery) => void {
  return (run) => {
    const verdict = eventsOf(run, "CONTRACT_VERDICT").find(({ data }) => data.contract === "signal-coverage");
    run.coverage = structuredClone(run.artifacts.get(verdict.data.evidence));
    alter(run.coverage);
  };
}

type Attack = readonly [title: string, verdict: "INVALID" | "INDETERMINATE", alter: (run: Forgery) => void];

const plans: readonly Attack[] = [
  [
    "another seed, task ids kept",
    "INVALID",
    (run) => {
      run.renames = false;
      run.plan.seed += 1;
    },
  ],
  ["another seed, the request's kept", "INVALID", (run) => run.plan.seed++],
  [
    "an invented task id",
    "INVALID",
    (run) => {
      const id = taskAt(run, 0).id;
      const invented = "task_00000000000000000000";
      run.renames = false;
      taskAt(run, 0).id = invented;
      run.outputs[0].task = invented;
      for (const event of run.events) if (event.subject === id) event.subject = invented;
    },
  ],
  [
    "the question of another task",
    "INVALID",
    (run) => (taskAt(run, 0).inputs.question = taskAt(run, 7).inputs.question),
  ],
  ["the chunk of another task", "INVALID", (run) => (taskAt(run, 0).inputs.chunk = taskAt(run, 200).inputs.chunk)],
  ["no chunk", "INVALID", (run) => delete taskAt(run, 0).inputs.chunk],
  ["a parameter that the contract does not have", "INVALID", (run) => (taskAt(run, 0).parameters = { verdict: "yes" })],
  ["a parameter under an input's name", "INVALID", (run) => (taskAt(run, 0).parameters = { chunk: { a: 1 } })],
  [
    "two cells relabelled",
    "INVALID",
    (run) => {
      const other: Loose = { "PA01-DIM01": "PA01-DIM02", "PA01-DIM02": "PA01-DIM01" };
      for (const { binding } of run.plan.tasks) binding.chunk = other[binding.chunk] ?? binding.chunk;
      for (const output of run.outputs) output.chunk = other[output.chunk] ?? output.chunk;
    },
  ],
  [
    "two questions' numbers exchanged",
    "INVALID",
    (run) => {
      for (const [position, question] of [
        [0, "Q002"],
        [1, "Q001"],
      ] as const) {
        taskAt(run, position).binding.question = question;
        run.outputs[position].question = question;
      }
    },
  ],
  [
    "one question asked twice",
    "INVALID",
    (run) => {
      taskAt(run, 1).binding.question = "Q001";
      run.outputs[1].question = "Q001";
    },
  ],
  [
    "a task bound to nothing",
    "INVALID",
    (run) => {
      taskAt(run, 299).binding = null;
      Object.assign(run.plan.expect, { chunks: null, fibre: null });
    },
  ],
  ["no contract expected", "INDETERMINATE", (run) => expectOnly(run, [])],
  ["only cardinality expected", "INDETERMINATE", (run) => expectOnly(run, ["cardinality"])],
  [
    "provenance not expected",
    "INDETERMINATE",
    (run) => expectOnly(run, ["cardinality", "determinism", "routing", "signal-coverage"]),
  ],
  [
    "a coverage of nothing expected",
    "INDETERMINATE",
    (run) => (run.plan.expect.coverage = { numerator: 0, denominator: 1 }),
  ],
  [
    "neither chunks nor fibres expected",
    "INDETERMINATE",
    (run) => Object.assign(run.plan.expect, { chunks: null, fibre: null }),
  ],
  [
    "no replay expected",
    "INVALID",
    (run) => {
      run.plan.expect.replay = 0;
      run.replayed = [];
    },
  ],
  [
    "a replay of positions that the plan does not choose",
    "INVALID",
    (run) => {
      run.renames = false;
      const at = (position: number) => ({ position, output: digestJson(run.outputs[position]) });
      run.replayed = Array.from({ length: run.plan.expect.replay }, (_, position) => at(position));
    },
  ],
  ["a request that names nothing", "INVALID", (run) => (run.plan.request = NOTHING)],
  ["artifacts out of order, one twice", "INVALID", (run) => run.plan.artifacts.reverse().push(run.plan.artifacts[0])],
  [
    "an artifact that nothing names",
    "INVALID",
    (run) =>
      run.artifacts.set(digestJson({ schema: "canonic/chunk/v1", lie: true }), {
        schema: "canonic/chunk/v1",
        lie: true,
      }),
  ],
  [
    "another order of groups",
    "INVALID",
    (run) => {
      const [all] = run.plan.groups;
      run.plan.groups = [all.slice(150), all.slice(0, 150)];
    },
  ],
];

const authority: readonly Attack[] = [
  [
    "claims that are not there",
    "INDETERMINATE",
    (run) => {
      for (const { data } of eventsOf(run, "TOKEN_VALIDATION")) {
        run.artifacts.delete(data.claims);
        data.claims = NOTHING;
      }
    },
  ],
  ["no claims at all", "INVALID", (run) => reclaim(run, () => null)],
  [
    "claims to other methods",
    "INVALID",
    (run) => reclaim(run, (claims) => (claims.authorization_details[0].actions = ["y"])),
  ],
  [
    "claims to other domains",
    "INVALID",
    (run) => reclaim(run, (claims) => (claims.authorization_details[0].identifier = "x")),
  ],
  ["claims to fewer invocations", "INVALID", (run) => reclaim(run, (claims) => (claims.limits.invocations = 299))],
  ["claims of another user", "INVALID", (run) => reclaim(run, (claims) => (claims.sub = "eve"))],
  ["claims to another mode", "INVALID", (run) => reclaim(run, (claims) => (claims.modes = [otherMode(run)]))],
  ["claims to another trigger", "INVALID", (run) => reclaim(run, (claims) => (claims.triggers = ["scheduled"]))],
  [
    "claims that had expired",
    "INVALID",
    (run) => reclaim(run, (claims) => Object.assign(claims, { iat: claims.iat - 86_400, exp: claims.exp - 86_400 })),
  ],
  ["claims that live for a day", "INVALID", (run) => reclaim(run, (claims) => (claims.exp = claims.iat + 86_400))],
  ["claims that are none", "INVALID", (run) => reclaim(run, (claims) => (claims.schema = "canonic/root/v1"))],
  [
    "a user who is not the plan's",
    "INVALID",
    (run) => {
      for (const { data } of eventsOf(run, "TOKEN_VALIDATION")) data.user = "eve";
    },
  ],
  [
    "no validation",
    "INVALID",
    (run) => {
      run.events = run.events.filter(({ type }) => type !== "TOKEN_VALIDATION");
    },
  ],
  [
    "a second validation",
    "INVALID",
    (run) => {
      const at = run.events.findIndex(({ type }) => type === "TOKEN_VALIDATION");
      run.events.splice(at, 0, structuredClone(run.events[at]));
    },
  ],
  [
    "another token at a scope check",
    "INVALID",
    (run) => (eventsOf(run, "AUTHORIZATION_SCOPE_CHECK")[5].data.token = NOTHING),
  ],
  [
    "another token at a limit check",
    "INVALID",
    (run) => (eventsOf(run, "RESOURCE_LIMIT_CHECK")[5].data.token = NOTHING),
  ],
  [
    "fewer uses than the run itself made",
    "INVALID",
    (run) => {
      for (const { data } of eventsOf(run, "RESOURCE_LIMIT_CHECK"))
        Object.assign(data.limits[0], { used: 0, reserved: 0 });
    },
  ],
  [
    "a limit of another name",
    "INVALID",
    (run) => {
      for (const { data } of eventsOf(run, "RESOURCE_LIMIT_CHECK")) data.limits[0].limit = "frequency";
    },
  ],
  [
    "a limit that the claims do not set",
    "INVALID",
    (run) => {
      for (const { data } of eventsOf(run, "RESOURCE_LIMIT_CHECK")) data.limits[0].max += 1;
    },
  ],
  [
    "model tokens of an operation that has none",
    "INVALID",
    (run) => (eventsOf(run, "EXECUTION_COMPLETED")[0].data.tokens = 1),
  ],
  [
    "a gate that the plan does not have",
    "INVALID",
    (run) => {
      const at = run.events.findIndex(({ type }) => type === "EXECUTION_COMPLETED");
      const asked = { gate: "SG_1", plan: run.events[0].data.plan, pins: NOTHING, reviewDecision: false };
      const before = structuredClone(run.events[at]);
      run.events.splice(at + 1, 0, { ...before, type: "APPROVAL_REQUESTED", subject: "SG_1", data: asked });
    },
  ],
  [
    "a holder of the run without a number before it",
    "INVALID",
    (run) => {
      const at = run.events.findIndex(({ type }) => type === "CONTRACT_VERDICT");
      const [frozen, validation] = run.events;
      const resumed = { completed: run.plan.tasks.length, indeterminate: [], attempt: 2, fence: frozen.data.fence };
      const copy = structuredClone(validation);
      run.events.splice(at, 0, { ...structuredClone(frozen), type: "RUN_RESUMED", data: resumed }, copy);
    },
  ],
  [
    "what is allowed with a reason to refuse it",
    "INVALID",
    (run) => {
      const [check] = eventsOf(run, "AUTHORIZATION_SCOPE_CHECK");
      check.data.reasons = [{ code: "scope.denied", place: "x", message: "not granted" }];
    },
  ],
  [
    "a refusal that was passed over",
    "INVALID",
    (run) => {
      const [check] = eventsOf(run, "AUTHORIZATION_SCOPE_CHECK");
      Object.assign(check.data, { decision: "refuse", reasons: [{ code: "x", place: "", message: "" }] });
    },
  ],
  [
    "an idempotency key of what writes nothing",
    "INVALID",
    (run) => {
      for (const { data } of eventsOf(run, "EXECUTION_STARTED")) data.idempotencyKey = "x";
    },
  ],
];

/** Puts other claims in the place of the token's; null takes them out. */
function reclaim(run: Forgery, alter: (claims: Loose) => unknown): void {
  for (const { data } of eventsOf(run, "TOKEN_VALIDATION")) {
    const claims = structuredClone(run.artifacts.get(data.claims));
    run.artifacts.delete(data.claims);
    if (alter(claims) === null) {
      data.claims = null;
      continue;
    }
    data.claims = digestJson(claims);
    run.artifacts.set(data.claims, claims);
  }
}

function otherMode({ plan }: Forgery): string {
  return plan.mode === "live" ? "dryrun" : "live";
}

const documents: readonly Attack[] = [
  [
    "a record of another text",
    "INVALID",
    (run) => alterArtifact(run, "canonic/document/v1", (record) => (record.text = { digest: NOTHING, sizeBytes: 1 })),
  ],
  [
    "a record of another source",
    "INVALID",
    (run) => alterArtifact(run, "canonic/document/v1", (record) => (record.source.digest = NOTHING)),
  ],
  [
    "a record of fewer paragraphs",
    "INVALID",
    (run) => alterArtifact(run, "canonic/document/v1", (record) => (record.paragraphs = 9)),
  ],
  [
    "a record with a gap between pages",
    "INVALID",
    (run) => alterArtifact(run, "canonic/document/v1", ({ pages }) => (pages[0].start = 5)),
  ],
  [
    "a request in another language under another seed",
    "INVALID",
    (run) =>
      alterArtifact(run, "canonic/policy-analysis-request/v1", (request) =>
        Object.assign(request, { seed: 7, language: "es" }),
      ),
  ],
  [
    "a package with other metrics",
    "INVALID",
    (run) => alterArtifact(run, "canonic/policy-package/v1", ({ metrics }) => metrics.passages++),
  ],
  [
    "a package with another root",
    "INVALID",
    (run) => alterArtifact(run, "canonic/policy-package/v1", (value) => (value.integrityRoot = NOTHING)),
  ],
  [
    "a package without a chunk",
    "INVALID",
    (run) => alterArtifact(run, "canonic/policy-package/v1", ({ chunks }) => chunks.pop()),
  ],
  ["another text", "INVALID", (run) => (run.text = Buffer.from(run.text).fill(0x20, 0, 9))],
  [
    "a passage of another wording",
    "INVALID",
    (run) => alterArtifact(run, "canonic/chunk/v1", ({ passages }) => (passages[0].text = "never written"), isFound),
  ],
  [
    "a chunk emptied of what was found",
    "INVALID",
    (run) =>
      alterArtifact(
        run,
        "canonic/chunk/v1",
        (chunk) => {
          chunk.kind = "empty";
          delete chunk.passages;
        },
        isFound,
      ),
  ],
  [
    "an annotation outside the text",
    "INVALID",
    (run) =>
      alterArtifact(
        run,
        "canonic/signal/v1",
        ({ annotations }) => Object.assign(annotations[0], { span: { start: 9e8, end: 9e8 + 4 }, digest: NOTHING }),
        ({ annotations }) => annotations.length > 0,
      ),
  ],
];

const isFound = ({ kind }: Loose) => kind === "found";
const hasMany = ({ links }: Loose) => links.length > 2;

const outputs: readonly Attack[] = [
  [
    "elements that the question does not have",
    "INVALID",
    (run) => (answer(run).elements = [{ id: "invented", met: true }]),
  ],
  [
    "the best score with nothing met",
    "INVALID",
    (run) => {
      for (const element of answer(run).elements) element.met = false;
      answer(run).score = 3;
    },
  ],
  ["another area", "INVALID", (run) => Object.assign(run.outputs[0], { area: "PA09", dimension: "DIM06" })],
  [
    "another modality",
    "INVALID",
    (run) => {
      run.outputs[0].modality = run.outputs[0].modality === "presence" ? "count" : "presence";
    },
  ],
  [
    "an invented search",
    "INVALID",
    (run) => {
      const search = { method: "none", terms: ["x"], paragraphs: 0, candidates: 0, bestScore: 0, threshold: 0 };
      run.outputs[unanswered(run)].search = search;
    },
  ],
  [
    "evidence elsewhere in the document",
    "INVALID",
    (run) => {
      Object.assign(answer(run).evidence[0], {
        span: { start: 0, end: 5 },
        digest: digestBytes(run.text.subarray(0, 5)),
      });
    },
  ],
  ["two outputs exchanged", "INVALID", (run) => run.outputs.splice(0, 2, run.outputs[1], run.outputs[0])],
  [
    "a funnel of invented numbers",
    "INVALID",
    forgeCoverage(({ funnel }) => {
      for (const stage of ["declared", "wired", "emitted", "valid", "fresh", "consumed"]) funnel[stage] = 9e9;
    }),
  ],
  [
    "a minimum of invented numbers",
    "INVALID",
    forgeCoverage((coverage) => {
      coverage.minimumByArea.planned = { numerator: 7, denominator: 7 };
    }),
  ],
  [
    "a signal read that no task was given",
    "INVALID",
    (run) => {
      const link = { pattern: "x", span: { start: 1, end: 2 }, chunkDigest: NOTHING, previous: NOTHING };
      run.outputs[0].signals.push({ signal: NOTHING, kind: "causal-verbs", links: [link] });
    },
  ],
  [
    "readings reversed and repeated",
    "INVALID",
    (run) =>
      alterRecord(
        run,
        hasMany,
        (record) => (record.links = [...record.links.reverse(), ...structuredClone(record.links)]),
      ),
  ],
  [
    "an absence found by an invented pattern",
    "INVALID",
    (run) =>
      alterRecord(
        run,
        ({ links }) => links[0].span === null,
        (record) =>
          (record.links = [
            { ...record.links[0], pattern: "made-up" },
            { ...record.links[0], pattern: "x" },
          ]),
      ),
  ],
];

const events: readonly Attack[] = [
  [
    "a task's events under another's name",
    "INVALID",
    (run) => {
      const [a, b] = eventsOf(run, "EXECUTION_COMPLETED");
      [a.subject, b.subject] = [b.subject, a.subject];
    },
  ],
  [
    "a verdict under a task's name",
    "INVALID",
    (run) => {
      run.keepsVerdicts = true;
      const [verdict] = eventsOf(run, "CONTRACT_VERDICT");
      verdict.subject = taskAt(run, 0).id;
    },
  ],
  ["no seal", "INVALID", (run) => run.events.pop()],
  [
    "a verdict that counts more",
    "INVALID",
    (run) => {
      run.keepsVerdicts = true;
      for (const { data } of eventsOf(run, "CONTRACT_VERDICT")) data.checked += 1;
    },
  ],
];

/** By default the first of every three: each makes and verifies a whole bundle anew. */
const isAll = process.env["CANONIC_FORGERIES"] === "all";

describe.each([
  ["plan", plans],
  ["authority", authority],
  ["document", documents],
  ["outputs", outputs],
  ["events", events],
])("a dishonest keeper who alters the %s and makes everything else anew", (_part, attacks) => {
  test.each(attacks.filter((_attack, index) => isAll || index % 3 === 0))("%s: %s", async (_title, verdict, alter) => {
    const found = await verdictAfter(alter);

    expect(found).toMatchObject({ verdict });
    expect(found.codes.length).toBeGreaterThan(0);
  });
});

test("at least 35 attacks are named", () => {
  const titles = [plans, authority, documents, outputs, events].flat().map(([title]) => title);

  expect(new Set(titles).size).toBe(titles.length);
  expect(titles.length).toBeGreaterThanOrEqual(35);
});
