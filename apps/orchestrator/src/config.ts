/**
 * `canonic.config.ts`: which packs are loaded and where the store is.
 *
 * Searched upward from the working folder, then upward from where this package is installed, so that the command
 * also works from another folder. `--config FILE` names it directly.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { OWN_COMMANDS } from "./command-names.ts";
import { OrchestratorError } from "./errors.ts";
import type { Pack } from "./pack.ts";

export type CanonicConfig = {
  /** The store's folder, relative to the working folder; `.canonic` when not given. */
  readonly store?: string;
  readonly packs: readonly Pack[];
};

const NAMES = ["canonic.config.ts", "canonic.config.mts", "canonic.config.js", "canonic.config.mjs"];

/** Names the configuration's type where it is written. */
export function defineConfig(config: CanonicConfig): CanonicConfig {
  return config;
}

/**
 * Loads the configuration; without one, no pack is loaded.
 *
 * @throws {OrchestratorError} `orchestrator.config-not-found` when the named file is absent,
 *   `orchestrator.config-invalid` when it cannot be loaded, has no `packs`, or two commands of one name.
 */
export async function loadConfig(cwd: string, named: string | undefined): Promise<CanonicConfig> {
  const file = named === undefined ? findConfig(cwd) : resolve(cwd, named);
  if (file === undefined) return { packs: [] };
  if (!existsSync(file)) {
    throw new OrchestratorError("orchestrator.config-not-found", `no configuration at \`${file}\``, {
      searched: [file],
    });
  }
  const loaded = await importConfig(file);
  const config: unknown = loaded.default;
  if (!isConfig(config)) {
    const expected = "a default export made with defineConfig({ packs: [...] })";
    throw new OrchestratorError("orchestrator.config-invalid", `\`${file}\` has not ${expected}`, { file, expected });
  }
  const twice = nameGivenTwice(config);
  if (twice !== undefined) {
    const expected = `each command once; \`${twice}\` is the name of two`;
    throw new OrchestratorError("orchestrator.config-invalid", `\`${file}\` has not ${expected}`, { file, expected });
  }
  return config;
}

/** A pack's command must not be hidden behind another, nor hide one. */
function nameGivenTwice({ packs }: CanonicConfig): string | undefined {
  const names = [...OWN_COMMANDS, ...packs.flatMap(({ commands }) => commands.map(({ name }) => name))];
  return names.find((name, at) => names.indexOf(name) !== at);
}

async function importConfig(file: string): Promise<{ default?: unknown }> {
  try {
    return (await import(pathToFileURL(file).href)) as { default?: unknown };
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    const expected = LOADING_FAULTS[String(code)] ?? OTHER_FAULT;
    throw new OrchestratorError(
      "orchestrator.config-invalid",
      `\`${file}\` is not ${expected}`,
      { file, expected },
      { cause },
    );
  }
}

const OTHER_FAULT =
  "an ES module that loads without an error (`canonic.config.mjs`, or `type: module` in package.json)";
const LOADING_FAULTS: Readonly<Record<string, string>> = {
  ERR_MODULE_NOT_FOUND: "a configuration whose imports are installed and built",
  ERR_UNKNOWN_FILE_EXTENSION:
    "a configuration for this Node: TypeScript needs Node 22.18, `canonic.config.mjs` does not",
};

function findConfig(cwd: string): string | undefined {
  return findUpward(cwd) ?? findUpward(dirname(fileURLToPath(import.meta.url)));
}

function findUpward(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    for (const name of NAMES) if (existsSync(join(folder, name))) return join(folder, name);
    if (folder === dirname(folder)) return undefined;
  }
}

function isConfig(value: unknown): value is CanonicConfig {
  return typeof value === "object" && value !== null && "packs" in value && Array.isArray(value.packs);
}
