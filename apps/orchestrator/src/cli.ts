/**
 * The entry of the `canonic` command.
 *
 * @module
 */
import process from "node:process";
import { runCommandLine } from "./command-line.ts";

process.exitCode = await runCommandLine({
  argv: process.argv.slice(2),
  cwd: process.cwd(),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
});
