/**
 * One command line in this process, and what it said.
 *
 * @module
 */
import { runCommandLine } from "../src/command-line.ts";

export async function said(cwd: string, ...argv: string[]) {
  const streams = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof streams) =>
    ({
      write: (text: string) => {
        streams[name] += text;
        return true;
      },
    }) as unknown as NodeJS.WritableStream;
  const code = await runCommandLine({ argv, cwd, env: {}, stdout: stream("stdout"), stderr: stream("stderr") });
  return { code, ...streams };
}
