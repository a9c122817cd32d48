#!/usr/bin/env node
/**
 * The command `canonic-verify`. It is built into one file that plain Node runs, wherever it is copied.
 *
 * @module
 */
import { runVerifier } from "./run-verifier.ts";

process.exitCode = await runVerifier({
  argv: process.argv.slice(2),
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
});
