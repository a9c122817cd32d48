/**
 * A release as its maker and its user live it: a clone of the last commit is versioned, built and published by the
 * commands of CONTRIBUTING.md to a registry on loopback; then an empty folder installs from there with plain npm.
 *
 * It needs the npm registry for what we depend on, and minutes, so it runs when it is asked: `CANONIC_PUBLISH=1`.
 *
 * @module
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, assert, beforeAll, describe, expect, test } from "vitest";
import { type Finished, runCommand } from "../run-command.ts";
import { byCodeUnit, type Manifest, readPackages, root } from "../tidy/tree.ts";
import { assertLoopback, type Registry, startRegistry } from "./registry.ts";

const wanted = process.env.CANONIC_PUBLISH === "1";
const why = "it needs the npm registry and about two minutes; set CANONIC_PUBLISH=1 to run it";
if (!wanted) process.stderr.write(`the rehearsal of a release is skipped: ${why}\n`);

const folder = mkdtempSync(join(tmpdir(), "canonic-publish-"));
const clone = join(folder, "clone");
const user = join(folder, "user");
let registry: Registry | undefined;
afterAll(async () => {
  await registry?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Each package of ours that users install, by name, with the folder it is made in. */
const published = new Map(
  [...readPackages(), { folder: "schemas", manifest: { name: "@canonic/schemas", private: false } }]
    .filter(({ manifest }) => manifest.private !== true)
    .map((owner) => [owner.manifest.name, owner.folder]),
);
const asked = ["@canonic/audit", "@canonic/contracts", "@canonic/orchestrator", "@canonic/policy-analysis"];

test("a rehearsal refuses every registry that is not on loopback", async () => {
  for (const url of ["https://registry.npmjs.org/", "http://localhost.example.org/", "http://10.0.0.1:4873/"]) {
    expect(() => assertLoopback(url)).toThrow("is not on loopback");
    await expect(release(url)).rejects.toThrow("is not on loopback");
  }
});

