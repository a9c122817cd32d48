/**
 * `approve`: what a person says at a gate.
 *
 * Invariants:
 *   A1. Nothing is signed but what is shown: the log, the plan, the results so far by digest and in full, and what comes
 *       after.
 *   A2. An approval is made only for a gate at which the run stands now, and for what its journal holds now.
 *
 * @module
 */
import { resolve } from "node:path";
import { signApproval } from "@canonic/authority";
import {
  APPROVAL_TTL_SECONDS,
  canonicalJson,
  digestBytes,
  type GateName,
  type GateRequest,
  type Plan,
  pinsDigestOf,
  type TaskId,
} from "@canonic/contracts";
import { type Command, Option } from "commander";
import { systemClock } from "../clock.ts";
import { OrchestratorError } from "../errors.ts";
import { writeNew } from "../files.ts";
import { type CommandContext, printable } from "../invocation.ts";
import { originOf, readApprover } from "../keys.ts";
import { resumeCommand } from "../next-commands.ts";
import { neededOptions } from "../pack-options.ts";
import { completedOf, standingOf, standingText } from "../run-standing.ts";
import { storeFolder, withReader } from "../store.ts";
import { readStoredRun } from "../stored-run.ts";
import { secondsOf } from "../whole-numbers.ts";
import { runIdOf } from "./inspect.ts";

type ApproveOptions = {
  readonly store?: string;
  readonly key?: string;
  readonly meaning?: string;
  readonly out?: string;
  readonly reject?: boolean;
  readonly reviewDecision?: string;
  readonly ttl?: string;
  readonly full?: boolean;
};

/** Shown in full up to here; beyond, by its digest, and in full with `--json` or `--full`. */
const SHOWN_MAX = 400;

export function addApprove(program: Command, { invocation, config }: CommandContext): void {
  program
    .command("approve")
    .description("show what a run waits for at a gate and, with your key, sign a yes or a no to exactly that")
    .argument("<run>", "the run's id, as `canonic runs` lists it")
    .argument("<gate>", "the gate at which it waits, for example SG_1")
    .addOption(
      new Option("--key <file>", "your key, as `canonic keys approver` made it; without it, nothing is signed"),
    )
    .addOption(new Option("--meaning <text>", "what you say by signing, in your own words"))
    .addOption(new Option("--out <file>", "the signed approval; must not exist"))
    .addOption(new Option("--reject", "sign a no: the run ends at the gate"))
    .addOption(new Option("--review-decision <id>", "the decision that the gate asks for"))
    .addOption(new Option("--full", "show every result whole, however long"))
    .addOption(new Option("--ttl <seconds>", `how long it can be used, 1 to ${APPROVAL_TTL_SECONDS} (default: 12 h)`))
    .addHelpText(
      "after",
      '\nExamples:\n  canonic approve run_0123456789abcdef0123 SG_1\n  canonic approve run_0123456789abcdef0123 SG_1 --key ada.pem --meaning "I have read the units" --out yes.json',
    )
    .action(async (text: string, gate: string, options: ApproveOptions) => {
      const { terminal, cwd } = invocation;
      const run = runIdOf(text);
      const ttl = secondsOf("--ttl", options.ttl, APPROVAL_TTL_SECONDS);
      const folder = storeFolder(cwd, options.store, config.store);
      const { stored, origin } = await withReader(folder, async (reader) => {
        return { stored: await readStoredRun(reader, run), origin: await originOf(folder, reader) };
      });
      const standing = standingOf(stored.events);
      const asked = standing.gate;
      const digests = completedOf(stored.events);
      const pins = pinsDigestOf(digests as ReadonlyMap<TaskId, never>);
      if (asked?.gate !== gate || asked.pins !== pins || asked.plan !== stored.planDigest) {
        const message = `run \`${run}\` does not wait at \`${gate.slice(0, 40)}\`: it is ${standingText(standing)}`;
        throw new OrchestratorError("orchestrator.gate-not-waiting", message, { run, gate: gate.slice(0, 40) });
      }
      const { done, after } = around(stored.plan, asked.gate, stored.outputs);
      const signed = sign(options, { ...asked, origin, run, pins }, ttl, cwd);
      terminal.document({ origin, run, gate, plan: asked.plan, pins, done, after, signed });
      terminal.line(terminal.strong(`${gate} of ${run}`));
      terminal.line(printable(`log      ${origin}`));
      terminal.line(`plan     ${asked.plan}`);
      terminal.line(`pins     ${pins}`);
      terminal.line("done, with what it gave:");
      for (const { task, operation, digest, output } of done) {
        terminal.line(`  ${task}  ${operation}  ${digest}`);
        const isWhole = options.full === true || output.length <= SHOWN_MAX;
        const rest = `… (${output.length} characters; --full shows all)`;
        terminal.line(printable(`    ${isWhole ? output : `${output.slice(0, SHOWN_MAX)}${rest}`}`));
      }
      terminal.line("comes next, if approved:");
      for (const { task, operation, effect } of after) terminal.line(`  ${task}  ${operation}  ${effect}`);
      if (signed === null) {
        terminal.line("Nothing was signed: --key, --meaning and --out sign exactly this.");
        return;
      }
      terminal.line(printable(`signed   ${signed.decision} by ${signed.signer}: ${signed.meaning}`));
      terminal.line(printable(`file     ${signed.file}`));
      const again = neededOptions(stored.plan, config.packs);
      terminal.line(printable(`next     ${resumeCommand(run, options.out ?? "", again)}`));

      function around(plan: Plan, name: GateName, outputs: readonly (string | undefined)[]) {
        const before = plan.gates.find((each) => each.name === name)?.before ?? 0;
        const until = plan.gates.find((each) => each.before > before)?.before ?? plan.groups.length;
        const effects = new Map(
          stored.snapshot.operations.map((contract) => [`${contract.operation}@${contract.version}`, contract.effect]),
        );
        return {
          done: plan.tasks.flatMap(({ id: task, operation, position }) => {
            const output = outputs[position];
            const digest = digests.get(task);
            return output === undefined || digest === undefined ? [] : [{ task, operation, digest, output }];
          }),
          after: plan.groups.slice(before, until).flatMap((group) =>
            group.flatMap((position) => {
              const found = plan.tasks[position];
              if (found === undefined) return [];
              const { id: task, operation, version } = found;
              return [{ task, operation, effect: effects.get(`${operation}@${version}`) ?? "unknown" }];
            }),
          ),
        };
      }
    });
}

