/**
 * The repository's own commands, behind `npm start`, `npm test` and the other
 * scripts of package.json. Plain JavaScript, because it must run on Node 20
 * before anything is installed.
 *
 *   npm start [-- <document> --out DIR …]   set up, build the apps, `canonic analyze …`
 *   npm test [-- <vitest filter …>]         set up, every check there is
 *   npm run build | lint | format | typecheck
 *   npm run bench [-- <part of a path …>]   build, then every `*.bench.ts` or those that match
 *
 * @module
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { report, runCommand, runSteps } from "./steps.mjs";
import { prepare, root, SetupError, say } from "./toolchain.mjs";

const colours = process.stdout.isTTY ? "force" : "off";
const steps = {
  lint: { name: "lint", command: "biome", args: ["ci", "--error-on-warnings", `--colors=${colours}`, "."] },
  types: { name: "types", command: "tsc", args: ["-p", "."] },
  boundaries: { name: "boundaries", command: "turbo", args: ["boundaries", "--no-update-notifier"] },
  build: { name: "build", command: "turbo", args: ["run", "build", "--output-logs=errors-only"] },
};

/** @type {Record<string, (args: readonly string[], environment: NodeJS.ProcessEnv) => Promise<number>>} */
const commands = {
  async start(args, environment) {
    const quiet = ["run", "build", "--filter=./apps/*", "--output-logs=errors-only", "--no-update-notifier"];
    const built = await runCommand("turbo", quiet, environment, ["ignore", process.stderr, process.stderr]);
    if (built !== 0) {
      say("the build failed; its message is above");
      return 1;
    }
    return runCommand(join(root, "node_modules", ".bin", "canonic"), ["analyze", ...args], environment);
  },

  async test(args, environment) {
    const tests = { name: "tests", command: "vitest", args: ["run", ...args], counts: true };
    const order = [steps.lint, steps.types, steps.boundaries, steps.build, tests];
    // Commands that the tests start are then the built ones.
    return report(await runSteps(order, { ...environment, CANONIC_TEST_BUILT: "1" })) ? 0 : 1;
  },

  build: (args, environment) => runCommand("turbo", [...steps.build.args, ...args], environment),
  lint: (args, environment) => runCommand("biome", [...steps.lint.args, ...args], environment),
  format: (args, environment) => runCommand("biome", ["check", "--write", ".", ...args], environment),
  typecheck: (args, environment) => runCommand("tsc", [...steps.types.args, ...args], environment),

  /**
   * Runs every `*.bench.ts` whose path contains one of the arguments; all, when there is none.
   * Measures what users would run, so the built packages: no `@canonic/source` condition here.
   */
  async bench(filters, environment) {
    const files = benchFiles().filter(
      (file) => filters.length === 0 || filters.some((filter) => file.includes(filter)),
    );
    if (files.length === 0) {
      say(`no bench matches; there are ${benchFiles().join(", ") || "none"}`);
      return 1;
    }
    let worst = await runCommand("turbo", steps.build.args, environment);
    for (const file of worst === 0 ? files : []) {
      process.stdout.write(`\n── ${file}\n`);
      worst = Math.max(worst, await runCommand("node", ["--expose-gc", file], environment));
    }
    return worst;
  },
};

const [name = "", ...args] = process.argv.slice(2);
process.exitCode = await main(name, args);

/** `bench/*.bench.ts` of the root, the packages and the apps, in code-unit order. */
function benchFiles() {
  const owners = ["packages", "apps"].flatMap((parent) =>
    readdirSync(join(root, parent)).map((one) => join(parent, one)),
  );
  return [".", ...owners]
    .map((owner) => join(owner, "bench"))
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder)).map((file) => join(folder, file)))
    .filter((file) => file.endsWith(".bench.ts"))
    .sort((a, b) => (a < b ? -1 : 1));
}

/** @param {string} name @param {readonly string[]} args */
async function main(name, args) {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    say(`unknown command \`${name}\`; there are ${Object.keys(commands).join(", ")}`);
    return 2;
  }
  try {
    return await command(args, await prepare());
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    if (name === "test") process.stdout.write("0 passed, 1 failed\n");
    return 1;
  }
}
