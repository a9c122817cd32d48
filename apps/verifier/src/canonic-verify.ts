#!/usr/bin/env node
/**
 * The command `canonic-verify`. It is built into one file that plain Node runs, wherever it is copied.
 *
 * @module
 */
import { runVerifier } from "./run-verifier.ts";

/** A reader that has seen enough (`| head`) is no fault: the rest is not written, the verdict stands. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: Error & { readonly code?: string }) => {
    if (error.code !== "EPIPE") throw error;
  });
}

process.exitCode = await runVerifier({
  argv: process.argv.slice(2),
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
});
