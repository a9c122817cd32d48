/**
 * The `canonic` command as a person runs it: a process of its own, from the sources, with a store of its own.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { assert } from "vitest";
import { root } from "../tidy/tree.ts";

export const repositoryConfig = join(root, "canonic.config.ts");

/** `npm test` builds first and says so: what is built starts in half the time of the sources, and is what people run. */
const isBuilt = process.env["CANONIC_TEST_BUILT"] === "1";
const cli = join(root, "apps", "orchestrator", ...(isBuilt ? ["dist", "cli.js"] : ["src", "cli.ts"]));
const conditions = isBuilt ? [] : ["--conditions=@canonic/source"];
/** The workspace's Node, which runs TypeScript and has `node:sqlite`, also where the tests were started by an older one. */
const workspaceNode = join(root, "node_modules", "node", "bin", "node");
const node = existsSync(workspaceNode) ? workspaceNode : process.execPath;

export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
};

export type Environment = Readonly<Record<string, string>>;

export type CommandOptions = {
  readonly cwd?: string;
  /** Instead of {@link plainEnvironment}. */
  readonly env?: Environment;
  /** Null: none is named, and the command finds its own. */
  readonly config?: string | null;
  /** Files larger than this cannot be written; in blocks of 512 bytes, as POSIX `ulimit -f` counts. */
  readonly fileBlocksMax?: number;
  /** Another user, whom a file's mode keeps from what it keeps everybody but root from. */
  readonly uid?: number;
};

export type Started = { readonly child: ChildProcess; readonly ended: Promise<Ended> };

const folders = new Set<string>();
const running = new Set<ChildProcess>();

/** Ends what a test file started and removes its folders; `tests/setup` calls it when the file is over. */
export function endCommands(): void {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  running.clear();
  folders.clear();
}

/** A folder that is removed when the file's tests are over, whatever happened. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "canonic-test-"));
  folders.add(folder);
  return folder;
}

/** What a command needs to run and no more, and where compiled code is shared: nothing of Vitest, npm or the caller's locale. */
export function plainEnvironment(): Environment {
  const kept = ["PATH", "HOME", "TMPDIR", "NODE_COMPILE_CACHE"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), NO_COLOR: "1" };
}

/** How a file of sources is started: Node and its options. */
export const sourceLine: readonly string[] = [
  node,
  "--conditions=@canonic/source",
  "--disable-warning=ExperimentalWarning",
];

/** The words that start the command, Node first, for who starts it under something else. */
export function commandLine(args: readonly string[], config: string | null): readonly string[] {
  const named = config === null ? [] : ["--config", config];
  return [node, ...conditions, "--disable-warning=ExperimentalWarning", cli, ...args, ...named];
}

/** Starts the command; what it says is collected, and it is ended with the tests at the latest. */
export function startCanonic(args: readonly string[], options: CommandOptions = {}): Started {
  const { cwd = root, env = plainEnvironment(), config = repositoryConfig, fileBlocksMax, uid } = options;
  const [, ...line] = commandLine(args, config);
  const limited = ["-c", `ulimit -f ${fileBlocksMax} && exec "$0" "$@"`, node, ...line];
  const startedMs = performance.now();
  const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
  const child =
    fileBlocksMax === undefined
      ? spawn(node, line, { cwd, env, stdio, ...(uid === undefined ? {} : { uid, gid: uid }) })
      : spawn("sh", limited, { cwd, env, stdio });
  running.add(child);
  const out = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    out.stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      running.delete(child);
      resolve({ code, signal, ...out, ms: performance.now() - startedMs });
    });
  });
  return { child, ended };
}

export function canonic(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  return startCanonic(args, options).ended;
}

/** Runs the command with `--json` and asserts the exit code; the one document that standard output must be. */
export async function canonicJson<T>(
  args: readonly string[],
  options: CommandOptions & { readonly code?: number } = {},
): Promise<T> {
  const ended = await canonic([...args, "--json"], options);
  assert.equal(ended.code, options.code ?? 0, `canonic ${args.join(" ")}\n${ended.stdout}\n${ended.stderr}`);
  return JSON.parse(ended.stdout) as T;
}

/** Every file below a folder by its path inside, `/` between steps, in code-unit order. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile())
    .map((path) => relative(folder, path).replaceAll("\\", "/"))
    .sort((a, b) => (a < b ? -1 : 1));
}

export function readBelow(folder: string): Map<string, Uint8Array> {
  return new Map(filesBelow(folder).map((path) => [path, new Uint8Array(readFileSync(join(folder, path)))]));
}
