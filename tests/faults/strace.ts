/**
 * Commands under strace: what they ask the system for, and the same command again with one of these calls failing.
 *
 * strace runs as a grandchild (`-D`), so that the process that is started is the command itself: its exit code, its signal
 * and its number are its own. The number stands in names of temporary files, as `<pid>` here.
 *
 * Invariants:
 *   I1. One call of one thread fails: strace counts per thread, so a call is named by its file and its number on that file.
 *   I2. Asynchronous file work has one thread (`UV_THREADPOOL_SIZE=1`), so that calls come in the same order again.
 *
 * @see strace(1), "Tampering".
 * @module
 */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Ended, Environment } from "../main-job/command-line.ts";

/** Calls that change files, names or what is durable. */
export const CALLS = [
  "write",
  "writev",
  "pwrite64",
  "pwritev",
  "fsync",
  "fdatasync",
  "ftruncate",
  "rename",
  "renameat2",
  "link",
  "unlink",
  "mkdir",
  "openat",
] as const;
export type Call = (typeof CALLS)[number];

export type Fault = "EIO" | "ENOSPC" | "KILL";
export const FAULTS: readonly Fault[] = ["EIO", "ENOSPC", "KILL"];

/** The `number`-th call of this name on this file, from 1; `<pid>` in the file stands for the process. */
export type FaultPoint = { readonly call: Call; readonly file: string; readonly number: number };

export type Command = {
  readonly line: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
};

export type Tampered = Ended & { readonly injected: number };

/** True where strace is and may trace. */
export function canTrace(): boolean {
  const tried = spawnSync("strace", ["-qq", "-e", "inject=fsync:error=EIO:when=1", "-o", "/dev/null", "true"]);
  return tried.status === 0;
}

/** Every changing call of a command on files below its folder, as points at which it can be made to fail. */
export async function faultPointsOf(command: Command, log: string): Promise<{ ended: Ended; points: FaultPoint[] }> {
  const ended = await under(["--seccomp-bpf", "-y", "-s", "0", "-e", `trace=${CALLS.join(",")}`], command, log);
  return { ended, points: pointsIn(readFileSync(log, "utf8"), command.cwd) };
}

/** The command with one call failing, or killed on its way into it. */
export async function withFault(command: Command, point: FaultPoint, fault: Fault, log: string): Promise<Tampered> {
  const { call, number } = point;
  const how = fault === "KILL" ? "signal=KILL" : `error=${fault}`;
  // A signal is not delivered where strace leaves uninteresting calls to the kernel's filter.
  const fast = fault === "KILL" ? [] : ["--seccomp-bpf"];
  const only = ["-P", `${command.cwd}/${point.file}`, "-e", `trace=${call}`];
  const inject = `inject=${call}:${how}:when=${number}`;
  const ended = await under([...fast, ...only, "-e", inject, "-s", "0"], command, log);
  const text = readFileSync(log, "utf8");
  const injected = fault === "KILL" ? Number(ended.signal === "SIGKILL") : text.split("(INJECTED)").length - 1;
  return { ...ended, injected };
}

function under(options: readonly string[], { line, cwd, env }: Command, log: string): Promise<Ended> {
  const quoted = options.map((option) => `"${option.replaceAll("<pid>", () => "$$")}"`).join(" ");
  const script = `exec strace -D -f -qq -o "$0" ${quoted} "$@"`;
  const startedMs = performance.now();
  const child = spawn("sh", ["-c", script, log, ...line], {
    cwd,
    env: { ...env, UV_THREADPOOL_SIZE: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    out.stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...out, ms: performance.now() - startedMs }));
  });
}

/** A traced call: `1234 pwrite64(5</a/b>, ""..., 24, 32) = 24`; a call that another thread interrupts stands on two lines. */
const LINE = /^(\d+) +([a-z0-9]+)\((.*)$/;
const RESUMED = /^(\d+) +<\.\.\. ([a-z0-9]+) resumed>(.*)$/;

function pointsIn(trace: string, folder: string): FaultPoint[] {
  const counts = new Map<string, number>();
  const points: FaultPoint[] = [];
  const lines = trace.split("\n");
  for (const [at, text] of lines.entries()) {
    const [, thread = "", call = "", rest = ""] = LINE.exec(text) ?? [];
    const path = pathOf(rest);
    if (!isCall(call) || path === undefined || !path.startsWith(`${folder}/`)) continue;
    const file = path.slice(folder.length + 1).replace(/\.\d+\.part$/, ".<pid>.part");
    const key = `${thread} ${call} ${file}`;
    const number = (counts.get(key) ?? 0) + 1;
    counts.set(key, number);
    const ending = rest.endsWith("<unfinished ...>") ? resumedOf(lines.slice(at + 1), thread, call) : rest;
    const isChange = call !== "openat" || rest.includes("O_CREAT");
    if (isChange && !/ = -1 E[A-Z]+ /.test(ending)) points.push({ call, file, number });
  }
  return points;
}

/** The file of a call: that of its descriptor, or its first path; strace looks at no second one. */
function pathOf(rest: string): string | undefined {
  const descriptor = /^\d+<([^>]+)>/.exec(rest)?.[1];
  if (descriptor !== undefined) return descriptor;
  return /"([^"]+)"/.exec(rest)?.[1];
}

function resumedOf(lines: readonly string[], thread: string, call: string): string {
  for (const line of lines) {
    const [, of, name, rest] = RESUMED.exec(line) ?? [];
    if (of === thread && name === call) return rest ?? "";
  }
  return "";
}

function isCall(name: string): name is Call {
  return (CALLS as readonly string[]).includes(name);
}
