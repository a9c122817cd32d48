/**
 * The names that a package exports are a promise. They stand in `golden/`, one
 * file per package; a commit that changes a name changes that file, in plain view:
 *
 *     CANONIC_UPDATE_SURFACE=1 npx vitest run tests/surface
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { entriesOf } from "../tidy/dead-code.ts";
import { byCodeUnit, type Package, packageOf, readPackages } from "../tidy/tree.ts";

const packages = readPackages();
const golden = join(import.meta.dirname, "golden");

/** One line per export, `value name` or `type name`, sorted by code unit. */
function surfaceOf(owner: Package): string {
  const index = owner.files.find((file) => file.path === "src/index.ts");
  if (index === undefined) throw new Error(`${owner.folder} has no src/index.ts`);
  return `${index.module.exports
    .map(({ name, kind }) => `${kind} ${name}`)
    .sort(byCodeUnit)
    .join("\n")}\n`;
}

if (process.env.CANONIC_UPDATE_SURFACE === "1") {
  for (const owner of packages) writeFileSync(join(golden, `${owner.word}.txt`), surfaceOf(owner));
}

describe("the public surface", () => {
  test("is frozen for every package and for nothing else", () => {
    const frozen = readdirSync(golden).filter((name) => name.endsWith(".txt"));

    expect(frozen.sort(byCodeUnit)).toEqual(packages.map((owner) => `${owner.word}.txt`).sort(byCodeUnit));
  });

  test.each(packages.map((owner) => [owner.manifest.name, owner] as const))("of %s is the frozen one", (_, owner) => {
    const path = join(golden, `${owner.word}.txt`);
    const surface = surfaceOf(owner);

    expect(existsSync(path)).toBe(true);
    expect(surface).toBe(readFileSync(path, "utf8"));
    expect(surface.trim()).not.toBe("");
    expect(entriesOf(owner)).toContain("src/index.ts");
  });

  test("tells a value from a type, and changes with a name", () => {
    const manifest = { name: "@canonic/planner", version: "1.0.0" };
    const of = (text: string) => surfaceOf(packageOf("packages/planner", manifest, [["src/index.ts", text]]));

    expect(of('export { b } from "./b.ts"; export type { A } from "./b.ts"; export { c as a } from "./b.ts";')).toBe(
      "type A\nvalue a\nvalue b\n",
    );
    expect(of('export { b } from "./b.ts";')).not.toBe(of('export { c } from "./b.ts";'));
    expect(of('export { b } from "./b.ts";')).not.toBe(of('export type { b } from "./b.ts";'));
  });
});
