/**
 * A store with a log of sealed runs, made without executing anything, and histories that contradict it.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  Frontier,
  type Journal,
  leafHash,
  nodeHash,
  openJournal,
  proveConsistency,
  signCheckpoint,
  signerFromPem,
} from "@canonic/audit";
import { canonicalBytes, type Digest, digestBytes, type Payload } from "@canonic/contracts";
import { openSqliteStore } from "@canonic/store-sqlite";
import { canonicJson } from "../main-job/command-line.ts";

const clock = { now: () => "2026-01-31T12:00:00.000Z" };

/** The log's signer of a store that `canonic keys init` made. */
export async function initialisedStore(store: string) {
  const { origin } = await canonicJson<{ origin: string }>(["keys", "init", "--store", store]);
  return signerFromPem(origin, readFileSync(join(store, "keys", "log.pem"), "utf8"));
}

/** Appends a run of so many events, the last of them its seal. */
export async function appendRun(
  store: string,
  signer: ReturnType<typeof signerFromPem>,
  events: number,
): Promise<void> {
  const storage = openSqliteStore({ directory: store });
  const journal = await openJournal({ storage, clock, identity: { origin: signer.name, signer } });
  journalRun(journal, events);
  await journal.close();
}

/** A run of so many events that were never executed, the last of them its seal. */
export function journalRun(journal: Journal, events: number): void {
  const planned = payloadOf(`plan ${events}`);
  const plan = planned.digest;
  const { run, number } = journal.begin(plan);
  const data = {
    number,
    plan,
    registry: plan,
    tasks: 1,
    mode: "live",
    semantics: 1,
    engine: "local",
    fence: 1,
  } as const;
  let head: Digest = journal.append(run, { type: "PLAN_FROZEN", subject: run, data }, [planned]).leaf;
  for (let at = 1; at < events - 1; at += 1) {
    const given = payloadOf(`${events} ${at}`);
    const output = { output: given.digest, sizeBytes: given.bytes.length, tokens: 0, contract: "satisfied" } as const;
    const subject = "task_00000000000000000000";
    head = journal.append(run, { type: "EXECUTION_COMPLETED", subject, data: output }, [given]).leaf;
  }
  const seal = { status: "failed", events, counts: {}, head, outputs: null, outputsCount: 0 } as const;
  journal.append(run, { type: "RUN_SEALED", subject: run, data: seal });
}

function payloadOf(text: string): Payload {
  const bytes = canonicalBytes(text);
  return { digest: digestBytes(bytes), bytes };
}

/** A history of its own under a log's key: what a keeper could show to some and not to others. */
export function historyOf(seed: string, signer: ReturnType<typeof signerFromPem>) {
  const leaf = (index: number) => leafHash(Buffer.from(`${seed} ${index}`));
  const nodes = (level: number, index: number): Uint8Array =>
    level === 0 ? leaf(index) : nodeHash(nodes(level - 1, 2 * index), nodes(level - 1, 2 * index + 1));
  return {
    /** The body of an `add-checkpoint` request. */
    async request(from: number, to: number): Promise<Buffer> {
      const frontier = new Frontier();
      for (let index = 0; index < to; index += 1) frontier.append(leaf(index));
      const note = signCheckpoint({ origin: signer.name, size: to, root: frontier.root() }, signer);
      const proof = from === 0 ? [] : await proveConsistency(nodes, from, to);
      const lines = [`old ${from}`, ...proof.map((hash) => Buffer.from(hash).toString("base64")), "\n"];
      return Buffer.concat([Buffer.from(lines.join("\n")), note]);
    },
  };
}
