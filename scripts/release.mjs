/**
 * Publishes what `changeset version` prepared, to the one registry that it is told.
 *
 *   npm run release -- --registry http://localhost:4873/
 *   npm run release -- --registry https://registry.npmjs.org/ --public
 *
 * Invariants:
 *   R1. Without `--registry` nothing is published; a registry that is not on this
 *       machine's loopback needs `--public` as well. No default, no environment variable.
 *   R2. Nothing is published while a changeset waits or while the tree differs from the commit.
 *   R3. Nothing is published where a setting sends `@canonic` or one package elsewhere: npm
 *       lets the registry of a scope or a manifest win over the one it is told.
 *   R4. What the world gets is tagged in git; a rehearsal on loopback leaves no tag behind.
 *
 * @module
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { runCommand } from "./steps.mjs";
import { prepare, root, SetupError, say } from "./toolchain.mjs";

const usage = "usage: npm run release -- --registry <url> [--public]";
const scope = "@canonic";
const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Why a release with these arguments, in this state, is refused; undefined when it may go on.
 *
 * @param {{ registry?: string | undefined, public?: boolean | undefined }} options
 * @param {{ waiting: readonly string[], changed: string, committer: boolean }} state
 */
export function refusal(options, state) {
  if (options.registry === undefined) return `nothing is published without a named registry; ${usage}`;
  if (!URL.canParse(options.registry)) return `\`${options.registry}\` is not a URL; ${usage}`;
  const { hostname, protocol } = new URL(options.registry);
  if (!/^https?:$/.test(protocol)) return `\`${options.registry}\` is not a registry; ${usage}`;
  if (!isLoopback(options.registry) && options.public !== true) {
    return `\`${hostname}\` is not on this machine; add --public to publish to the world`;
  }
  if (state.waiting.length > 0) {
    return `${state.waiting.length} changesets wait; run \`npm run changeset version\`, commit, then release`;
  }
  if (state.changed !== "") return "the tree differs from its commit; commit or remove the changes first";
  if (!isLoopback(options.registry) && !state.committer) {
    return "git does not know who tags the release; set user.name and user.email first";
  }
  return undefined;
}

/**
 * Why a release to this registry would go elsewhere; undefined when it goes where it is told (R3).
 *
 * @param {string} registry
 * @param {ReadonlyArray<{ where: string, registry: string | undefined }>} settings What could win over it.
 */
export function misdirection(registry, settings) {
  const other = settings.find((one) => one.registry !== undefined && !isSame(one.registry, registry));
  return other && `${other.where} is \`${other.registry}\`, which npm prefers to \`${registry}\`; remove it first`;
}

/** @param {string} registry */
function isLoopback(registry) {
  return loopback.has(new URL(registry).hostname);
}

/** Registries differ by more than a slash at the end. @param {string} one @param {string} other */
function isSame(one, other) {
  return one.replace(/\/+$/, "") === other.replace(/\/+$/, "");
}

function currentState() {
  const waiting = readdirSync(join(root, ".changeset")).filter((name) => name.endsWith(".md") && name !== "README.md");
  const changed = execFileSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" }).trim();
  const committer = spawnSync("git", ["var", "GIT_COMMITTER_IDENT"], { cwd: root }).status === 0;
  return { waiting, changed, committer };
}

/** The registry of the scope as each tool reads it, and that of each manifest. @param {NodeJS.ProcessEnv} environment */
function registrySettings(environment) {
  const tools = ["npm", "pnpm"].map((tool) => {
    const args = ["config", "get", `${scope}:registry`];
    const said = execFileSync(tool, args, { cwd: root, env: environment, encoding: "utf8", stdio: "pipe" }).trim();
    return {
      where: `the setting \`${scope}:registry\` of ${tool}`,
      registry: /^(undefined)?$/.test(said) ? undefined : said,
    };
  });
  const folders = ["packages", "apps"].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(parent, name)),
  );
  const manifests = [...folders, "schemas"]
    .map((folder) => join(folder, "package.json"))
    .filter((file) => existsSync(join(root, file)))
    .map((file) => {
      const { publishConfig = {} } = JSON.parse(readFileSync(join(root, file), "utf8"));
      return {
        where: `publishConfig in ${file}`,
        registry: publishConfig[`${scope}:registry`] ?? publishConfig.registry,
      };
    });
  return [...tools, ...manifests];
}

/**
 * The environment in which npm knows one registry: npm reads the name in capitals too, and the last one wins.
 *
 * @param {NodeJS.ProcessEnv} environment @param {string} registry
 */
export function toRegistry(environment, registry) {
  const others = Object.entries(environment).filter(([name]) => name.toLowerCase() !== "npm_config_registry");
  return { ...Object.fromEntries(others), npm_config_registry: registry };
}

/** @param {string} registry */
async function publish(registry) {
  const environment = toRegistry(await prepare(), registry);
  const elsewhere = misdirection(registry, registrySettings(environment));
  if (elsewhere !== undefined) {
    say(elsewhere);
    return 1;
  }
  const built = await runCommand("turbo", ["run", "build", "--output-logs=errors-only"], environment);
  if (built !== 0) return built;
  const tags = isLoopback(registry) ? ["--no-git-tag"] : [];
  // Into a pipe changesets draws its moving progress all the same, unless it believes itself in CI.
  const quiet = process.stdout.isTTY ? {} : { CI: "true" };
  return runCommand("changeset", ["publish", ...tags], { ...environment, ...quiet });
}

/** @returns {{ registry?: string | undefined, public?: boolean | undefined } | undefined} Undefined when they are not ours. */
function readArguments() {
  const options = {
    registry: { type: /** @type {const} */ ("string") },
    public: { type: /** @type {const} */ ("boolean") },
  };
  try {
    return parseArgs({ options }).values;
  } catch {
    return undefined;
  }
}

async function release() {
  const options = readArguments();
  const reason = options === undefined ? usage : refusal(options, currentState());
  if (reason !== undefined || options?.registry === undefined) {
    say(reason ?? usage);
    return 1;
  }
  try {
    return await publish(options.registry);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    return 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.exitCode = await release();
