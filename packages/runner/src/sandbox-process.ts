/**
 * One sandbox process, seen from the parent: started, given one call, ended.
 *
 * Invariants:
 *   S1. A process serves one call. Its answer is given only after the process has ended: nothing goes on behind it.
 *   S2. Time is the parent's: loading, running and falling quiet each have an end, and a process that is late is killed.
 *   S3. A first result stands only when the process said `quiet` after it; a second one, or anything else, is a violation.
 *   S4. The parent starts nothing that lacks a protection: what Node cannot give is `runner.sandbox-unavailable`.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { BoundaryCategory, Digest, OperationContract } from "@canonic/contracts";
import { dependencyInvalid } from "./dependencies.ts";
import { RunnerError } from "./errors.ts";
import type { AbortCode, Execution } from "./ports.ts";
import { checkedExecution } from "./sandbox-check.ts";
import { type SandboxFolders, unavailable } from "./sandbox-folders.ts";
import { parseReply, type SandboxCall, type SandboxOpening, type SandboxReply } from "./sandbox-protocol.ts";

const IS_SOURCE = import.meta.url.endsWith(".ts");
export const SANDBOX_ENTRY = new URL(IS_SOURCE ? "./sandbox-entry.ts" : "./sandbox-entry.js", import.meta.url);

/** An untrusted module has so long to load, and a process so long to fall quiet: one turn, on a machine that is busy. */
const LOAD_MS = 10_000;
const QUIET_MS = 5_000;

/** What a process may say beside its output, in characters. */
const SLACK = 65_536;

export type Sandbox = {
  readonly memoryLimitMb: number;
  isUsable(): boolean;
  /** Rejects with a RunnerError when the sandbox itself is at fault. */
  run(call: SandboxCall, contract: OperationContract): Promise<Execution>;
  /** Resolves when the process has ended. */
  kill(): Promise<void>;
};

type Stage = "starting" | "idle" | "loading" | "running" | "given" | "ended";
type Ending = { readonly execution: Execution } | { readonly error: RunnerError };
type Work = { readonly call: SandboxCall; readonly contract: OperationContract };

