/**
 * The options that packs bring, as commander takes them and as a person types them again.
 *
 * @module
 */
import { Option } from "commander";
import type { Pack, PackOption, PackOptions } from "./pack.ts";

/** The packs' options that a command was given, as they are typed again: never a value, for it may hold a secret. */
export function repeatedOptions(given: PackOptions, packs: readonly Pack[]): string {
  const options = packs.flatMap(({ runOptions = [] }) => runOptions).map(toOption);
  return options
    .filter((option) => given[option.attributeName()] !== undefined)
    .map(({ flags }) => ` ${flags.replace(/<([^>]*)>/u, (_, name: string) => name.toUpperCase())}`)
    .join("");
}

/** An option as commander takes it. */
export function toOption({ flags, description, choices }: PackOption): Option {
  const option = new Option(flags, description);
  return choices === undefined ? option : option.choices([...choices]);
}
