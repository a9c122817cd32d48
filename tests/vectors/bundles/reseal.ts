/**
 * What the holder of a log's key can do with a small bundle: alter its events and plan, and sign all of it again.
 *
 * Chain, tree, proof, checkpoint and manifest are made anew, so that only what is false in itself is wrong with the result.
 * Renditions and other proofs of the old tree are left out: a bundle need not have them.
 *
 * @module
 */
import { Frontier, leafHash, type NoteSigner, signCheckpoint, signNote } from "@canonic/audit";
import {
  canonicalBytes,
  canonicalJson,
  type Digest,
  digestBytes,
  digestFromBytes,
  digestJson,
  runIdOf,
} from "@canonic/contracts";

// biome-ignore lint/suspicious/noExplicitAny: forged values are of any shape.
export type Loose = any;
export type Files = ReadonlyMap<string, string>;

/** Parts of a bundle that are the forger's; `plan` and `events` may be changed in place. */
export interface Opened {
  plan: Loose;
  events: Loose[];
  readonly others: Map<string, string>;
}

const KEPT = /^(registry\.json|contracts\.jsonl|outputs\.jsonl|document\.txt|artifacts\/.*)$/;

export function opened(files: Files): Opened {
  const textOf = (path: string) => files.get(path) ?? "";
  return {
    plan: JSON.parse(textOf("plan.json")),
    events: textOf("events.jsonl")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
    others: new Map([...files].filter(([path]) => KEPT.test(path))),
  };
}

/** The bundle made again; `tellsSeal` counts and heads of the seal, when they are not themselves the lie. */
export function forgedAgain({ plan, events, others }: Opened, signer: NoteSigner, tellsSeal = true): Files {
  const planDigest = digestJson(plan);
  const run = runIdOf(planDigest, events[0].data.number);
  const before = events[0].run;
  events[0].data.plan = planDigest;
  delete events[0].data.checkpoint;
  const frontier = new Frontier();
  const lines: string[] = [];
  let prev: Digest = planDigest;
  for (const [seq, event] of events.entries()) {
    if (event.run === before) event.run = run;
    if (event.subject === before) event.subject = run;
    Object.assign(event, { prev, seq });
    if (event.type === "RUN_SEALED" && tellsSeal) sealAgain(event, events.slice(0, seq + 1), prev);
    const line = canonicalJson(event);
    const hash = leafHash(Buffer.from(line));
    frontier.append(hash, () => undefined);
    prev = digestFromBytes(hash);
    lines.push(line);
  }
  const { size } = frontier;
  const files = new Map(others);
  files.set("plan.json", canonicalJson(plan));
  files.set("events.jsonl", lines.map((line) => `${line}\n`).join(""));
  files.set("checkpoint", text(signCheckpoint({ origin: signer.name, size, root: frontier.root() }, signer)));
  const proof = { schema: "canonic/inclusion-proof/v1", treeSize: size, ranges: [[0, size]], hashes: [] };
  files.set("proof.json", canonicalJson(proof as Loose));
  return listedAgain(files, signer, { run, plan: planDigest, sealed: events.at(-1).type === "RUN_SEALED" });
}

/** The files as they are now under a new manifest; `facts` are what it says of the run. */
export function listedAgain(files: Files, signer: NoteSigner, facts: Loose = {}): Files {
  const paths = [...files.keys()].filter((path) => !path.startsWith("manifest.")).sort((a, b) => (a < b ? -1 : 1));
  const listed = paths.map((path) => {
    const bytes = Buffer.from(files.get(path) ?? "");
    return { path, digest: digestBytes(bytes), sizeBytes: bytes.length };
  });
  const old = files.has("manifest.json") ? JSON.parse(files.get("manifest.json") ?? "") : {};
  const manifest = text(
    canonicalBytes({ schema: "canonic/bundle-manifest/v1", origin: signer.name, ...old, ...facts, files: listed }),
  );
  const note = signNote(`canonic/bundle-manifest/v1\n${signer.name}\n${digestBytes(manifest)}\n`, signer);
  return new Map([...files, ["manifest.json", manifest], ["manifest.note", text(note)]]);
}

function sealAgain(seal: Loose, events: readonly Loose[], prev: Digest): void {
  const counts: Record<string, number> = {};
  for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
  Object.assign(seal.data, { counts, events: events.length, head: prev });
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}
