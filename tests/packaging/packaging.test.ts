import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { examplesOf } from "../readme/examples.ts";
import { type Finished, runCommand } from "../run-command.ts";
import { entriesOf } from "../tidy/dead-code.ts";
import { byCodeUnit, type Package, readPackages, root } from "../tidy/tree.ts";
import {
  buildWorkspace,
  installAlone,
  type Packed,
  packagingFolder,
  packPackage,
  readInstalled,
  removePackagingFolders,
} from "./pack.ts";

const packages = readPackages().filter((owner) => owner.manifest.private !== true);
const packed = new Map<string, Packed>();
const toolsOfTests = join(root, "tests", "node_modules", ".bin");

let built: Finished;

beforeAll(async () => {
  built = await buildWorkspace();
  for (const { folder } of packages) packed.set(folder, await packPackage(folder));
}, 300_000);
afterAll(removePackagingFolders);

/** The names that `import` must give: the values of the index, in code-unit order. */
const valuesOf = (owner: Package): string[] =>
  (owner.files.find((file) => file.path === "src/index.ts")?.module.exports ?? [])
    .filter(({ kind }) => kind === "value")
    .map(({ name }) => name)
    .sort(byCodeUnit);

/** The Nodes to import on: the workspace's, and the machine's own where it is another one that the package supports. */
async function nodesFor(owner: Package): Promise<readonly string[]> {
  const machine = process.env.CANONIC_MACHINE_NODE;
  if (machine === undefined) return ["node"];
  const { stdout } = await runCommand(machine, ["-p", "process.versions.node"]);
  return stdout.trim() !== process.versions.node && isWithin(stdout.trim(), owner.manifest.engines?.node)
    ? ["node", machine]
    : ["node"];
}

/** Engines of ours are `>=major.minor`. */
function isWithin(version: string, range: string | undefined): boolean {
  const wanted = /^>=(\d+)\.(\d+)$/.exec(range ?? "");
  if (wanted === null) throw new Error(`engines.node is not \`>=major.minor\`: ${range}`);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > Number(wanted[1]) || (major === Number(wanted[1]) && minor >= Number(wanted[2]));
}

