/**
 * Tools of others, where they are: a test that needs one that is absent is skipped, and standard error says so. With
 * `CANONIC_INTEROP=all`, as where all of them are installed, an absent tool is a failure.
 *
 * @module
 */
import { runCommand } from "../run-command.ts";

/** True where a command answers. */
export async function hasTool(command: string, args: readonly string[], debianPackage: string): Promise<boolean> {
  const found = await runCommand(command, args).catch(() => undefined);
  if (found?.code === 0) return true;
  const message = `No \`${command}\` (Debian: ${debianPackage})`;
  if (process.env["CANONIC_INTEROP"] === "all") throw new Error(message);
  process.stderr.write(`${message}: its tests are skipped.\n`);
  return false;
}
