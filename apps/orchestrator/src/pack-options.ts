/**
 * The options that packs bring, as commander takes them and as a person types them again.
 *
 * @module
 */
import type { Plan } from "@canonic/contracts";
import { Option } from "commander";
import type { Pack, PackOption, PackOptions } from "./pack.ts";

/** The packs' options that a command was given, as they are typed again: never a value, for it may hold a secret. */
export function repeatedOptions(given: PackOptions, packs: readonly Pack[]): string {
  const options = packs.flatMap(({ runOptions = [] }) => runOptions).map(toOption);
  return options
    .filter((option) => given[option.attributeName()] !== undefined)
    .map(({ flags }) => typed(flags))
    .join("");
}

/** The options that a resume of a plan needs, as the packs read it from the plan: for who was not there when the run began. */
export function neededOptions(plan: Plan, packs: readonly Pack[]): string {
  return packs
    .flatMap(({ resumeOptions }) => resumeOptions?.(plan) ?? [])
    .map(typed)
    .join("");
}

function typed(flags: string): string {
  return ` ${flags.replace(/<([^>]*)>/u, (_, name: string) => name.toUpperCase())}`;
}

/** An option as commander takes it. */
export function toOption({ flags, description, choices }: PackOption): Option {
  const option = new Option(flags, description);
  return choices === undefined ? option : option.choices([...choices]);
}
