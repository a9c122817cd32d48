/**
 * What every manifest says, so that every package installs the same way.
 *
 *   P1. Versions of others are exact or come from the catalog; ours are `workspace:`.
 *   P2. Apache-2.0, ESM, side-effect free exports, and an engine range.
 *   P3. The source condition never leaves the workspace: `publishConfig.exports` is `exports` without it.
 *   P4. Each package that users install has a changeset or a changelog that speaks of its version.
 *
 * @module
 */
import type { Finding, Manifest, Package } from "./tree.ts";

const sourceCondition = "@canonic/source";

export function checkManifests(packages: readonly Package[]): Finding[] {
  return packages.flatMap(({ folder, manifest }) => {
    const at = `${folder}/package.json`;
    return [
      ...checkVersions(at, manifest),
      ...checkFields(at, manifest).map((what) => ({ rule: "P2", at, what })),
      ...checkExports(at, manifest),
    ];
  });
}

/** @param changesets - The texts of `.changeset/*.md`. */
export function checkChangesets(packages: readonly Package[], changesets: readonly string[]): Finding[] {
  const announced = new Set(
    changesets.flatMap((text) => [...text.matchAll(/^["'](@canonic\/[a-z-]+)["']:/gm)].map((match) => match[1])),
  );
  return packages
    .filter(({ manifest }) => manifest.private !== true && !announced.has(manifest.name))
    .filter(({ manifest, changelog }) => !changelog?.includes(`\n## ${manifest.version}\n`))
    .map(({ folder, manifest }) => ({ rule: "P4", at: folder, what: `no changeset names \`${manifest.name}\`` }));
}

function checkVersions(at: string, manifest: Manifest): Finding[] {
  const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
  return Object.entries(all)
    .filter(([name, range]) =>
      name.startsWith("@canonic/") ? !range.startsWith("workspace:") : !/^(catalog:|\d+\.\d+\.\d+$)/.test(range),
    )
    .map(([name, range]) => ({ rule: "P1", at, what: `\`${name}\` is \`${range}\`` }));
}

function checkFields(at: string, manifest: Manifest): string[] {
  const faults: string[] = [];
  const folder = at.slice(0, at.lastIndexOf("/"));
  if (manifest.name !== `@canonic/${folder.slice(folder.lastIndexOf("/") + 1)}`)
    faults.push("name is not its folder's");
  if (manifest.license !== "Apache-2.0") faults.push(`license is \`${manifest.license}\``);
  if (manifest.type !== "module") faults.push("not an ES module");
  if (manifest.engines?.node === undefined) faults.push("no engines.node");
  return faults;
}

function checkExports(at: string, manifest: Manifest): Finding[] {
  const published = JSON.stringify(manifest.publishConfig?.exports ?? null);
  const stripped = JSON.stringify(manifest.exports ?? null, (_, value) => withoutSource(value));
  if (manifest.private === true || published === stripped) return [];
  return [{ rule: "P3", at, what: "publishConfig.exports is not exports without the source condition" }];
}

function withoutSource(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== sourceCondition));
}
