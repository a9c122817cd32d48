import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { runCommand } from "../run-command.ts";
import { type Manifest, readPackages, root } from "../tidy/tree.ts";

/** The tag that each kind of package carries in its turbo.json; the arrows between tags stand in the root's. */
const tagOf = { vocabulary: "vocabulary", library: "library", composer: "composer", pack: "pack" } as const;

const packages = readPackages();
const workspace = mkdtempSync(join(tmpdir(), "canonic-boundaries-"));
const copied = [
  ...["package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml", "turbo.json"],
  ...[...packages.map((owner) => owner.folder), "schemas", "tests", "bench"].flatMap((folder) => [
    `${folder}/package.json`,
    `${folder}/turbo.json`,
  ]),
];

/** A copy of every manifest and every turbo.json, with no code: what `turbo boundaries` judges arrows by. */
beforeEach(() => {
  for (const path of copied) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    cpSync(join(root, path), join(workspace, path));
  }
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

const boundaries = () => runCommand("turbo", ["boundaries", "--no-update-notifier"], { cwd: workspace });

function addDependency(folder: string, name: string): void {
  const path = join(workspace, folder, "package.json");
  const manifest = JSON.parse(readFileSync(path, "utf8")) as Manifest;
  const dependencies = { ...manifest.dependencies, [name]: "workspace:^" };
  writeFileSync(path, JSON.stringify({ ...manifest, dependencies }));
}

describe("turbo boundaries", () => {
  test("know a tag for every package", () => {
    expect(packages.length).toBeGreaterThan(0);
    for (const owner of packages) {
      const config = JSON.parse(readFileSync(join(root, owner.folder, "turbo.json"), "utf8"));

      expect({ folder: owner.folder, tags: config.tags }).toEqual({ folder: owner.folder, tags: [tagOf[owner.kind]] });
    }
  });

  test("pass the manifests as they are", async () => {
    const { code, stdout, stderr } = await boundaries();

    expect({ code, said: code === 0 ? "" : stdout + stderr }).toEqual({ code: 0, said: "" });
    expect(stdout).toMatch(/in \d\d packages, no issues found/);
  });

  test.each([
    ["a library that depends on its sibling", "packages/planner", "@canonic/sisas"],
    ["contracts that depends on a library", "packages/contracts", "@canonic/registry"],
    ["a library that depends on an app", "packages/runner", "@canonic/orchestrator"],
    ["a composer that depends on a pack", "apps/orchestrator", "@canonic/policy-analysis"],
    ["a library that depends on the tests", "packages/audit", "@canonic/tests"],
  ])("fail %s", async (_, folder, name) => {
    addDependency(folder, name);

    const { code, stdout, stderr } = await boundaries();

    expect(code).toBe(1);
    // turbo breaks its lines to fit a terminal
    const said = (stdout + stderr).replace(/\s+\|?\s*/g, " ");
    expect(said).toContain(`\`${name}\``);
    expect(said).toContain(`\`@canonic/${folder.slice(folder.indexOf("/") + 1)}\``);
  });
});
