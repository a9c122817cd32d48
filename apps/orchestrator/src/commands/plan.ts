/**
 * `plan` and `run`: a request becomes a plan in a file, and a plan in a file becomes a run.
 *
 * @module
 */
import { resolve } from "node:path";
import { Mode, type OperationContract } from "@canonic/contracts";
import { type Command, Option } from "commander";
import { systemClock } from "../clock.ts";
import { OrchestratorError } from "../errors.ts";
import { readNamedFile } from "../files.ts";
import { type CommandContext, printable } from "../invocation.ts";
import { adaptersFor, freezeDirect } from "../registry.ts";
import { planRequest } from "../request/plan-request.ts";
import { readPlannedRun, writePlannedRun } from "../request/planned-run.ts";
import type { RoutePlanner } from "../routing/plan-routes.ts";
import { verifiedIdentity } from "../routing/route-identity.ts";
import { addWorldOptions, type WorldOptions } from "../routing/world-options.ts";
import { addRunOptions, type RunOptions, readRunSettings } from "../run-options.ts";
import { runPlanned } from "../run-planned.ts";
import { readTokenFile } from "../run-token.ts";
import { openSalts } from "../salt-key.ts";
import { storeFolder } from "../store.ts";

const modeOption = (description: string) =>
  new Option("--mode <mode>", description).choices([...Mode.options]).default("dryrun");

export function addPlan(program: Command, { invocation, config }: CommandContext): void {
  const command = program
    .command("plan")
    .description("turn a request (YAML or JSON) into a plan, or say every fault with its line and column")
    .argument("<request>", "the request's file; docs/plan-requests.md says what it may hold")
    .requiredOption("--out <file>", "the planned run; a file that holds something else is never replaced")
    .addOption(modeOption("operations of which mode"));
  addWorldOptions(command)
    .addOption(new Option("--token <file>", "whom tasks are routed for; the run decides again for its own token"))
    .addHelpText(
      "after",
      "\nExamples:\n  canonic plan request.yaml --out plan.json\n  canonic plan request.yaml --mode live --out live.json\n  canonic plan routed.yaml --catalogue catalogue --rules rules.yaml --out plan.json",
    )
    .action(async (request: string, options: PlanOptions) => {
      const { terminal, cwd } = invocation;
      const { mode } = options;
      const registry = freezeDirect(config.packs, mode);
      const bytes = readNamedFile(resolve(cwd, request));
      const salts = () => openSalts(storeFolder(cwd, options.store, config.store));
      const planner = await plannerFor(options, registry.snapshot.operations, { invocation, config });
      const asked = { bytes, name: request, mode, registry, salts, planner };
      const { plan, planDigest, artifacts } = planRequest(asked);
      const out = resolve(cwd, options.out);
      writePlannedRun(out, { plan, snapshot: registry.snapshot, artifacts });
      const { kind, user, tasks, gates } = plan;
      terminal.document({ plan: planDigest, file: out, kind, user, mode, tasks: tasks.length, gates });
      terminal.line(`plan    ${planDigest}`);
      terminal.line(printable(`        ${kind}, ${mode}, for ${user}: ${tasks.length} tasks, ${gates.length} gates`));
      for (const { position, operation, version, route } of tasks)
        terminal.line(`  ${position}  ${operation}@${version}${route === undefined ? "" : ", routed"}`);
      terminal.line(printable(`file    ${out}`));
    });
}

type PlanOptions = WorldOptions & {
  readonly store?: string;
  readonly out: string;
  readonly mode: Mode;
  readonly token?: string;
};

/** What chooses for capabilities, when a catalogue is named; the other options of a world need one. */
async function plannerFor(
  options: PlanOptions,
  operations: readonly OperationContract[],
  { invocation, config }: CommandContext,
): Promise<RoutePlanner | undefined> {
  const { cwd } = invocation;
  const { catalogue, rules, privacy, observations, token } = options;
  if (catalogue === undefined) {
    const [stray] =
      Object.entries({ rules, privacy, observations, token }).find(([, value]) => value !== undefined) ?? [];
    if (stray === undefined) return undefined;
    const expected = "a catalogue: --catalogue <folder>";
    throw new OrchestratorError(
      "orchestrator.option-invalid",
      `\`--${stray}\` is for routed tasks and takes ${expected}`,
      {
        option: `--${stray}`,
        expected,
      },
    );
  }
  const [{ openCatalogue }, planning, { readWorld }, { noteQuarantine }] = await Promise.all([
    import("../routing/catalogue.ts"),
    import("../routing/plan-routes.ts"),
    import("../routing/world-files.ts"),
    import("./route.ts"),
  ]);
  const opened = await openCatalogue(resolve(cwd, catalogue));
  noteQuarantine(invocation, opened, false);
  const now = systemClock.now();
  const identity =
    token === undefined
      ? null
      : await verifiedIdentity(readTokenFile(resolve(cwd, token)), storeFolder(cwd, options.store, config.store), now);
  return new planning.RoutePlanner(readWorld(opened.snapshot, options, cwd), operations, identity);
}

export function addRun(program: Command, context: CommandContext): void {
  const { invocation, config } = context;
  const command = program
    .command("run")
    .description("run a plan that `canonic plan` wrote, under a token")
    .argument("<plan>", "the planned run's file")
    .addOption(modeOption("must be the plan's"))
    .addOption(new Option("--approval <file...>", "signed approvals, each presented once and in this order"))
    .addHelpText(
      "after",
      "\nExamples:\n  canonic run plan.json --token token.txt\n  canonic run live.json --mode live --token token.txt",
    );
  addRunOptions(command, config.packs);
  command.action(async (file: string, options: RunOptions & { readonly mode: Mode }) => {
    const { plan, snapshot, artifacts } = readPlannedRun(resolve(invocation.cwd, file));
    if (plan.mode !== options.mode) {
      const message = `the plan is for ${plan.mode}, and --mode says ${options.mode}`;
      throw new OrchestratorError("orchestrator.mode-differs", message, { planned: plan.mode, asked: options.mode });
    }
    const settings = readRunSettings(options, context);
    const adapters = () => adaptersFor(plan, config.packs);
    await runPlanned({ plan, snapshot, artifacts, payloads: [], adapters, about: file }, settings);
  });
}
