/**
 * The events of a bundle: strict bytes, chain, place in the log, grammar, and agreement with the plan.
 *
 * @module
 */
import { digestFromBytes, LEAF_BYTES_MAX, type RunEvent } from "@canonic/contracts";
import { EVENTS, PROOF } from "./bundle-layout.ts";
import { type ChainState, followChain, startRun } from "./chain.ts";
import { epochMsOf } from "./epoch.ts";
import { EventFacts } from "./event-facts.ts";
import type { Findings } from "./findings.ts";
import { RunGrammar, type Standing } from "./grammar.ts";
import { knownLeaves } from "./known-leaf.ts";
import { readLeaf } from "./leaf.ts";
import { RunProofFold } from "./run-proof.ts";
import { leafHash, sameBytes } from "./tree-hash.ts";
import { trustedApproversOf } from "./trust.ts";
import type { VerifyOpening, VerifyReader } from "./verify-context.ts";
import type { Planned } from "./verify-plan.ts";

/** Walks all events once, each past every reader; what they add up to is the result. */
export async function verifyEvents(
  opening: VerifyOpening,
  planned: Planned,
  readers: readonly VerifyReader[],
): Promise<EventFacts> {
  const { files, manifest, findings, proof, options } = opening;
  const grammar = new RunGrammar(planned.plan, findings, planned.positions);
  const approvers = trustedApproversOf(options.trust);
  const facts = new EventFacts(planned, { origin: manifest.origin, approvers }, findings);
  const fold = proof === undefined ? undefined : new RunProofFold(proof);
  const readKnown = knownLeaves();
  let lines = 0;
  let chain: ChainState | undefined;
  for await (const bytes of files.lines(EVENTS, LEAF_BYTES_MAX)) {
    lines += 1;
    const place = `${EVENTS}:${lines}`;
    const hash = leafHash(bytes);
    const index = fold?.next(hash);
    const event = readKnown(bytes) ?? parseEvent(bytes);
    if (event === undefined) {
      findings.invalid("event-malformed", place, "the line is not the canonical JSON of an event");
      continue;
    }
    // Where there is no moment, nothing that is held against it would ever be late.
    if (Number.isNaN(epochMsOf(event.at)))
      findings.invalid("event-untrue", place, "the event is dated to a moment that there is not");
    const next = followChain(chain, event, digestFromBytes(hash));
    if (typeof next === "string") findings.invalid("chain-broken", place, `the chain has ${next}`);
    chain = typeof next === "string" ? resync(event, hash, chain) : next;
    if (event.run !== manifest.run) findings.invalid("event-foreign", place, "the event is of another run");
    grammar.next(event);
    facts.next(event);
    for (const reader of readers) reader.next(event, { bytes, hash, index, place });
  }
  if (lines === 0) findings.invalid("event-missing", EVENTS, "there is no event");
  if (chain !== undefined && chain.plan !== manifest.plan)
    findings.invalid("plan-mismatch", EVENTS, "the run is of another plan");
  const standing = grammar.end();
  if ((standing.kind === "sealed") !== manifest.sealed)
    findings.invalid("seal-mismatch", EVENTS, "manifest and events disagree on whether the run is sealed");
  openUnsealed(standing, manifest.run, findings);
  verifyPlaceInLog(opening, fold);
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

function verifyPlaceInLog({ checkpoint, proof, findings }: VerifyOpening, fold: RunProofFold | undefined): void {
  if (checkpoint === undefined || proof === undefined) return;
  const { size, root } = checkpoint.value;
  const found = proof.treeSize === size ? fold?.root() : undefined;
  if (found !== undefined && sameBytes(found, root)) return;
  findings.invalid("proof-wrong", PROOF, "the events do not stand in the log that the checkpoint is of");
}

function parseEvent(bytes: Uint8Array): RunEvent | undefined {
  try {
    return readLeaf(bytes);
  } catch {
    return undefined;
  }
}
