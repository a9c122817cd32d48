/**
 * The command line: the orchestrator's own commands and those of the loaded packs.
 *
 * @module
 */
import { inspect } from "node:util";
import { Command, CommanderError, Option } from "commander";
import { systemClock } from "./clock.ts";
import { OWN_COMMANDS, type OwnCommand, worksWithoutPacks } from "./command-names.ts";
import { type CanonicConfig, loadConfig } from "./config.ts";
import { OrchestratorError } from "./errors.ts";
import { EXIT, type ExitCode, failureOf } from "./exit.ts";
import { type CommandContext, type Invocation, invocationOf, printable } from "./invocation.ts";

/** Commands that a pack brings, for the message when it is not loaded. */
const KNOWN_PACKS: Readonly<Record<string, string>> = {
  analyze: "@canonic/policy-analysis",
  cqvr: "@canonic/policy-analysis",
  cut: "@canonic/document-cutter",
  revert: "@canonic/document-cutter",
};

type Add = (program: Command, context: CommandContext) => void;

/** Each brings what it needs, so a command loads only its own. */
const COMMANDS: Readonly<Record<OwnCommand, () => Promise<Add>>> = {
  plan: async () => (await import("./commands/plan.ts")).addPlan,
  run: async () => (await import("./commands/plan.ts")).addRun,
  resume: async () => (await import("./commands/resume.ts")).addResume,
  approve: async () => (await import("./commands/approve.ts")).addApprove,
  void: async () => (await import("./commands/void.ts")).addVoid,
  runs: async () => (await import("./commands/inspect.ts")).addRuns,
  show: async () => (await import("./commands/inspect.ts")).addShow,
  events: async () => (await import("./commands/events.ts")).addEvents,
  graph: async () => (await import("./commands/graph.ts")).addGraph,
  certificates: async () => (await import("./commands/certificates.ts")).addCertificates,
  export: async () => (await import("./commands/evidence.ts")).addExport,
  verify: async () => (await import("./commands/evidence.ts")).addVerify,
  fsck: async () => (await import("./commands/evidence.ts")).addFsck,
  log: async () => (await import("./commands/log.ts")).addLog,
  witness: async () => (await import("./commands/witness.ts")).addWitness,
  redact: async () => (await import("./commands/redact.ts")).addRedact,
  token: async () => (await import("./commands/token.ts")).addToken,
  halt: async () => (await import("./commands/mode.ts")).addHalt,
  arm: async () => (await import("./commands/mode.ts")).addArm,
  mode: async () => (await import("./commands/mode.ts")).addMode,
  keys: async () => (await import("./commands/keys.ts")).addKeys,
  doctor: async () => (await import("./commands/doctor.ts")).addDoctor,
  route: async () => (await import("./commands/route.ts")).addRoute,
  services: async () => (await import("./commands/services.ts")).addServices,
};

/** What the command line's own parser refuses. */
const USAGE = "orchestrator.usage";

export type Process = {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
};

/** Runs one command line and says how it ended; never throws. */
export async function runCommandLine(process: Process): Promise<ExitCode> {
  const invocation = invocationOf(process, systemClock.monotonicMs);
  try {
    const program = await buildProgram(process, invocation);
    await program.parseAsync([...process.argv], { from: "user" });
    return invocation.exit();
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.done;
      invocation.terminal.document({ error: { code: USAGE, message: usageOf(error.message) } });
      return EXIT.badInput;
    }
    const failure = failureOf(error);
    const { code, message, faults } = failure;
    invocation.terminal.document({ error: { code, message, ...(faults.length === 0 ? {} : { faults }) } });
    for (const fault of faults) invocation.terminal.note(printable(fault));
    invocation.terminal.note(printable(`canonic: ${message} (${code})`));
    if (process.env["CANONIC_DEBUG"] === "1") invocation.terminal.note(inspect(error));
    return failure.exit;
  }
}

/** A refusal of the parser in one line; what it suggests stands on a line of its own. */
function usageOf(text: string): string {
  return printable(
    text
      .replace(/^error: /, "")
      .trim()
      .split("\n")
      .join(" "),
  );
}

async function buildProgram(process: Process, invocation: Invocation): Promise<Command> {
  const program = new Command("canonic")
    .description(
      "Runs pipelines that can prove what they did: planned, journaled, contract-checked, verifiable offline.",
    )
    .configureOutput({
      writeOut: (text) => process.stdout.write(text),
      writeErr: (text) => process.stderr.write(text),
      outputError: (text, write) => write(`canonic: ${usageOf(text)} (${USAGE})\n`),
    })
    .exitOverride()
    .showHelpAfterError("(`canonic --help` lists the commands)")
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 refused, violated or invalid, 2 bad usage or input, 3 waiting, 4 halted.\nCANONIC_DEBUG=1 prints the whole of an error, which may quote files, on standard error.",
    );
  const config = await configFor(process, invocation);
  const context = { invocation, config };
  await addCommands(program, process.argv[0] ?? "", context);
  for (const command of leavesOf(program)) addCommonOptions(command);
  const [name] = process.argv;
  const owner = name === undefined ? undefined : KNOWN_PACKS[name];
  if (owner !== undefined && !program.commands.some((command) => command.name() === name)) {
    const message = `\`canonic ${name}\` comes with \`${owner}\`: install it and list it in canonic.config.ts`;
    throw new OrchestratorError("orchestrator.pack-missing", message, { command: name ?? "", package: owner });
  }
  return program;
}

/** The named command alone; all of them where none of that name is there, to be listed or to be told apart. */
async function addCommands(program: Command, named: string, context: CommandContext): Promise<void> {
  const own = OWN_COMMANDS.find((name) => name === named);
  if (own !== undefined) {
    (await COMMANDS[own]())(program, context);
    return;
  }
  const brought = context.config.packs.flatMap((pack) => pack.commands.map((command) => ({ pack, command })));
  const wanted = brought.filter(({ command }) => command.name === named);
  const { addPackCommand } = await import("./commands/pack-command.ts");
  for (const { pack, command } of wanted.length === 0 ? brought : wanted)
    addPackCommand(program, pack, command, context);
  for (const name of wanted.length === 0 ? OWN_COMMANDS : []) (await COMMANDS[name]())(program, context);
}

async function configFor({ cwd, argv }: Process, invocation: Invocation): Promise<CanonicConfig> {
  const named = invocation.option("--config");
  try {
    return await loadConfig(cwd, named);
  } catch (error) {
    if (named === undefined && worksWithoutPacks(argv[0])) return { packs: [] };
    throw error;
  }
}

function addCommonOptions(command: Command): void {
  command
    .addOption(new Option("--store <folder>", "where the log, its key and its trust file are (default: .canonic)"))
    .addOption(new Option("--config <file>", "the configuration (default: canonic.config.ts, searched upward)"))
    .addOption(new Option("--json", "print one JSON document on standard output and nothing else"))
    .addOption(new Option("--no-color", "plain text, also on a terminal"));
}

function leavesOf(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}
