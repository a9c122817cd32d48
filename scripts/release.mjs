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
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { runCommand } from "./steps.mjs";
import { prepare, root, say } from "./toolchain.mjs";

const usage = "usage: npm run release -- --registry <url> [--public]";
const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Why a release with these arguments, in this state, is refused; undefined when it may go on.
 *
 * @param {{ registry?: string | undefined, public?: boolean | undefined }} options
 * @param {{ waiting: readonly string[], changed: string }} state
 */
export function refusal(options, state) {
  if (options.registry === undefined) return `nothing is published without a named registry; ${usage}`;
  if (!URL.canParse(options.registry)) return `\`${options.registry}\` is not a URL; ${usage}`;
  const { hostname, protocol } = new URL(options.registry);
  if (!/^https?:$/.test(protocol)) return `\`${options.registry}\` is not a registry; ${usage}`;
  if (!loopback.has(hostname) && options.public !== true) {
    return `\`${hostname}\` is not on this machine; add --public to publish to the world`;
  }
  if (state.waiting.length > 0) {
    return `${state.waiting.length} changesets wait; run \`npm run changeset version\`, commit, then release`;
  }
  if (state.changed !== "") return "the tree differs from its commit; commit or remove the changes first";
  return undefined;
}

function currentState() {
  const waiting = readdirSync(join(root, ".changeset")).filter((name) => name.endsWith(".md") && name !== "README.md");
  const changed = execFileSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" }).trim();
  return { waiting, changed };
}

async function release() {
  const options = {
    registry: { type: /** @type {const} */ ("string") },
    public: { type: /** @type {const} */ ("boolean") },
  };
  const { values } = parseArgs({ options });
  const reason = refusal(values, currentState());
  if (reason !== undefined) {
    say(reason);
    return 1;
  }
  const environment = { ...(await prepare()), npm_config_registry: values.registry };
  const built = await runCommand("turbo", ["run", "build"], environment);
  return built === 0 ? runCommand("changeset", ["publish"], environment) : built;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.exitCode = await release();
