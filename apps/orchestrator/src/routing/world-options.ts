/**
 * The options by which commands are told what to decide in.
 *
 * @module
 */
import { type Command, Option } from "commander";

export type WorldOptions = {
  readonly catalogue?: string;
  readonly rules?: string;
  readonly profile?: string;
  readonly privacy?: string;
  readonly observations?: string;
};

/** Adds them to a command. */
export function addWorldOptions(command: Command): Command {
  return command
    .addOption(new Option("--catalogue <folder>", "the services: a registry of `canonic services`, or catalogue files"))
    .addOption(new Option("--rules <file>", "rules in CEL (docs/routing-rules.md); without it there are none"))
    .addOption(new Option("--profile <file>", "a score profile, or `default` or `cheapest`").default("default"))
    .addOption(new Option("--privacy <file>", "a privacy profile (default: the built-in one)"))
    .addOption(new Option("--observations <file>", "an observation snapshot, as JSON"));
}