describe("what is packed", () => {
  test("is built from the sources as they are", () => {
    expect({ code: built.code, said: built.code === 0 ? "" : built.stdout }).toEqual({ code: 0, said: "" });
  });

  test("is every package that users install", () => {
    expect(packed.size).toBe(packages.length);
    expect(packed.size).toBeGreaterThanOrEqual(9);
  });

  test.each(packages.map((owner) => [owner.manifest.name, owner] as const))(
    "of %s holds code, declarations, README and license, and nothing of the workspace",
    (_, owner) => {
      const { files, manifest } = packed.get(owner.folder) as Packed;
      const entries = entriesOf(owner).map((entry) => entry.replace(/^src\/(.*)\.ts$/, "dist/$1.js"));

      expect(files).toEqual(
        expect.arrayContaining([
          "package.json",
          "README.md",
          "LICENSE",
          "dist/index.js",
          "dist/index.d.ts",
          ...entries,
        ]),
      );
      expect(files.filter((path) => /^(src|test|node_modules)\//.test(path))).toEqual([]);
      expect(JSON.stringify(manifest)).not.toMatch(/@canonic\/source|workspace:|catalog:|link:/);
    },
  );
});

/** By default one of each kind: the vocabulary, workers of its own, a driver, an app. All are packed and looked into above. */
const isAll = process.env["CANONIC_PACKAGES"] === "all";
const SAMPLE = ["@canonic/contracts", "@canonic/runner", "@canonic/store-postgres", "@canonic/orchestrator"];
const alone = packages.filter(({ manifest }) => isAll || SAMPLE.includes(manifest.name));

test("there is a package of each kind to install alone", () => {
  expect(alone.length).toBeGreaterThanOrEqual(SAMPLE.length);
});

describe.each(alone.map((owner) => [owner.manifest.name, owner] as const))("%s, installed alone", (name, owner) => {
  let folder: string;
  beforeAll(async () => {
    folder = await installAlone(packed.get(owner.folder) as Packed, [...packed.values()]);
  }, 300_000);

  test("gives its names to `import` and to `require`", async () => {
    const expected = { code: 0, stdout: `${JSON.stringify(valuesOf(owner))}\n` };
    const print = "console.log(JSON.stringify(Object.keys(all).filter((k) => k !== 'module.exports').sort()))";
    const imported = `import * as all from "${name}"; ${print}`;
    const required = `const all = require("${name}"); ${print}`;

    expect(valuesOf(owner).length).toBeGreaterThan(0);
    for (const node of await nodesFor(owner)) {
      for (const [type, code] of [["module", imported] as const, ["commonjs", required] as const]) {
        const { stderr, ...rest } = await runCommand(node, [`--input-type=${type}`, "-e", code], { cwd: folder });

        expect({ node, type, ...rest, stderr }).toEqual({ node, type, ...expected, stderr: "" });
      }
    }
  });

  test("runs its README example, and the example type-checks against the packed declarations", async () => {
    const [example] = examplesOf(readFileSync(join(folder, "node_modules", name, "README.md"), "utf8"));
    writeFileSync(join(folder, "example.ts"), example?.code ?? "");
    writeFileSync(join(folder, "all.ts"), `import * as all from "${name}";\nexport const names = Object.keys(all);\n`);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));

    const ran = await runCommand("node", ["example.ts"], { cwd: folder });
    const checked = await runCommand("tsc", ["-p", "."], { cwd: folder });

    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: "" });
    expect(ran.stdout.trim()).not.toBe("");
    expect({ code: checked.code, said: checked.stdout }).toEqual({ code: 0, said: "" });
  });

  test("satisfies publint and are-the-types-wrong", async () => {
    const { tarball } = packed.get(owner.folder) as Packed;
    const lint = await publint(join(folder, "node_modules", name));
    const types = await areTheTypesWrong(tarball);

    expect({ code: lint.code, said: lint.code === 0 ? "" : lint.stdout }).toEqual({ code: 0, said: "" });
    expect({ code: types.code, said: types.stdout }).toEqual({
      code: 0,
      said: expect.stringContaining("OK (ESM)"),
    });
  });

  test("brings our other packages only as far as it depends on them", () => {
    const present = packages
      .map((one) => one.manifest.name)
      .filter((one) => existsSync(join(folder, "node_modules", one)));

    expect(present.sort(byCodeUnit)).toEqual(closureOf(name));
    expect(readInstalled(folder, name).version).toBe(owner.manifest.version);
  });
});

const publint = (folder: string) =>
  runCommand(join(toolsOfTests, "publint"), ["run", folder, "--strict", "--pack", "false"]);
const areTheTypesWrong = (target: string, ...flags: readonly string[]) =>
  runCommand(join(toolsOfTests, "attw"), [target, "--profile", "esm-only", "--no-emoji", ...flags]);

describe("publint and are-the-types-wrong", () => {
  const makeBad = (name: string, declarations: string | undefined): string => {
    const folder = join(packagingFolder, name);
    mkdirSync(folder);
    const exports = { ".": { types: "./index.d.ts", default: "./index.js" } };
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version: "1.0.0", type: "module", exports }));
    writeFileSync(join(folder, "index.js"), "export const a = 1;\n");
    if (declarations !== undefined) writeFileSync(join(folder, "index.d.ts"), declarations);
    return folder;
  };

  test("catch a package whose declarations are missing", async () => {
    const folder = makeBad("no-declarations", undefined);

    const lint = await publint(folder);
    const types = await areTheTypesWrong(folder, "--pack");

    expect({ code: lint.code, said: lint.stdout }).toEqual({ code: 1, said: expect.stringContaining("index.d.ts") });
    // attw passes what has no types at all; that is why the tests above want to read "OK".
    expect(types.stdout).not.toContain("OK (ESM)");
  });

  test("catch declarations that name their files without extension", async () => {
    const folder = makeBad("no-extension", 'export * from "./other";\n');
    writeFileSync(join(folder, "other.d.ts"), "export const a: number;\n");

    const types = await areTheTypesWrong(folder, "--pack");

    expect({ code: types.code, said: types.stdout }).toEqual({
      code: 1,
      said: expect.stringContaining("nternal resolution"),
    });
  });
});

