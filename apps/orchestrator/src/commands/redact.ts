/**
 * `redact`: removes a payload for good, and says so in the log.
 *
 * @module
 */
import { Principal, parseDigest } from "@canonic/contracts";
import { LOCAL_USER } from "@canonic/planner";
import { type Command, Option } from "commander";
import { OrchestratorError } from "../errors.ts";
import { type CommandContext, printable } from "../invocation.ts";
import { assertStore, storeFolder, withAuthority, withStore } from "../store.ts";
import { runIdOf } from "./inspect.ts";

/** As `PAYLOAD_REDACTED` takes it. */
const REASON_CHARACTERS_MAX = 2048;

type RedactOptions = { readonly store?: string; readonly reason: string; readonly by: string; readonly run?: string };

export function addRedact(program: Command, { invocation, config }: CommandContext): void {
  program
    .command("redact")
    .description(
      "remove a payload for good (personal data); proofs stay valid, and the log says who had it removed and why",
    )
    .argument("<digest>", "the payload's, as events name it: sha256:<64 hex>")
    .requiredOption("--reason <text>", "why, in your own words; it is journaled")
    .addOption(new Option("--by <name>", "whose order it is; it is journaled").default(LOCAL_USER))
    .addOption(new Option("--run <run>", "only when this run names the payload"))
    .addHelpText(
      "after",
      `
What stays is the payload's digest. Of values that an operation's contract calls personal it is salted, and the salt goes with
the payload: nobody finds the value by trying. Of any other payload it is a plain SHA-256, by which a short value can be
guessed: a name, a date, a yes or a no.

Example:
  canonic redact sha256:0123… --reason "erasure asked for on 3 May" --run run_…`,
    )
    .action(async (text: string, options: RedactOptions) => {
      const { terminal, cwd } = invocation;
      const folder = storeFolder(cwd, options.store, config.store);
      const digest = digestOf(text);
      const run = options.run === undefined ? {} : { run: runIdOf(options.run) };
      const { by, reason } = options;
      if (!Principal.safeParse(by).success) throw optionInvalid("--by", "a name of 1 to 128 characters");
      const length = [...reason].length;
      if (length === 0 || length > REASON_CHARACTERS_MAX)
        throw optionInvalid("--reason", `1 to ${REASON_CHARACTERS_MAX} characters`);
      assertStore(folder);
      await withAuthority(folder, (authority) =>
        withStore(folder, authority, ({ journal }) => journal.redact(digest, { by, reason, ...run })),
      );
      terminal.document({ redacted: digest, by, reason });
      terminal.line(printable(`redacted  ${digest}`));
      terminal.line("Bundles that were exported before still hold it: whoever has one must remove it there.");
    });
}

function optionInvalid(option: string, expected: string): OrchestratorError<"orchestrator.option-invalid"> {
  return new OrchestratorError("orchestrator.option-invalid", `\`${option}\` takes ${expected}`, { option, expected });
}

function digestOf(text: string) {
  try {
    return parseDigest(text);
  } catch {
    const expected = "`sha256:` and 64 hexadecimal digits";
    throw new OrchestratorError("orchestrator.option-invalid", `<digest> takes ${expected}`, {
      option: "digest",
      expected,
    });
  }
}
