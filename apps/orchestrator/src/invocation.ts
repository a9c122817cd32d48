/**
 * One invocation of the command: where it stands, how it speaks, and how it will end.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import type { CanonicConfig } from "./config.ts";
import { EXIT, type ExitCode } from "./exit.ts";
import { createTerminal, type Terminal } from "./terminal.ts";

export type Invocation = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** The raw value of a common option, needed before the commands are known. */
  option(name: "--config" | "--store"): string | undefined;
  /** Says how the command ended when it did not throw; of many runs, the gravest end wins. */
  endWith(code: ExitCode): void;
  exit(): ExitCode;
};

export type CommandContext = { readonly invocation: Invocation; readonly config: CanonicConfig };

/** Least first: a run that waits is no trouble beside one that was refused, and a halt concerns all. */
const GRAVITY: readonly ExitCode[] = [EXIT.done, EXIT.waiting, EXIT.refused, EXIT.badInput, EXIT.halted];

export function invocationOf(
  process: {
    readonly argv: readonly string[];
    readonly cwd: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
    readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  },
  monotonicMs: () => number,
): Invocation {
  const { argv, env, stdout, stderr } = process;
  let code: ExitCode = EXIT.done;
  const plain = argv.includes("--no-color") || (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return {
    cwd: process.cwd,
    env,
    terminal: createTerminal({
      json: argv.includes("--json"),
      colour: !plain && stdout.isTTY === true,
      out: stdout,
      err: stderr,
      monotonicMs,
    }),
    option: (name) => {
      const at = argv.findIndex((argument) => argument === name || argument.startsWith(`${name}=`));
      const found = argv[at];
      return found?.includes("=") === true ? found.slice(name.length + 1) : at === -1 ? undefined : argv[at + 1];
    },
    endWith: (next) => {
      if (GRAVITY.indexOf(next) > GRAVITY.indexOf(code)) code = next;
    },
    exit: () => code,
  };
}

/** Text from outside, safe to print: no control characters, no line breaks. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}]/gu, "�");
}