describe.skipIf(!wanted)(`a release, rehearsed${wanted ? "" : ` (${why})`}`, { timeout: 300_000 }, () => {
  let versions: ReadonlyMap<string, string>;

  beforeAll(async () => {
    registry = await startRegistry(join(folder, "registry"));
    for (const name of ["home", "user-home", "user"]) mkdirSync(join(folder, name));
    await succeed("git", ["clone", "--quiet", root, clone]);
    // `npm publish` wants a token, whatever it is worth.
    writeFileSync(join(folder, "home", ".npmrc"), `${registry.url.replace(/^http:/, "")}:_authToken=rehearsal\n`);
    await inClone("npm", ["run", "lint"]);
  }, 300_000);

  test("begins with versions and changelogs that pass lint", async () => {
    await inClone("npm", ["run", "changeset", "version"]);
    await inClone("npm", ["run", "lint"]);
    await commit("Release");

    versions = versionsOfClone();
    expect(versions.size).toBe(published.size);
    expect([...versions.values()].filter((version) => version === "0.0.0")).toEqual([]);
  });

  test("gives the registry every package at its version, and leaves no tag behind (R4)", async () => {
    const { stdout } = await release(url());

    // No terminal, so no drawing: the log of a release has at most a line for each package.
    expect(stdout.split("Publishing packages").length).toBeLessThanOrEqual(published.size + 2);
    expect(await versionsOfRegistry()).toEqual(new Map([...versions].map(([name, one]) => [name, [one]])));
    expect((await inClone("git", ["tag"])).stdout).toBe("");
  });

  test("publishes nothing where the settings of npm send the scope elsewhere (R3)", async () => {
    const settings = join(folder, "home", ".npmrc");
    const before = readFileSync(settings, "utf8");
    writeFileSync(settings, `${before}@canonic:registry=http://127.0.0.1:9/\n`);
    const { code, stderr } = await releaseAs(url());
    writeFileSync(settings, before);

    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("`@canonic:registry` of npm is") });
  });

  test("is installed by plain npm into an empty folder, all of it from the registry", async () => {
    await asUser("npm", ["init", "-y"]);
    await asUser("npm", ["pkg", "set", "type=module"]);
    await asUser("npm", ["install", "--no-audit", "--no-fund", ...asked]);
    const lock = JSON.parse(readFileSync(join(user, "package-lock.json"), "utf8")) as {
      packages: Record<string, { resolved?: string; link?: boolean }>;
    };
    const installed = Object.entries(lock.packages).filter(([path]) => path !== "");

    expect(installed.length).toBeGreaterThan(50);
    expect(installed.filter(([, { resolved }]) => resolved?.startsWith(url()) !== true)).toEqual([]);
    for (const name of asked) {
      const path = join(realpathSync(user), "node_modules", name);
      expect(realpathSync(path)).toBe(path);
      expect(readManifest(path).version).toBe(versions.get(name));
    }
  });

  test.each(asked)("gives the names of %s to `import` and to `require`, the same ones", async (name) => {
    const print = "console.log(JSON.stringify(Object.keys(all).filter((k) => k !== 'module.exports').sort()))";
    const imported = await asUser("node", ["--input-type=module", "-e", `import * as all from "${name}"; ${print}`]);
    const required = await asUser("node", ["--input-type=commonjs", "-e", `const all = require("${name}"); ${print}`]);

    expect(JSON.parse(imported.stdout).length).toBeGreaterThan(0);
    expect(required.stdout).toBe(imported.stdout);
  });

  describe("then its command line", () => {
    type Report = { status: string; outputs: number; outputsDigest: string; verification: { verdict: string } };
    const canonic = join(user, "node_modules", ".bin", "canonic");
    const analyse = async (out: string): Promise<Report> => {
      const { stdout } = await asUser(canonic, ["analyze", "--out", out, "--jobs", "2", "--json"]);
      return JSON.parse(stdout) as Report;
    };
    let report: Report;

    test("analyses the default document to 300 answers and a valid bundle", async () => {
      writeFileSync(join(user, "canonic.config.js"), configuration);

      report = await analyse("result");
      const verified = await asUser(canonic, ["verify", "result/bundle", "--trust", ".canonic/trust.json"]);

      expect(report).toMatchObject({ status: "completed", outputs: 300, verification: { verdict: "VALID" } });
      expect(verified.stdout).toContain("VALID");
      expect(
        readFileSync(join(user, "result", "outputs.jsonl"), "utf8")
          .trimEnd()
          .split("\n").length,
      ).toBe(300);
    });

    test("gives the answers that the workspace gives", async () => {
      const own = join(clone, "apps", "orchestrator", "bin", "canonic.js");
      const places = ["--store", join(folder, "own-store"), "--out", join(folder, "own-result")];
      const { stdout } = await inClone("node", [own, "analyze", ...places, "--json"]);

      expect((JSON.parse(stdout) as Report).outputsDigest).toBe(report.outputsDigest);
    });

    test("runs its operations on the worker threads of the package: without that file it cannot", async () => {
      const worker = join(user, "node_modules", "@canonic", "runner", "dist", "worker.js");
      renameSync(worker, `${worker}.away`);
      const { code, stdout } = await userCommand(canonic, ["analyze", "--out", "no-result", "--jobs", "2", "--json"]);
      renameSync(`${worker}.away`, worker);

      expect({ code, stdout }).toEqual({ code: 2, stdout: expect.stringContaining("runner.operations-invalid") });
      expect(existsSync(join(user, "no-result"))).toBe(false);
    });
  });

  test("of one patch gives a new version to that package alone, and users of the others get it", async () => {
    const patched = "@canonic/planner";
    writeFileSync(join(clone, ".changeset", "one-patch.md"), `---\n"${patched}": patch\n---\n\nA clearer message.\n`);
    await inClone("npm", ["run", "changeset", "version"]);
    await commit("Release one patch");
    const next = versionsOfClone();
    await release(url());

    const expected = new Map([...versions].map(([name, one]) => [name, [one]]));
    expected.set(patched, [versions.get(patched), next.get(patched)].map(String));
    expect([...next].filter(([name, one]) => versions.get(name) !== one).map(([name]) => name)).toEqual([patched]);
    expect(await versionsOfRegistry()).toEqual(expected);

    await asUser("npm", ["update", "--no-audit", "--no-fund"]);
    expect(readManifest(join(user, "node_modules", patched)).version).toBe(next.get(patched));
    expect(readManifest(join(user, "node_modules", "@canonic/policy-analysis")).version).toBe(
      versions.get("@canonic/policy-analysis"),
    );
  });

  test("of a minor of contracts, which leaves its range below 1.0.0, gives a new version to every dependent", async () => {
    const before = versionsOfClone();
    writeFileSync(join(clone, ".changeset", "broken.md"), `---\n"@canonic/contracts": minor\n---\n\nAnother shape.\n`);
    await inClone("npm", ["run", "changeset", "version"]);

    const after = versionsOfClone();
    const kept = [...after].filter(([name, one]) => before.get(name) === one).map(([name]) => name);
    const independent = [...published]
      .filter(([, at]) => readManifest(join(clone, at)).dependencies?.["@canonic/contracts"] === undefined)
      .map(([name]) => name)
      .filter((name) => name !== "@canonic/contracts");
    expect(kept).toEqual(independent);
    await inClone("git", ["checkout", "--quiet", "."]);
  });
});

