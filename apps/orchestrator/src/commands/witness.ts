/**
 * `witness`: a process of its own, kept by somebody else than the log, that cosigns one history of each log it knows.
 *
 * @module
 */
import { once } from "node:events";
import { resolve } from "node:path";
import { parseVerifierKey, printVerifierKey, SIGNATURE_TYPE } from "@canonic/audit";
import { type Command, Option } from "commander";
import { systemClock } from "../clock.ts";
import { OrchestratorError } from "../errors.ts";
import { failureOf } from "../exit.ts";
import { type CommandContext, printable } from "../invocation.ts";
import { openWitnessKey } from "../witness-key.ts";
import { listenAsWitness } from "../witness-server.ts";
import { openWitnessState } from "../witness-state.ts";

type WitnessOptions = {
  readonly listen: string;
  readonly key: string;
  readonly log: readonly string[];
  readonly state: string;
  readonly name?: string;
};

export function addWitness(program: Command, { invocation }: Pick<CommandContext, "invocation">): void {
  program
    .command("witness")
    .description("cosign the checkpoints of logs, one history of each, until it is stopped (C2SP tlog-witness)")
    .requiredOption("--listen <address>", "host:port to listen on; port 0 takes any")
    .requiredOption("--key <file>", "the witness's private key; made together with the state where neither is there")
    .requiredOption("--state <folder>", "what was cosigned; never to be lost while the key is in use")
    .addOption(new Option("--log <vkey...>", "a log's key, as `canonic log key` prints it").makeOptionMandatory())
    .option("--name <name>", "the witness's name, such as witness.example/one; needed once, to make the key")
    .addHelpText("after", WITNESS_EXAMPLE)
    .action(async (options: WitnessOptions) => {
      const { terminal, cwd } = invocation;
      const address = addressOf(options.listen);
      const logs = options.log.map(logKeyOf);
      const directory = resolve(cwd, options.state);
      const signer = openWitnessKey(resolve(cwd, options.key), directory, options.name);
      const origins = [...new Set(logs.map(({ name }) => name))];
      const state = openWitnessState(directory, origins);
      const witness = { signer, logs, state, clock: systemClock };
      const end = stopped();
      const { server, url } = await listenAsWitness(address, witness, (error) =>
        terminal.note(`canonic: a request could not be answered (${failureOf(error).code})`),
      );
      const key = printVerifierKey(signer, SIGNATURE_TYPE.cosignature);
      terminal.document({ witness: signer.name, key, url, logs: origins });
      terminal.line(printable(`witness  ${key}`));
      terminal.line(`url      ${url}`);
      await end;
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    });
}

const WITNESS_EXAMPLE = `
Example:
  canonic witness --listen 127.0.0.1:7380 --key witness.pem --state witness --name witness.example/one \\
    --log "$(canonic log key)"`;

async function stopped(): Promise<void> {
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
}

function addressOf(listen: string): { readonly host: string; readonly port: number } {
  const [, host, port] = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})$/.exec(listen) ?? [];
  if (host !== undefined && Number(port) < 65_536) return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
  throw optionInvalid("listen", "host:port, such as 127.0.0.1:7380 or [::1]:0");
}

function logKeyOf(text: string) {
  try {
    const { name, publicKey, type } = parseVerifierKey(text);
    if (type === SIGNATURE_TYPE.ed25519) return { name, publicKey };
  } catch {
    // The same answer for what is no key and what is no log's key.
  }
  throw optionInvalid("log", "a log's verifier key, as `canonic log key` prints it");
}

function optionInvalid(option: string, expected: string): OrchestratorError<"orchestrator.option-invalid"> {
  return new OrchestratorError("orchestrator.option-invalid", `--${option} takes ${expected}`, { option, expected });
}
