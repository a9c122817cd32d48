/**
 * Brings the pinned tools to a machine that has only git, Node 20 and npm:
 * pnpm into the git-ignored `.tools/`, everything else (Node 24 among it) into
 * `node_modules` by pnpm from the frozen lockfile.
 *
 * Invariants:
 *   T1. Nothing comes from anywhere but the npm registry, and nothing without a
 *       pinned version; pnpm's tarball must have the hash that `packageManager` names.
 *   T2. What is there and right is not brought again: a second run needs no network.
 *   T3. Standard output stays free for the command that follows; set-up speaks on standard error.
 *
 * @module
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The npm settings that a person gives through the environment; all other `npm_*` variables are npm's own. */
const npmSettingsKept = new Set(
  ["registry", "userconfig", "cache", "store_dir", "proxy", "https_proxy", "noproxy", "cafile", "strict_ssl"].map(
    (name) => `npm_config_${name}`,
  ),
);

/** Patient with a slow registry, and quick to say that there is none: npm's own defaults wait 70 seconds. */
const retries = ["--fetch-retries=3", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"];

/** Thrown when the tools cannot be brought; the message says what to do about it. */
export class SetupError extends Error {
  /** @override */
  name = "SetupError";
}

/**
 * The environment for everything that set-up starts: without what npm adds to its
 * scripts (pnpm and node-gyp would obey it), and with no tool reporting home.
 *
 * @param {NodeJS.ProcessEnv} environment
 */
export function cleanEnvironment(environment) {
  const kept = Object.entries(environment).filter(
    ([name]) => !/^npm_/i.test(name) || npmSettingsKept.has(name.toLowerCase()),
  );
  return { ...Object.fromEntries(kept), TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };
}

/**
 * Installs the workspace and returns the environment in which its tools run.
 *
 * @returns {Promise<NodeJS.ProcessEnv>} PATH begins with the workspace's Node, its tools, then pnpm.
 * @throws {SetupError} when pnpm, the packages or Node cannot be brought.
 */
export async function prepare() {
  const started = performance.now();
  const environment = cleanEnvironment(process.env);
  const pnpmFolder = await bringPnpm(environment);
  const withPnpm = withPath(environment, pnpmFolder === undefined ? [] : [pnpmFolder]);
  await installWorkspace(withPnpm);
  const ready = withPath(withPnpm, [nodeFolder(), join(root, "node_modules", ".bin")]);
  say(`tools are ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  // The Node that set-up began on: packaging tests import our packages there too.
  return { ...ready, CANONIC_MACHINE_NODE: process.execPath };
}

/** @param {NodeJS.ProcessEnv} environment @param {readonly string[]} folders */
function withPath(environment, folders) {
  const path = [...folders, environment.PATH ?? ""].join(delimiter);
  return { ...environment, PATH: path };
}

/** The version and hash of pnpm that `packageManager` in package.json pins. */
function pinnedPnpm() {
  const { packageManager } = readJson(join(root, "package.json"));
  const match = /^pnpm@(\d+\.\d+\.\d+)\+sha512\.([0-9a-f]{128})$/.exec(packageManager);
  if (match === null) throw new SetupError("package.json: `packageManager` must be pnpm@<version>+sha512.<hex>");
  const [, version = "", hash = ""] = match;
  return { version, integrity: `sha512-${Buffer.from(hash, "hex").toString("base64")}` };
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<string | undefined>} The folder that holds pnpm, or undefined when the right one is on PATH.
 */
async function bringPnpm(environment) {
  const { version, integrity } = pinnedPnpm();
  const found = spawnSync("pnpm", ["--version"], { cwd: root, env: environment, encoding: "utf8" });
  if (found.status === 0 && found.stdout.trim() === version) return undefined;

  const home = join(root, ".tools", `pnpm-${version}`);
  const bin = join(home, "node_modules", ".bin");
  if (existsSync(join(bin, "pnpm")) && installedPnpm(home) === version) return bin;

  say(`bringing pnpm ${version} from the npm registry`);
  const draft = `${home}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  writeFileSync(join(draft, "package.json"), `{ "private": true }\n`);
  const flags = [
    "--save-exact",
    "--package-lock=true",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    ...retries,
  ];
  const code = await run("npm", ["install", ...flags, "--loglevel=error", `pnpm@${version}`], draft, environment);
  if (code !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw new SetupError(`npm could not bring pnpm ${version}; ${networkAdvice}`);
  }
  const locked = readJson(join(draft, "package-lock.json")).packages["node_modules/pnpm"];
  if (locked.integrity !== integrity || installedPnpm(draft) !== version) {
    rmSync(draft, { recursive: true, force: true });
    throw new SetupError(`the registry's pnpm ${version} is not the pinned one: ${locked.integrity}, not ${integrity}`);
  }
  rmSync(home, { recursive: true, force: true });
  renameSync(draft, home);
  return bin;
}

/** @param {string} home */
function installedPnpm(home) {
  return readJson(join(home, "node_modules", "pnpm", "package.json")).version;
}

/** @param {NodeJS.ProcessEnv} environment */
async function installWorkspace(environment) {
  const reporter = process.stderr.isTTY ? "default" : "append-only";
  const flags = ["--frozen-lockfile", `--reporter=${reporter}`, "--config.confirmModulesPurge=false", ...retries];
  const code = await run("pnpm", ["install", ...flags], root, environment);
  if (code !== 0) throw new SetupError(`pnpm install failed (exit ${code}); ${networkAdvice}`);
}

const networkAdvice =
  "the reason is above. If it is the network: set-up needs the npm registry once, so check the connection, or set " +
  "npm_config_registry (and https_proxy) to a mirror you can reach, then run the same command again";

/** The folder of the workspace's own Node; the machine's, when it is new enough and ours has no build for it. */
function nodeFolder() {
  const { version } = readJson(join(root, "node_modules", "node", "package.json"));
  const folder = join(root, "node_modules", "node", "bin");
  const answer = spawnSync(join(folder, "node"), ["--version"], { encoding: "utf8" });
  if (answer.status === 0 && answer.stdout.trim() === `v${version}`) return folder;
  if (isNewEnough(process.versions.node)) {
    say(`the workspace's Node ${version} does not run here; going on with this machine's ${process.version}`);
    return dirname(process.execPath);
  }
  throw new SetupError(
    `the workspace's Node ${version} does not run here and this machine's ${process.version} is older than 22.13; ` +
      "remove node_modules and run the command again, or install Node 24",
  );
}

/** @param {string} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 13);
}

/**
 * Runs a command to its end with its output on standard error.
 *
 * @param {string} command @param {readonly string[]} args @param {string} cwd @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} Its exit code; 127 when it could not be started.
 */
function run(command, args, cwd, env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", process.stderr, process.stderr] });
    child.on("error", () => resolve(127));
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/** @param {string} path */
function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`canonic: ${line}\n`);
}