const configuration = `import { defineConfig } from "@canonic/orchestrator";
import { policyAnalysis } from "@canonic/policy-analysis";

export default defineConfig({ packs: [policyAnalysis] });
`;

function url(): string {
  assert(registry !== undefined, "the registry has not started");
  return registry.url;
}

/** The command that CONTRIBUTING.md names, in the clone; only ever to loopback. */
async function releaseAs(to: string): Promise<Finished> {
  assertLoopback(to);
  return cloneCommand("npm", ["run", "release", "--", "--registry", to]);
}

async function release(to: string): Promise<Finished> {
  return succeeded("npm run release", await releaseAs(to));
}

/** Its maker has a home with a token and without a name; what pnpm has fetched before, it need not fetch again. */
let storeOfPnpm: string | undefined;
async function cloneCommand(command: string, args: readonly string[]): Promise<Finished> {
  storeOfPnpm ??= (await succeed("pnpm", ["store", "path"])).stdout.trim();
  const env = { HOME: join(folder, "home"), npm_config_userconfig: undefined, npm_config_store_dir: storeOfPnpm };
  return runCommand(command, args, { cwd: clone, env });
}

async function inClone(command: string, args: readonly string[]): Promise<Finished> {
  return succeeded(`${command} ${args.join(" ")}`, await cloneCommand(command, args));
}

async function commit(message: string): Promise<void> {
  const identity = ["-c", "user.name=Rehearsal", "-c", "user.email=rehearsal@example.org"];
  await inClone("git", ["add", "--all"]);
  await inClone("git", [...identity, "commit", "--quiet", "--message", message]);
}

/** Somebody who knows the registry and nothing of the workspace, with empty caches. */
function userCommand(command: string, args: readonly string[]): Promise<Finished> {
  const npm = { npm_config_registry: url(), npm_config_userconfig: undefined, npm_config_cache: join(folder, "cache") };
  return runCommand(command, args, { cwd: user, env: { HOME: join(folder, "user-home"), ...npm } });
}

async function asUser(command: string, args: readonly string[]): Promise<Finished> {
  return succeeded(`${command} ${args.join(" ")}`, await userCommand(command, args));
}

async function succeed(command: string, args: readonly string[]): Promise<Finished> {
  return succeeded(`${command} ${args.join(" ")}`, await runCommand(command, args));
}

function succeeded(what: string, finished: Finished): Finished {
  assert.equal(finished.code, 0, `${what}\n${finished.stdout}\n${finished.stderr}`);
  return finished;
}

function readManifest(at: string): Manifest {
  return JSON.parse(readFileSync(join(at, "package.json"), "utf8")) as Manifest;
}

function versionsOfClone(): Map<string, string> {
  return new Map([...published].map(([name, at]) => [name, String(readManifest(join(clone, at)).version)]));
}

/** Every version that the registry has of each package, oldest first. */
async function versionsOfRegistry(): Promise<Map<string, string[]>> {
  const answers = [...published.keys()].map(async (name) => {
    const answer = (await (await fetch(new URL(name.replace("/", "%2f"), url()))).json()) as { versions?: object };
    return [name, Object.keys(answer.versions ?? {}).sort(byCodeUnit)] as const;
  });
  return new Map(await Promise.all(answers));
}
