/**
 * What the commands of the service registry have in common.
 *
 * @module
 */
import { LOCAL_USER } from "@canonic/planner";
import type { ServiceStanding } from "@canonic/registry";
import { type Command, Option } from "commander";

export type Common = { readonly catalogue: string };
export type Change = Common & { readonly by: string };

export const EXAMPLE = "--catalogue services";

export function withCatalogue(command: Command): Command {
  return command.requiredOption("--catalogue <folder>", "the registry's folder");
}

export function withBy(command: Command): Command {
  return command.addOption(new Option("--by <name>", "who changes it; only the keeper vouches").default(LOCAL_USER));
}

export function healthOf({ health }: ServiceStanding): string {
  return health === null ? "" : `  ${health.status} until ${health.expiresAt}`;
}
