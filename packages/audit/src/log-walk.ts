/**
 * The walk that fsck makes: one pass over the leaves, then what the store derives from them.
 *
 * @module
 */
import { type Digest, digestBytes, digestFromBytes, type Reason, type RunEvent } from "@canonic/contracts";
import { type ChainState, followChain, isOwnChain } from "./chain.ts";
import { type CheckedLeaf, checkedLeaf, runOfStatements } from "./checked-leaf.ts";
import { openCheckpoint, readCheckpoint } from "./checkpoint.ts";
import { REASONS_MAX } from "./findings.ts";
import { Frontier } from "./frontier.ts";
import type { FsckOptions, FsckReport } from "./fsck.ts";
import { KeyTimeline } from "./key-rotation.ts";
import { artifactsOf, namedBy, textOf } from "./named-payloads.ts";
import { nodeFindings } from "./node-findings.ts";
import { StatementChain } from "./statement-chain.ts";
import { type LogReader, type LogStorage, type StoredLeaf, type StoredNode, TILE_LEVELS } from "./storage.ts";
import { isMarked, markersOf } from "./tail-mark.ts";
import { EMPTY_ROOT, sameBytes } from "./tree-hash.ts";

const PAGE = 2048;

/** Parts are called in the order of their methods. */
export class LogWalk {
  readonly #storage: LogReader & Partial<Pick<LogStorage, "rebuildNodes">>;
  readonly #options: FsckOptions;
  readonly #findings: Reason[] = [];
  readonly #chains = new Map<string, ChainState | null>();
  readonly #firsts = new Map<string, number>();
  readonly #nodes: StoredNode[] = [];
  /** Payloads that events name, and by what. */
  readonly #named = new Map<Digest, string>();
  readonly #quarantined = new Map<Digest, string>();
  readonly #redacted = new Set<Digest>();
  readonly #statements = new Map<string, StatementChain>();
  readonly #keys: KeyTimeline;
  readonly #plans: Digest[] = [];
  readonly #frontier = new Frontier();
  #count = 0;
  #payloads = 0;
  #lastNumber = 0;
  #checkpointRoot: Uint8Array | undefined;
  #checkpointSize = -1;
  #leavesSound = true;
  #rebuilt = false;

  constructor(storage: LogReader & Partial<Pick<LogStorage, "rebuildNodes">>, options: FsckOptions) {
    this.#storage = storage;
    this.#options = options;
    this.#keys = new KeyTimeline(options.trust?.origin);
  }

  /** One part of the walk; what the store throws is a finding of that part (K1). */
  async attempt(part: string, check: () => Promise<void>): Promise<void> {
    try {
      await check();
    } catch (cause) {
      const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
      this.#find("store-unreadable", part, `the ${part} cannot be read: \`${code.slice(0, 64)}\``);
      if (part === "leaves") this.#leavesSound = false;
    }
  }