/** Starts a process that runs `entry` and waits for its call. */
export function startSandbox(entry: URL, folders: SandboxFolders, memoryLimitMb: number): Sandbox {
  const secret = randomBytes(32).toString("hex");
  const child = spawn(process.execPath, argumentsOf(entry, folders, memoryLimitMb), {
    env: {},
    cwd: "/",
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const channel = child.stdio[3] as Duplex;
  let stage: Stage = "starting";
  let work: Work | null = null;
  let given: Execution | null = null;
  let ending: Ending | null = null;
  let text = "";
  let timer: NodeJS.Timeout | undefined;
  let settle: (ending: Ending) => void = () => {};
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));

  const end = (how: Ending): void => {
    if (stage === "ended") return;
    stage = "ended";
    ending = how;
    clearTimeout(timer);
    child.kill("SIGKILL");
  };
  const abort = (code: AbortCode, failure: Digest | null): void =>
    end({ execution: { kind: "aborted", code, failure, operationMs: 0 } });
  const violated = (category: BoundaryCategory, attempted: string): void => {
    const violation = { category, attempted };
    const code = "runner.boundary-violation";
    end({ execution: { kind: "aborted", code, failure: null, violation, operationMs: 0 } });
  };
  const fail = (error: RunnerError): void => end({ error });
  const within = (ms: number, late: () => void): void => {
    clearTimeout(timer);
    timer = setTimeout(late, ms);
  };
  const handOver = (): void => {
    if (work === null || stage !== "idle") return;
    stage = "loading";
    within(LOAD_MS, () => abort("runner.timeout", null));
    channel.write(`${JSON.stringify(work.call)}\n`);
  };
  const hear = (reply: SandboxReply | null): void => {
    if (stage === "ended") return;
    if (reply === null || !EXPECTED[reply.kind].includes(stage)) violated("audit-access", "sandbox channel");
    else if (reply.kind === "ready") {
      stage = "idle";
      handOver();
    } else if (reply.kind === "unfit") fail(unavailable(reply.lacking));
    else if (work !== null) hearOf(work.contract, reply);
  };
  const hearOf = (contract: OperationContract, reply: Exclude<SandboxReply, { kind: "ready" | "unfit" }>): void => {
    switch (reply.kind) {
      case "loaded":
        stage = "running";
        within(contract.termination.timeoutMs, () => abort("runner.timeout", null));
        break;
      case "given":
        stage = "given";
        given = checkedExecution(contract, reply.execution);
        within(QUIET_MS, () => violated("autonomous-continuation", "after the result"));
        break;
      case "quiet":
        end({ execution: given as Execution });
        break;
      case "failed":
        abort("runner.operation-failed", reply.failure);
        break;
      case "violation":
        violated(reply.violation.category, reply.violation.attempted);
        break;
      case "unknown-operation":
      case "dependency-invalid":
        fail(faultOf(contract, reply));
    }
  };

  channel.setEncoding("utf8");
  channel.on("error", () => {});
  channel.on("data", (chunk: string) => {
    text += chunk;
    const lines = text.split("\n");
    text = lines.pop() as string;
    for (const line of lines) hear(parseReply(line, secret));
    if (text.length > 2 * (work?.contract.termination.outputBytesMax ?? 0) + SLACK)
      abort("runner.output-too-large", null);
  });
  child.once("error", () => fail(unavailable("process")));
  child.once("close", (_code, signal) => {
    if (stage === "starting" || stage === "idle") fail(unavailable("process that starts"));
    else if (stage === "given") violated("autonomous-continuation", "end after the result");
    else if (stage !== "ended")
      abort(isOutOfMemory(child, signal) ? "runner.memory-exceeded" : "runner.worker-exited", null);
    settle(ending as Ending);
  });
  const opening: SandboxOpening = { secret, modules: folders.modules, roots: folders.roots };
  channel.write(`${JSON.stringify(opening)}\n`);

  return {
    memoryLimitMb,
    isUsable: () => stage === "starting" || stage === "idle",
    run(call, contract) {
      work = { call, contract };
      return new Promise((resolve, reject) => {
        settle = (how) => ("error" in how ? reject(how.error) : resolve(how.execution));
        if (child.exitCode !== null || child.signalCode !== null) void ended.then(() => settle(ending as Ending));
        handOver();
      });
    },
    kill() {
      fail(unavailable("process any more"));
      return ended;
    },
  };
}

/** Which replies fit which stage; `failed` and `violation` fit wherever foreign code may run. */
const EXPECTED: Readonly<Record<SandboxReply["kind"], readonly Stage[]>> = {
  ready: ["starting"],
  unfit: ["starting"],
  loaded: ["loading"],
  "unknown-operation": ["loading"],
  "dependency-invalid": ["running"],
  given: ["running"],
  failed: ["loading", "running"],
  violation: ["loading", "running", "given"],
  quiet: ["given"],
};

function argumentsOf(entry: URL, { readable }: SandboxFolders, memoryLimitMb: number): string[] {
  return [
    "--permission",
    "--frozen-intrinsics",
    "--no-addons",
    ...readable.map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${memoryLimitMb}`,
    ...(process.allowedNodeEnvironmentFlags.has("--disable-sigusr1") ? ["--disable-sigusr1"] : []),
    ...(IS_SOURCE ? ["--conditions=@canonic/source"] : []),
    fileURLToPath(entry),
  ];
}

function faultOf(
  { operation, version }: OperationContract,
  reply: Extract<SandboxReply, { kind: "unknown-operation" | "dependency-invalid" }>,
): RunnerError {
  if (reply.kind === "dependency-invalid") return dependencyInvalid(reply.fault);
  const message = `no code for \`${operation}@${version}\` under its contract`;
  return new RunnerError("runner.operation-unknown", message, { operation, version });
}

/** V8 ends the process by a trap of its own when its heap is full. */
function isOutOfMemory(child: ChildProcess, signal: NodeJS.Signals | null): boolean {
  return ["SIGABRT", "SIGTRAP", "SIGILL"].includes(signal ?? "") || child.exitCode === 133 || child.exitCode === 134;
}
