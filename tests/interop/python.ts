/**
 * Python, where it has the library that a test asks for: `CANONIC_PYTHON`, else the system's own, else the one on PATH.
 * Debian's packages bring the libraries for the system's own. Where one is absent the tests that need it are skipped, and
 * standard error says so; with `CANONIC_INTEROP=all` that is a failure.
 *
 * @module
 */
import { runCommand } from "../run-command.ts";

const named = process.env["CANONIC_PYTHON"];
const candidates = named === undefined ? ["/usr/bin/python3", "python3"] : [named];

/** The interpreter that has this library; undefined, and said, where none has. */
export async function pythonWith(library: string, debianPackage: string): Promise<string | undefined> {
  for (const python of candidates) {
    const probe = await runCommand(python, ["-c", `import ${library}`]).catch(() => undefined);
    if (probe?.code === 0) return python;
  }
  const message = `No Python with \`${library}\` (Debian: ${debianPackage})`;
  if (process.env["CANONIC_INTEROP"] === "all") throw new Error(message);
  process.stderr.write(`${message}: its tests are skipped.\n`);
  return undefined;
}

/** Runs a script that prints one JSON document; a script that fails shows what it said. */
export async function runPython<T>(python: string, args: readonly string[], input = ""): Promise<T> {
  const { code, stdout, stderr } = await runCommand(python, args, { input });
  if (code !== 0) throw new PythonFailure(stderr.trim().split("\n").at(-1) ?? "");
  return JSON.parse(stdout) as T;
}

/** What the last line of standard error said. */
export class PythonFailure extends Error {
  override readonly name = "PythonFailure";
}
