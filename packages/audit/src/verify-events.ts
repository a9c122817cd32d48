/**
 * The events of a bundle: strict bytes, chain, place in the log, grammar, and agreement with the plan.
 *
 * @module
 */
import {
  type BundleManifest,
  digestFromBytes,
  InclusionProof,
  LEAF_BYTES_MAX,
  type RunEvent,
} from "@canonic/contracts";
import type { AuthenticFiles } from "./authentic-files.ts";
import { CHECKPOINT, EVENTS, PROOF } from "./bundle-layout.ts";
import { type ChainState, followChain, startRun } from "./chain.ts";
import { type Checkpoint, openCheckpoint } from "./checkpoint.ts";
import { EventFacts } from "./event-facts.ts";
import type { Findings } from "./findings.ts";
import { RunGrammar, type Standing } from "./grammar.ts";
import type { NoteKey } from "./keys.ts";
import { readLeaf } from "./leaf.ts";
import { rootOfRunProof } from "./run-proof.ts";
import { leafHash, sameBytes } from "./tree-hash.ts";
import type { Planned } from "./verify-plan.ts";

/** Walks all events once; what they add up to is the result. */
export async function verifyEvents(
  files: AuthenticFiles,
  manifest: BundleManifest,
  { keys, approvers }: { readonly keys: readonly NoteKey[]; readonly approvers: readonly NoteKey[] },
  planned: Planned,
  findings: Findings,
): Promise<EventFacts> {
  const grammar = new RunGrammar(planned.plan, findings);
  const facts = new EventFacts(planned, { origin: manifest.origin, approvers }, findings);
  const hashes: Uint8Array[] = [];
  let chain: ChainState | undefined;
  for await (const bytes of files.lines(EVENTS, LEAF_BYTES_MAX)) {
    const place = `${EVENTS}:${hashes.length + 1}`;
    const hash = leafHash(bytes);
    hashes.push(hash);
    const event = parseEvent(bytes);
    if (event === undefined) {
      findings.invalid("event-malformed", place, "the line is not the canonical JSON of an event");
      continue;
    }
    const next = followChain(chain, event, digestFromBytes(hash));
    if (typeof next === "string") findings.invalid("chain-broken", place, `the chain has ${next}`);
    chain = typeof next === "string" ? resync(event, hash, chain) : next;
    if (event.run !== manifest.run) findings.invalid("event-foreign", place, "the event is of another run");
    grammar.next(event);
    facts.next(event);
  }
  if (hashes.length === 0) findings.invalid("event-missing", EVENTS, "there is no event");
  if (chain !== undefined && chain.plan !== manifest.plan)
    findings.invalid("plan-mismatch", EVENTS, "the run is of another plan");
  const standing = grammar.end();
  if ((standing.kind === "sealed") !== manifest.sealed)
    findings.invalid("seal-mismatch", EVENTS, "manifest and events disagree on whether the run is sealed");
  openUnsealed(standing, manifest.run, findings);
  await verifyPlaceInLog(files, manifest, keys, hashes, findings);
  return facts;
}

/** What is not sealed may have more to it; where it stands is what a person wants to know. */
function openUnsealed(standing: Standing, run: string, findings: Findings): void {
  if (standing.kind === "waiting")
    findings.open("run-waiting", run, `the run is not sealed: it waits at gate \`${standing.gate}\``);
  if (standing.kind === "stopped")
    findings.open(
      "run-stopped",
      run,
      `the run is not sealed: it stopped at \`${standing.at}\` with \`${standing.code}\``,
    );
  if (standing.kind === "unfinished")
    findings.open("run-unsealed", run, "the run is not sealed: it is not shown that this is all of it");
}

/** Goes on behind a broken link, so that one break is one finding. */
function resync(event: RunEvent, hash: Uint8Array, chain: ChainState | undefined): ChainState {
  const started = chain ?? startRun(event.run as ChainState["run"] as never, event.prev, 0);
  return { ...started, run: event.run, seq: event.seq + 1, prev: digestFromBytes(hash), sealed: false };
}

async function verifyPlaceInLog(
  files: AuthenticFiles,
  manifest: BundleManifest,
  keys: readonly NoteKey[],
  hashes: readonly Uint8Array[],
  findings: Findings,
): Promise<void> {
  const checkpoint = openTrusted(await files.bytes(CHECKPOINT), keys);
  if (checkpoint === undefined)
    findings.invalid("checkpoint-signature", CHECKPOINT, "the checkpoint is not one that a trusted key signed");
  else if (checkpoint.origin !== manifest.origin)
    findings.invalid("checkpoint-origin", CHECKPOINT, "the checkpoint is of another log");
  const value = await files.json(PROOF);
  const proof = InclusionProof.safeParse(value);
  if (!proof.success) {
    if (value !== undefined) findings.invalid("proof-malformed", PROOF, "the proof is not of its schema");
    return;
  }
  if (checkpoint === undefined) return;
  const root = proof.data.treeSize === checkpoint.size ? rootOfRunProof(proof.data, hashes) : undefined;
  if (root !== undefined && sameBytes(root, checkpoint.root)) return;
  findings.invalid("proof-wrong", PROOF, "the events do not stand in the log that the checkpoint is of");
}

function openTrusted(note: Uint8Array | undefined, keys: readonly NoteKey[]): Checkpoint | undefined {
  try {
    return note && openCheckpoint(note, keys);
  } catch {
    return undefined;
  }
}

function parseEvent(bytes: Uint8Array): RunEvent | undefined {
  try {
    return readLeaf(bytes);
  } catch {
    return undefined;
  }
}
