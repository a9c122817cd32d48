/**
 * Starts a command for a test and hands back all that it said. Never throws for
 * an exit code: a test asserts it, and shows the output when it is another one.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "./tidy/tree.ts";

export type Finished = { readonly code: number; readonly stdout: string; readonly stderr: string };

export type CommandOptions = {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
};

/** The workspace's own Node and tools, and the pnpm that set-up brought, come first on PATH. */
const toolFolders = [
  join(root, "node_modules", "node", "bin"),
  join(root, "node_modules", ".bin"),
  ...(existsSync(join(root, ".tools")) ? readdirSync(join(root, ".tools")) : []).map((name) =>
    join(root, ".tools", name, "node_modules", ".bin"),
  ),
];

export function runCommand(
  command: string,
  args: readonly string[],
  { cwd = root, input = "", env = {} }: CommandOptions = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...toolEnvironment(), ...env }, stdio: "pipe" });
    const out = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      out.stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, ...out }));
    child.stdin.on("error", () => {}).end(input);
  });
}

/** Without what npm, pnpm and Vitest add for their own children: `npm_*` would redirect an install, `NODE_OPTIONS` a Node. */
function toolEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) =>
      (!/^npm_/i.test(name) || /^npm_config_(registry|cache|userconfig)$/i.test(name)) &&
      !/^(VITEST|NODE_OPTIONS|NODE_PATH)/.test(name),
  );
  const path = [...toolFolders, process.env.PATH ?? ""].join(delimiter);
  return { ...Object.fromEntries(own), PATH: path, NO_COLOR: "1", TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };
}
