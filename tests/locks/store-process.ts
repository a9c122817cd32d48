/**
 * The test's end of a process with a store of its own.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { dropSchemas, freshSchema, postgresUrl } from "../conformance/postgres.ts";
import { emptyFolder, scratchFolder } from "../setup/scratch-folder.ts";

const script = fileURLToPath(new URL("fixtures/store-process.ts", import.meta.url));
const scratch = scratchFolder("locks");
const started: ChildProcess[] = [];

/** The stores that processes share; a place is new each time. */
export const places = {
  sqlite: () => ({ directory: mkdtempSync(join(scratch, "store-")) }),
  postgres: () => ({ connectionString: postgresUrl ?? "", schema: freshSchema() }),
};
export const isAbsent = (name: string): boolean => name === "postgres" && postgresUrl === undefined;

/** What the process answered, or the code of what it threw. */
export type Said = { readonly value: unknown } | { readonly code: string };

export interface StoreProcess {
  /** Sends a command; a stopped process answers when it goes on. */
  tell(name: string, argument?: unknown): Promise<Said>;
  /** Sends a command that never ends, kills the process after so many lines, and gives what was said until then. */
  killAfter(lines: number, name: string, argument: unknown): Promise<readonly unknown[]>;
  /** SIGSTOP and SIGCONT. */
  pause(): void;
  wake(): void;
}

export function startProcess(place: object): StoreProcess {
  const child = spawn(process.execPath, ["--conditions=@canonic/source", script, JSON.stringify(place)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  started.push(child);
  const waiting: ((said: Said) => void)[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.(JSON.parse(line) as Said));
  let exit: Said | undefined;
  child.on("exit", (code, signal) => {
    exit = { code: `exit ${code ?? signal}` };
    for (const answer of waiting.splice(0)) answer(exit);
  });
  child.stdin.on("error", () => {});
  return {
    tell: (name, argument) =>
      new Promise((done) => {
        if (exit !== undefined) return done(exit);
        waiting.push(done);
        child.stdin.write(`${JSON.stringify([name, argument ?? null])}\n`);
      }),
    killAfter: (lines, name, argument) =>
      new Promise((done) => {
        const said: unknown[] = [];
        const take = (answer: Said) => {
          if ("code" in answer) return done(said);
          said.push(answer.value);
          if (said.length === lines) child.kill("SIGKILL");
          waiting.push(take);
        };
        waiting.push(take);
        child.stdin.write(`${JSON.stringify([name, argument])}\n`);
      }),
    pause: () => void child.kill("SIGSTOP"),
    wake: () => void child.kill("SIGCONT"),
  };
}

/** Ends every process of this file, also a stopped one, and takes away what they wrote. */
export async function cleanUp(): Promise<void> {
  const running = started.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  const ended = running.map((child) => new Promise((done) => child.on("exit", done)));
  for (const child of running) child.kill("SIGKILL");
  await Promise.all(ended);
  emptyFolder(scratch);
  await dropSchemas();
}