  async checkLeaves(): Promise<void> {
    this.#checkpointSize = await this.#sizeOfCheckpoint();
    const size = await this.#storage.size();
    this.#noteRoot();
    while (this.#frontier.size < size) {
      const page = await this.#storage.readLeaves(this.#frontier.size, Math.min(PAGE, size - this.#frontier.size));
      if (page.length === 0) {
        this.#leavesSound = false;
        this.#find(
          "frame-damaged",
          `leaf ${this.#frontier.size}`,
          `the frames from here on cannot be told apart; ${size} leaves were expected`,
        );
        return;
      }
      for (const leaf of page) this.#checkLeaf(leaf);
    }
  }

  async checkRuns(): Promise<void> {
    const indexed = new Map((await this.#storage.runs()).map(({ run, first }) => [run, first]));
    for (const [run, first] of this.#firsts) {
      if (indexed.get(run) !== first)
        this.#find("run-index", run, `the run's first leaf is ${first}, the store says ${indexed.get(run)}`);
      indexed.delete(run);
      await this.#checkRunPages(run);
    }
    for (const run of indexed.keys()) this.#find("run-index", run, "the store names a run that has no leaf");
  }

  async checkNodes(): Promise<void> {
    for await (const { code, place, message } of nodeFindings(this.#storage, this.#nodes))
      this.#find(code, place, message);
  }

  async checkCheckpoint(): Promise<void> {
    const note = await this.#storage.checkpoint();
    const { trust } = this.#options;
    if (note === undefined) {
      if (trust !== undefined && this.#frontier.size > 0)
        this.#find("checkpoint-missing", "checkpoint", "nothing shows that the end of the log is still there");
      return;
    }
    let checkpoint: ReturnType<typeof readCheckpoint>;
    try {
      checkpoint = readCheckpoint(note);
      if (trust !== undefined) openCheckpoint(note, this.#keys.keysAt(checkpoint.size, trust.keys));
    } catch {
      this.#find(
        "checkpoint-invalid",
        "checkpoint",
        trust === undefined ? "it is not a signed checkpoint" : "it is not signed by the key that this log had then",
      );
      return;
    }
    if (trust !== undefined && checkpoint.origin !== trust.origin)
      this.#find("checkpoint-invalid", "checkpoint", "it is of another log");
    if (this.#checkpointRoot === undefined)
      this.#find(
        "log-behind-checkpoint",
        "checkpoint",
        `the checkpoint has ${checkpoint.size} leaves, the log ${this.#frontier.size}`,
      );
    else if (!sameBytes(this.#checkpointRoot, checkpoint.root))
      this.#find("checkpoint-mismatch", "checkpoint", "the log does not have the checkpoint's root");
  }

  /** Leaves that no checkpoint covers are the keeper's only under its mark. */
  async checkTail(): Promise<void> {
    const { keeper } = this.#options;
    const { size } = this.#frontier;
    if (keeper === undefined || !this.#leavesSound || size <= Math.max(this.#checkpointSize, 0)) return;
    if (!(await isMarked(this.#storage, markersOf(keeper), size, this.#frontier.root())))
      this.#find("tail-unmarked", `leaf ${size - 1}`, "the log's keeper did not write the last leaves");
  }

  async checkPayloads(): Promise<void> {
    for (const digest of this.#plans) await this.#namePlanned(digest);
    const present = new Set<Digest>();
    let after: Digest | null = null;
    for (;;) {
      const page: readonly Digest[] = await this.#storage.payloadDigests(after, PAGE);
      for (const digest of page) {
        present.add(digest);
        const bytes = await this.#storage.payload(digest);
        if (this.#redacted.has(digest))
          this.#find("redaction-incomplete", digest, "a payload is still there that the log says was redacted");
        else if (bytes === undefined || digestBytes(bytes) !== digest)
          this.#find("payload-damaged", digest, "a payload does not have its digest");
        else if (this.#named.has(digest)) {
          const text = textOf(bytes);
          if (text !== undefined) this.#named.set(text, `document record ${digest}`);
        }
      }
      after = page.at(-1) ?? null;
      if (after === null) break;
    }
    this.#payloads = present.size;
    for (const [digest, by] of this.#named)
      if (!present.has(digest) && !this.#redacted.has(digest))
        this.#find("payload-missing", digest, `a payload is missing that ${by} names`);
    for (const [digest, by] of this.#quarantined) {
      const bytes = await this.#storage.quarantined(digest);
      if (bytes === undefined || digestBytes(bytes) !== digest)
        this.#find("quarantine-missing", digest, `what ${by} put aside is not there as it was`);
    }
  }

  async rebuild(): Promise<void> {
    if (this.#options.rebuildNodes !== true || !this.#leavesSound || this.#storage.rebuildNodes === undefined) return;
    await this.#storage.rebuildNodes(this.#nodes);
    this.#rebuilt = true;
  }

  report(): FsckReport {
    return {
      sound: this.#count === 0,
      findings: this.#findings,
      count: this.#count,
      leaves: this.#frontier.size,
      runs: [...this.#firsts.keys()].filter((run) => !isOwnChain(run) && runOfStatements(run) === undefined).length,
      payloads: this.#payloads,
      nodes: this.#nodes.length,
      root: digestFromBytes(this.#frontier.root()),
      rebuilt: this.#rebuilt,
    };
  }

  #checkLeaf(leaf: StoredLeaf): void {
    const index = this.#frontier.size;
    const place = `leaf ${index}`;
    if (leaf.index !== index) this.#find("frame-damaged", place, `the frame names index ${leaf.index}`);
    const checked = checkedLeaf(leaf);
    this.#frontier.append(leaf.hash, (level, position, hash) => {
      if (level % TILE_LEVELS === 0) this.#nodes.push({ level, index: position, hash });
    });
    this.#noteRoot();
    if (typeof checked === "string") {
      this.#leavesSound = false;
      this.#chains.set(leaf.run, null);
      this.#find("leaf-damaged", place, checked);
      return;
    }
    if (!this.#firsts.has(leaf.run)) this.#firsts.set(leaf.run, index);
    if (checked.kind === "entry") this.#checkEntry(place, leaf, checked);
    else {
      this.#checkChain(place, leaf, checked.event);
      this.#collect(place, index, checked.event);
    }
  }

  #checkChain(place: string, leaf: StoredLeaf, event: RunEvent): void {
    const known = this.#chains.get(event.run);
    // A chain that is broken already is reported once.
    if (known === null) return;
    const next = followChain(known, event, digestFromBytes(leaf.hash));
    if (typeof next === "string") this.#find("chain-broken", place, `the chain of \`${event.run}\` has ${next}`);
    this.#chains.set(event.run, typeof next === "string" ? null : next);
  }

  #checkEntry(place: string, leaf: StoredLeaf, { run, entry }: Extract<CheckedLeaf, { kind: "entry" }>): void {
    const chain = this.#chains.get(run);
    if (chain !== null && chain?.sealed !== true)
      this.#find("statement-unsealed", place, `run \`${run}\` was not sealed before this statement about it`);
    const statements = this.#statements.get(leaf.run) ?? new StatementChain();
    this.#statements.set(leaf.run, statements);
    const fault = statements.follow(leaf);
    if (fault !== null) this.#find("statement-misplaced", place, `the log has ${fault}`);
    this.#named.set(entry.digest, place);
  }

  #collect(place: string, index: number, event: RunEvent): void {
    if (event.type === "PLAN_FROZEN") {
      const { number, plan } = event.data;
      if (number !== this.#lastNumber + 1)
        this.#find("run-number", place, `run number ${number} follows ${this.#lastNumber}`);
      this.#lastNumber = number;
      this.#plans.push(plan);
    } else if (event.type === "JOURNAL_REPAIRED") this.#quarantined.set(event.data.quarantine, place);
    if (event.type === "PAYLOAD_REDACTED") this.#redacted.add(event.data.digest);
    const fault = this.#keys.follow(index, event);
    if (fault !== null) this.#find("rotation-invalid", place, `the log has ${fault}`);
    for (const digest of namedBy(event)) this.#named.set(digest, place);
  }

  async #namePlanned(digest: Digest): Promise<void> {
    const bytes = await this.#storage.payload(digest);
    if (bytes === undefined || digestBytes(bytes) !== digest) return;
    const artifacts = artifactsOf(bytes);
    if (artifacts === undefined) this.#find("plan-malformed", digest, "the plan of a run is not of its schema");
    else for (const artifact of artifacts) this.#named.set(artifact, `plan ${digest}`);
  }

  async #checkRunPages(run: string): Promise<void> {
    const expected = this.#chains.get(run)?.seq ?? this.#statements.get(run)?.seq;
    if (expected === undefined) return;
    let seq = 0;
    for (;;) {
      const page = await this.#storage.readRun(run, seq, PAGE);
      if (page.length === 0) break;
      if (page.some((leaf, offset) => leaf.seq !== seq + offset))
        this.#find("run-index", run, "the store does not give the run's leaves in order");
      seq += page.length;
    }
    if (seq !== expected) this.#find("run-index", run, `the run has ${expected} leaves, the store gives ${seq}`);
  }

  async #sizeOfCheckpoint(): Promise<number> {
    try {
      const note = await this.#storage.checkpoint();
      return note === undefined ? -1 : readCheckpoint(note).size;
    } catch {
      return -1;
    }
  }

  #noteRoot(): void {
    if (this.#frontier.size === this.#checkpointSize)
      this.#checkpointRoot = this.#checkpointSize === 0 ? EMPTY_ROOT : this.#frontier.root();
  }

  #find(code: string, place: string, message: string): void {
    this.#count += 1;
    if (this.#findings.length < REASONS_MAX) this.#findings.push({ code, place, message });
  }
}
