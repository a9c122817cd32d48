/**
 * What a dishonest keeper of a log can do: alter anything of a run and sign all of it again with the log's own key.
 *
 * Task ids, digests, chain, seal, tree, checkpoint, verdicts and manifest are made anew, so that only what is false in
 * itself can betray the bundle.
 *
 * @module
 */
import { Frontier, leafHash, type NoteSigner, signCheckpoint, signNote } from "@canonic/audit";
import {
  canonicalBytes,
  canonicalJson,
  checkCoreContracts,
  coverageDenominatorOf,
  type Digest,
  digestBytes,
  digestFromBytes,
  digestJson,
  expectedReplay,
  inputDigestOf,
  runIdOf,
  taskIdOf,
} from "@canonic/contracts";
import { type Bundle, fileOf } from "./bundle-copy.ts";

/** A value that is altered at will: its type would only be in the way of a lie. */
// biome-ignore lint/suspicious/noExplicitAny: forged values are of any shape.
export type Loose = any;

/** A run, opened: every value of it is the forger's. */
export type Forgery = {
  plan: Loose;
  readonly registry: Loose;
  readonly contracts: Loose[];
  events: Loose[];
  outputs: Loose[];
  readonly artifacts: Map<Digest, Loose>;
  /** Empty where the run has none. */
  text: Uint8Array;
  /** False: task ids stay as they are. */
  renames: boolean;
  /** Null: those that the plan chooses, each with its output. */
  replayed: { position: number; output: Digest | null }[] | null;
  /** Null: the run's own. */
  coverage: Loose;
  /** True: verdicts and their evidence stay as they are. */
  keepsVerdicts: boolean;
};

export function opened(bundle: Bundle): Forgery {
  const json = (path: string): Loose => JSON.parse(Buffer.from(fileOf(bundle, path)).toString());
  const lines = (path: string): Loose[] =>
    Buffer.from(fileOf(bundle, path))
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  const artifacts = new Map<Digest, Loose>();
  for (const path of bundle.keys())
    if (path.startsWith("artifacts/")) artifacts.set(`sha256:${path.slice(10, 74)}` as Digest, json(path));
  return {
    plan: json("plan.json"),
    registry: json("registry.json"),
    contracts: lines("contracts.jsonl"),
    events: lines("events.jsonl"),
    outputs: lines("outputs.jsonl"),
    artifacts,
    text: bundle.get("document.txt") ?? new Uint8Array(),
    renames: true,
    replayed: null,
    coverage: null,
    keepsVerdicts: false,
  };
}

/** Puts `value` in the place of an artifact, and its digest wherever the old one stood. */
export function replaceArtifact(run: Forgery, old: Digest, value: Loose): Digest {
  const digest = digestJson(value);
  run.artifacts.delete(old);
  run.artifacts.set(digest, value);
  for (const part of [run.plan, run.outputs]) substitute(part, old, digest);
  run.plan.artifacts = [...new Set(run.plan.artifacts)].sort();
  for (const [name, other] of [...run.artifacts])
    if (run.plan.artifacts.includes(name) && canonicalJson(other).includes(old)) {
      const copy = structuredClone(other);
      substitute(copy, old, digest);
      replaceArtifact(run, name, copy);
    }
  return digest;
}

function substitute(value: Loose, from: string, to: string): void {
  for (const key of Object.keys(value)) {
    if (value[key] === from) value[key] = to;
    else if (typeof value[key] === "object" && value[key] !== null) substitute(value[key], from, to);
  }
}

/** Chains the links of a consumption record anew. */
export function rechained(record: Loose): void {
  let previous = record.signal;
  for (const link of record.links) {
    link.previous = previous;
    previous = digestJson(link);
  }
}

/** The whole bundle made again, signed by the log's key. */
export function forged(run: Forgery, origin: string, signer: NoteSigner): Bundle {
  if (run.renames) renameTasks(run);
  const lines = run.outputs.map((output) => canonicalJson(output));
  const planDigest = digestJson(run.plan);
  retellEvents(run, planDigest, lines);
  if (!run.keepsVerdicts) recheck(run, lines);
  const outputs = Buffer.from(lines.map((line) => `${line}\n`).join(""));
  sealAgain(run, outputs);
  const { leaves, hashes } = chained(run.events, planDigest);
  const frontier = new Frontier();
  for (const hash of hashes) frontier.append(hash, () => undefined);
  const proof = {
    schema: "canonic/inclusion-proof/v1",
    treeSize: hashes.length,
    ranges: [[0, hashes.length]],
    hashes: [],
  };
  const files = new Map<string, Uint8Array>([
    ["checkpoint", signCheckpoint({ origin, size: hashes.length, root: frontier.root() }, signer)],
    ["proof.json", canonicalBytes(proof)],
    ["events.jsonl", leaves],
    ["plan.json", canonicalBytes(run.plan)],
    ["registry.json", canonicalBytes(run.registry)],
    ["contracts.jsonl", Buffer.from(run.contracts.map((contract) => `${canonicalJson(contract)}\n`).join(""))],
    ["outputs.jsonl", outputs],
    ...(run.text.length === 0 ? [] : [["document.txt", run.text] as const]),
  ]);
  for (const [digest, value] of run.artifacts) files.set(`artifacts/${digest.slice(7)}.json`, canonicalBytes(value));
  const listed = [...files].map(([path, bytes]) => ({ path, digest: digestBytes(bytes), sizeBytes: bytes.length }));
  const manifest = canonicalBytes({
    schema: "canonic/bundle-manifest/v1",
    run: run.events[0].run,
    plan: planDigest,
    origin,
    sealed: run.events.at(-1).type === "RUN_SEALED",
    files: listed.sort((a, b) => (a.path < b.path ? -1 : 1)),
  });
  files.set("manifest.json", manifest);
  const text = `canonic/bundle-manifest/v1\n${origin}\n${digestBytes(manifest)}\n`;
  files.set("manifest.note", signNote(text, signer));
  return files;
}

