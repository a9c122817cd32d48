/**
 * The options that say what a token allows.
 *
 * @module
 */
import { Capability, Mode, type TokenLimits, Trigger } from "@canonic/contracts";
import { type Command, Option } from "commander";
import { OrchestratorError } from "../errors.ts";

export type ScopeOptions = {
  readonly operation?: readonly string[];
  readonly trigger?: readonly string[];
  readonly mode?: readonly string[];
  readonly capability?: readonly string[];
  readonly label?: string;
};

export type LimitOptions = {
  readonly invocations?: string;
  readonly tokensPerResponse?: string;
  readonly tokensTotal?: string;
  readonly frequency?: string;
  readonly lifetime?: string;
};

export function addScopeOptions(command: Command): Command {
  return command
    .addOption(new Option("--operation <domain.method...>", "exactly these operations"))
    .addOption(new Option("--trigger <how...>", "how runs may be started").choices([...Trigger.options]))
    .addOption(new Option("--mode <mode...>", "which modes").choices([...Mode.options]))
    .addOption(new Option("--capability <name...>", "what is denied otherwise").choices([...Capability.options]))
    .addOption(new Option("--label <text>", "what it is for"));
}

export function addLimitOptions(command: Command): Command {
  return command
    .addOption(new Option("--invocations <n>", "how many tasks may run"))
    .addOption(new Option("--tokens-per-response <n>", "model tokens of one task, at most"))
    .addOption(new Option("--tokens-total <n>", "model tokens of all tasks, at most"))
    .addOption(new Option("--frequency <n/seconds>", "how many tasks in how many seconds, for example 10/60"))
    .addOption(new Option("--lifetime <seconds>", "1 to 1800 (default: 1800)"));
}

/**
 * The four limits; each comes from its option, else from the base.
 *
 * @throws {OrchestratorError} `orchestrator.option-invalid` for one that nobody says, or that is no number.
 */
export function limitsOf(options: LimitOptions, base: TokenLimits | undefined): TokenLimits {
  return {
    invocations: countOf("--invocations", options.invocations, base?.invocations, 1),
    tokensPerResponse: countOf("--tokens-per-response", options.tokensPerResponse, base?.tokensPerResponse, 0),
    tokensTotal: countOf("--tokens-total", options.tokensTotal, base?.tokensTotal, 0),
    frequency: frequencyOf(options.frequency, base?.frequency),
  };
}

function countOf(option: string, text: string | undefined, base: number | undefined, least: number): number {
  if (text === undefined && base !== undefined) return base;
  if (text !== undefined && /^(0|[1-9][0-9]{0,14})$/.test(text) && Number(text) >= least) return Number(text);
  throw invalid(option, `a whole number from ${least}, and is required: no limit is unlimited`);
}

function frequencyOf(text: string | undefined, base: TokenLimits["frequency"] | undefined): TokenLimits["frequency"] {
  if (text === undefined && base !== undefined) return base;
  const [, count, perSeconds] = /^([1-9][0-9]{0,8})\/([1-9][0-9]{0,8})$/.exec(text ?? "") ?? [];
  if (count === undefined) throw invalid("--frequency", "`n/seconds`, for example 10/60, and is required");
  return { count: Number(count), perSeconds: Number(perSeconds) };
}

function invalid(option: string, expected: string): OrchestratorError<"orchestrator.option-invalid"> {
  return new OrchestratorError("orchestrator.option-invalid", `\`${option}\` takes ${expected}`, { option, expected });
}
