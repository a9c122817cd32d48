/**
 * Reads what lineage is made of, from a log or from a bundle.
 *
 * Invariants:
 *   D1. What a log or a bundle does not hold is left out; what cannot be a run at all is an error that names the place.
 *   D2. A bundle is read, not judged: whether it can be believed, `verifyBundle` says.
 *
 * @module
 */
import {
  ArchiveManifest,
  BundleManifest,
  type Digest,
  digestBytes,
  type JsonValue,
  LEAF_BYTES_MAX,
  Plan,
  type RunEvent,
  type RunId,
} from "@canonic/contracts";
import { artifactPath, CERTIFICATES, EVENTS, MANIFEST, OUTPUTS, PLAN, runFolder } from "../bundle-layout.ts";
import { type BundleSource, readWhole } from "../bundle-source.ts";
import { AuditError } from "../errors.ts";
import { readLeaf } from "../leaf.ts";
import { readRun } from "../runs.ts";
import { sourceAt } from "../source-at.ts";
import type { LogReader } from "../storage.ts";
import { canonicalOrUndefined, certificatesIn, LineageFacts, type LineageRecord } from "./record.ts";

const FILE_BYTES_MAX = 256 * 1024 * 1024;

/**
 * From a log.
 *
 * @throws {AuditError} `audit.run-unknown`, `audit.log-damaged`, `audit.lineage-unreadable` when the plan is gone.
 */
export async function readLineage(reader: LogReader, run: RunId, origin: string): Promise<LineageRecord> {
  const { events, chain } = await readRun(reader, run);
  const jsonOf = async (digest: Digest): Promise<JsonValue | undefined> => {
    const bytes = await reader.payload(digest);
    return bytes !== undefined && digestBytes(bytes) === digest ? canonicalOrUndefined(bytes) : undefined;
  };
  const plan = planOf(await jsonOf(chain.plan as Digest), `the plan \`${chain.plan}\``);
  const facts = factsOf(events);
  const artifacts = new Map<Digest, JsonValue>();
  for (const digest of plan.artifacts) {
    const value = await jsonOf(digest);
    if (value !== undefined) artifacts.set(digest, value);
  }
  const outputs: (JsonValue | undefined)[] = [];
  for (const { id } of plan.tasks) {
    const digest = facts.tasks.get(id)?.output;
    outputs.push(digest === undefined ? undefined : await jsonOf(digest));
  }
  return { run, origin, plan, facts, artifacts, outputs, certificates: [] };
}

/**
 * From a bundle, whatever it is worth: in a directory, in a tar file, or wherever `bundle` reads from.
 *
 * @throws {AuditError} `audit.lineage-unreadable` for what is no bundle, `audit.bundle-path` for what cannot be read.
 */
export async function readBundleLineage(bundle: string | BundleSource): Promise<LineageRecord> {
  const source = typeof bundle === "string" ? sourceAt(bundle) : bundle;
  const paths = new Set((await source.list()).filter(({ isFile }) => isFile).map(({ path }) => path));
  const read = async (path: string) => (paths.has(path) ? await readWhole(source, path, FILE_BYTES_MAX) : undefined);
  const value = canonicalOrUndefined(await read(MANIFEST));
  const archive = ArchiveManifest.safeParse(value).data;
  if (archive !== undefined) throw manyRuns(archive);
  const manifest = BundleManifest.safeParse(value);
  if (!manifest.success) throw unreadable(MANIFEST, "the manifest of a bundle");
  const plan = planOf(canonicalOrUndefined(await read(PLAN)), PLAN);
  const events = eventsIn(await read(EVENTS));
  const artifacts = new Map<Digest, JsonValue>();
  for (const digest of new Set(plan.artifacts)) {
    const value = canonicalOrUndefined(await read(artifactPath(digest)));
    if (value !== undefined) artifacts.set(digest, value);
  }
  const facts = factsOf(events);
  const outputs = await outputsIn(plan, facts, read);
  const certificates = certificatesIn(await read(CERTIFICATES));
  const { run, origin } = manifest.data;
  return { run, origin, plan, facts, artifacts, outputs, certificates };
}

/** From the file of outputs, or, where there is none, from the artifacts: a bound run that was not sealed keeps them there. */
async function outputsIn(
  plan: Plan,
  facts: LineageFacts,
  read: (path: string) => Promise<Uint8Array | undefined>,
): Promise<(JsonValue | undefined)[]> {
  const file = await read(OUTPUTS);
  if (file !== undefined) return linesIn(file).map(canonicalOrUndefined);
  const outputs: (JsonValue | undefined)[] = [];
  for (const { id } of plan.tasks) {
    const digest = facts.tasks.get(id)?.output;
    outputs.push(digest === undefined ? undefined : canonicalOrUndefined(await read(artifactPath(digest))));
  }
  return outputs;
}

function eventsIn(file: Uint8Array | undefined): RunEvent[] {
  if (file === undefined) throw unreadable(EVENTS, "the events of a run");
  return linesIn(file).map((line, index) => {
    try {
      if (line.length <= LEAF_BYTES_MAX) return readLeaf(line);
    } catch {
      // Reported with its line below.
    }
    throw unreadable(`${EVENTS}:${index + 1}`, "the canonical JSON of an event");
  });
}

/** The lines of a file; what follows the last line feed is one too, when there is anything. */
function linesIn(file: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let from = 0;
  for (let end = file.indexOf(0x0a); end >= 0; end = file.indexOf(0x0a, from)) {
    lines.push(file.subarray(from, end));
    from = end + 1;
  }
  return from < file.length ? [...lines, file.subarray(from)] : lines;
}

function factsOf(events: readonly RunEvent[]): LineageFacts {
  const facts = new LineageFacts();
  for (const event of events) facts.next(event);
  return facts;
}

function planOf(value: JsonValue | undefined, place: string): Plan {
  const parsed = Plan.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unreadable(place, "a plan of `canonic/plan/v1`");
}

/** An archive is no run: each of its bundles is. */
function manyRuns({ runs }: ArchiveManifest): AuditError<"audit.lineage-unreadable"> {
  const [first] = runs;
  const like = first === undefined ? "" : `, like \`${runFolder(first.run)}\``;
  const message = `this is an archive: name the folder of one of its bundles${like}`;
  return new AuditError("audit.lineage-unreadable", message, { place: MANIFEST, expected: "the manifest of a bundle" });
}

function unreadable(place: string, expected: string): AuditError<"audit.lineage-unreadable"> {
  return new AuditError("audit.lineage-unreadable", `${place} is not there or not ${expected}`, { place, expected });
}
