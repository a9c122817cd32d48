/**
 * The verifier as a process that is ended when it takes too long: what every attack on a bundle is given to.
 *
 * @module
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { plainEnvironment, sourceLine } from "../main-job/command-line.ts";

export type Judgement = { readonly verdict: string; readonly codes: readonly string[]; readonly ms: number };

/** Ten seconds of a machine that is not busy with other tests; it is when all run. */
const JUDGED_WITHIN_MS = 10_000 * Number(process.env["CANONIC_SLOW_FACTOR"] ?? "4");
const MEMORY_MB = 512;

/** One process for many bundles; a new one after each that had to be ended. */
export class Judge {
  #child: Promise<ChildProcess> | undefined;

  /** `verdict` is `slow` or `crashed` for a process that had to be ended or that ended itself. */
  async judge(bundle: string, trust: string): Promise<Judgement> {
    this.#child ??= started();
    const child = await this.#child;
    const startedMs = performance.now();
    const answer = await new Promise<Omit<Judgement, "ms">>((resolve) => {
      const timer = setTimeout(() => end("slow"), JUDGED_WITHIN_MS);
      const onExit = () => end("crashed");
      const onMessage = (message: unknown) => {
        clearTimeout(timer);
        child.off("exit", onExit);
        resolve(message as Judgement);
      };
      const end = (verdict: string): void => {
        clearTimeout(timer);
        child.off("message", onMessage).off("exit", onExit).kill("SIGKILL");
        this.#child = undefined;
        resolve({ verdict, codes: [] });
      };
      child.once("message", onMessage).once("exit", onExit);
      child.send({ bundle, trust });
    });
    return { ...answer, ms: performance.now() - startedMs };
  }

  async close(): Promise<void> {
    (await this.#child)?.kill();
  }
}

async function started(): Promise<ChildProcess> {
  const [execPath = "", ...execArgv] = sourceLine;
  const file = fileURLToPath(new URL("fixtures/judge.ts", import.meta.url));
  const child = fork(file, [], {
    execPath,
    execArgv: [...execArgv, `--max-old-space-size=${MEMORY_MB}`],
    env: plainEnvironment(),
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await new Promise<void>((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("error", reject);
  });
  return child;
}
