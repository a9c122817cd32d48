/**
 * The entry of the `canonic` command.
 *
 * @module
 */
import process from "node:process";
import { runCommandLine } from "./command-line.ts";

/** A reader that has seen enough (`| head`) is no fault: the rest is not written, the exit code stands. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: Error & { readonly code?: string }) => {
    if (error.code !== "EPIPE") throw error;
  });
}

process.exitCode = await runCommandLine({
  argv: process.argv.slice(2),
  cwd: process.cwd(),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
});