/**
 * Signs what was shown, when a key is given.
 *
 * @throws {OrchestratorError} `orchestrator.option-invalid` for a key without a meaning or a file, or the other way round, and
 *   for a gate's missing decision.
 */
function sign(
  { key, meaning, out, reject, reviewDecision }: ApproveOptions,
  { reviewDecision: isDecisionAsked, ...asked }: GateRequest & { readonly origin: string },
  ttl: number,
  cwd: string,
) {
  if (key === undefined && meaning === undefined && out === undefined) return null;
  if (key === undefined || meaning === undefined || out === undefined) {
    const expected = "--key, --meaning and --out together, or none of them to see what would be signed";
    throw new OrchestratorError("orchestrator.option-invalid", `an approval takes ${expected}`, {
      option: "--key",
      expected,
    });
  }
  if (isDecisionAsked && reviewDecision === undefined) {
    const expected = "--review-decision, for this gate asks for a decision by name";
    throw new OrchestratorError("orchestrator.option-invalid", `an approval of \`${asked.gate}\` takes ${expected}`, {
      option: "--review-decision",
      expected,
    });
  }
  const signer = readApprover(resolve(cwd, key));
  const iat = Math.floor(Date.parse(systemClock.now()) / 1000);
  const decision = reject === true ? "reject" : "approve";
  const claims = { ...asked, decision, meaning, reviewDecision: reviewDecision ?? null, iat, exp: iat + ttl } as const;
  const text = canonicalJson(signApproval(claims, signer));
  const file = resolve(cwd, out);
  if (!writeNew(file, `${text}\n`)) {
    throw new OrchestratorError("orchestrator.out-not-empty", `\`${out}\` exists already`, { directory: file });
  }
  return { approval: digestBytes(text), decision, signer: signer.name, meaning, file };
}