describe("the command of @canonic/orchestrator, installed alone", () => {
  const orchestrator = packages.find((owner) => owner.kind === "composer") as Package;
  const bin = () => join(packagingFolder, "apps-orchestrator", "node_modules", ".bin", "canonic");

  test("shows its help, though no pack is installed", async () => {
    const { code, stdout } = await runCommand(bin(), ["--help"], { cwd: packagingFolder });

    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("verify") });
  });

  test("says on an old Node without a new one beside it what it needs", async ({ skip }) => {
    const [, old] = await nodesFor({
      ...orchestrator,
      manifest: { ...orchestrator.manifest, engines: { node: ">=18.0" } },
    });
    skip(old === undefined, "this machine has no other Node");
    const { code, stderr } = await runCommand(old as string, [realpathSync(bin()), "--help"], { cwd: packagingFolder });

    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/needs Node 22\.13 or newer, this is v/),
    });
  });

  test("starts on an old Node with the workspace's own one beside it", async ({ skip }) => {
    const [, old] = await nodesFor({
      ...orchestrator,
      manifest: { ...orchestrator.manifest, engines: { node: ">=18.0" } },
    });
    skip(old === undefined, "this machine has no other Node");
    const own = join(root, orchestrator.folder, "bin", "canonic.js");

    const { code, stdout } = await runCommand(old as string, [own, "--help"]);

    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("analyze") });
  });
});

describe("@canonic/schemas", () => {
  test("gives every schema by name and version to plain npm users", async () => {
    const schemas = await packPackage("schemas");
    const folder = await installAlone(schemas, [schemas]);
    const files = schemas.files.filter((path) => /^[a-z_-]+\/v\d+\.json$/.test(path));
    const code = `console.log(${JSON.stringify(files)}.map((path) => require("@canonic/schemas/" + path).$id).join("\\n"))`;

    const { stdout, stderr } = await runCommand("node", ["-e", code], { cwd: folder });

    expect(files.length).toBeGreaterThanOrEqual(10);
    expect(schemas.files.filter((path) => !files.includes(path)).sort(byCodeUnit)).toEqual([
      "LICENSE",
      "README.md",
      "package.json",
    ]);
    expect({
      stderr,
      ids: stdout
        .trim()
        .split("\n")
        .filter((id) => id !== "undefined").length,
    }).toEqual({ stderr: "", ids: files.length });
  });
});

const compilerOptions = {
  module: "nodenext",
  target: "es2023",
  lib: ["es2024"],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
  allowImportingTsExtensions: true,
  types: ["node"],
  typeRoots: [join(root, "node_modules", "@types")],
};

describe("one app", () => {
  const apps = packages.filter((owner) => owner.folder.startsWith("apps/"));

  test.each(apps.map((owner) => [owner.manifest.name] as const))("%s builds with just what it needs", async (name) => {
    const { code, stdout } = await runCommand("turbo", ["run", "build", `--filter=${name}`, "--dry=json"]);
    const tasks = (JSON.parse(stdout) as { tasks: { package: string; command: string }[] }).tasks;
    const built = tasks.filter(({ command }) => command !== "<NONEXISTENT>").map((task) => task.package);

    expect(code).toBe(0);
    expect(built.sort(byCodeUnit)).toEqual(closureOf(name));
  });

  test("needs less than the whole workspace", () => {
    expect(closureOf("@canonic/policy-analysis")).not.toContain("@canonic/tests");
    expect(closureOf("@canonic/orchestrator")).not.toContain("@canonic/policy-analysis");
  });
});

/** A package and, in code-unit order, every package of ours that it depends on, directly or not. */
function closureOf(name: string): string[] {
  const found = new Set<string>();
  const queue = [name];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    const owner = packages.find((one) => one.manifest.name === next);
    queue.push(...Object.keys(owner?.manifest.dependencies ?? {}).filter((one) => one.startsWith("@canonic/")));
  }
  return [...found].sort(byCodeUnit);
}