function renameTasks(run: Forgery): void {
  const renamed = new Map<string, string>();
  for (const task of run.plan.tasks) {
    const id = taskIdOf(run.plan.seed, task);
    renamed.set(task.id, id);
    task.id = id;
  }
  const idOf = (id: string) => renamed.get(id) ?? id;
  for (const output of run.outputs) if (output.task !== undefined) output.task = idOf(output.task);
  for (const event of run.events) event.subject = idOf(event.subject);
}

/** Every event says again what plan and outputs say. */
function retellEvents(run: Forgery, plan: Digest, lines: readonly string[]): void {
  const before = run.events[0].run;
  const id = runIdOf(plan, run.events[0].data.number);
  const positions = new Map<string, number>(run.plan.tasks.map((task: Loose, at: number) => [task.id, at]));
  for (const event of run.events) {
    if (event.run === before) event.run = id;
    if (event.subject === before) event.subject = id;
    const position = positions.get(event.subject) ?? -1;
    const task = run.plan.tasks[position];
    const line = lines[position];
    if (event.type === "PLAN_FROZEN") {
      Object.assign(event.data, { plan, registry: run.plan.registry });
      // The forged log holds this run alone: there was nothing before that it could have begun under.
      delete event.data.checkpoint;
    }
    if (event.type === "ROUTING_DECISION") event.data.snapshot = run.plan.registry;
    if (event.type === "EXECUTION_STARTED" && task !== undefined) event.data.input = inputDigestOf(task);
    if (event.type === "EXECUTION_COMPLETED" && line !== undefined)
      Object.assign(event.data, { output: digestBytes(line), sizeBytes: Buffer.byteLength(line) });
  }
}

/** Decides the contracts again with our own checks: a verdict that does not follow would be found at once. */
function recheck(run: Forgery, lines: readonly string[]): void {
  const verdicts = run.events.filter(({ type }) => type === "CONTRACT_VERDICT");
  const evidenceOf = (name: string) =>
    run.artifacts.get(verdicts.find(({ data }) => data.contract === name)?.data.evidence);
  const outputs = run.plan.tasks.map((task: Loose, at: number) => ({
    task: task.id,
    digest: digestBytes(lines[at] ?? ""),
  }));
  const chosen = expectedReplay(run.plan, run.registry).sort((a, b) => a - b);
  const replayed = run.replayed ?? chosen.map((position) => ({ position, output: outputs[position].digest }));
  const chunks = new Map();
  for (const { binding } of run.plan.tasks)
    if (binding !== null) chunks.set(binding.chunkDigest, run.artifacts.get(binding.chunkDigest));
  const coverage = run.coverage ?? structuredClone(evidenceOf("signal-coverage"));
  const ids = run.plan.tasks.map(({ id }: Loose) => id);
  if (coverage !== undefined) coverage.denominator = coverageDenominatorOf(ids);
  const policy = { text: run.text, chunks, values: run.outputs, artifacts: run.artifacts, coverage };
  for (const { verdict, evidence } of checkCoreContracts({
    plan: run.plan,
    snapshot: run.registry,
    outputs,
    replayed,
    policy,
  })) {
    const event = verdicts.find(({ data }) => data.contract === verdict.contract);
    if (event === undefined) continue;
    run.artifacts.delete(event.data.evidence);
    event.data = verdict;
    run.artifacts.set(verdict.evidence, evidence);
  }
}

function sealAgain(run: Forgery, outputs: Uint8Array): void {
  const seal = run.events.at(-1);
  if (seal.type !== "RUN_SEALED") return;
  const counts: Record<string, number> = {};
  for (const { type } of run.events) counts[type] = (counts[type] ?? 0) + 1;
  Object.assign(seal.data, { counts, events: run.events.length });
  if (seal.data.outputs !== null) seal.data.outputs = digestBytes(outputs);
}

function chained(events: readonly Loose[], plan: Digest): { leaves: Uint8Array; hashes: Uint8Array[] } {
  const leaves: Uint8Array[] = [];
  const hashes: Uint8Array[] = [];
  let prev = plan;
  for (const [seq, event] of events.entries()) {
    Object.assign(event, { seq, prev });
    if (event.type === "RUN_SEALED") event.data.head = prev;
    const bytes = canonicalBytes(event);
    leaves.push(bytes, Buffer.from("\n"));
    hashes.push(leafHash(bytes));
    prev = digestFromBytes(leafHash(bytes));
  }
  return { leaves: Buffer.concat(leaves), hashes };
}
