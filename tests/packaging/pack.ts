/**
 * Builds the workspace and packs every package that users install, as a release
 * would, into one temporary folder.
 *
 * @module
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Finished, runCommand } from "../run-command.ts";
import { emptyFolder, scratchFolder } from "../setup/scratch-folder.ts";
import { type Manifest, root } from "../tidy/tree.ts";

export type Packed = {
  readonly name: string;
  /** `packages/planner` */
  readonly folder: string;
  readonly tarball: string;
  /** As packed: what npm will read. */
  readonly manifest: Manifest;
  /** Paths inside the package, `package.json` among them. */
  readonly files: readonly string[];
};

export const packagingFolder = scratchFolder("packaging");

export function removePackagingFolders(): void {
  emptyFolder(packagingFolder);
}

type DryTask = { readonly directory: string; readonly command: string; readonly cache: { readonly status: string } };

/**
 * Builds what is not built from the sources as they are; one package that fails does
 * not hide the others. What is built is left alone: turbo would write it again from
 * its cache, under the feet of other tests that are running it.
 */
export async function buildWorkspace(): Promise<Finished> {
  const dry = await runCommand("turbo", ["run", "build", "--dry=json"]);
  const { tasks } = JSON.parse(dry.stdout) as { tasks: readonly DryTask[] };
  const stale = tasks
    .filter(({ command }) => command !== "<NONEXISTENT>")
    .filter((task) => task.cache.status !== "HIT" || !existsSync(join(root, task.directory, "dist", "index.d.ts")));
  if (tasks.length > 0 && stale.length === 0) return { ...dry, stdout: "" };
  return runCommand("turbo", ["run", "build", "--continue=dependencies-successful", "--output-logs=errors-only"]);
}

export async function packPackage(folder: string): Promise<Packed> {
  const target = mkdtempSync(join(packagingFolder, "tarball-"));
  const packed = await runCommand("pnpm", ["pack", "--pack-destination", target], { cwd: join(root, folder) });
  if (packed.code !== 0) throw new Error(`pnpm pack failed in ${folder}\n${packed.stdout}\n${packed.stderr}`);
  const [file] = readdirSync(target);
  if (file === undefined) throw new Error(`pnpm pack made no tarball in ${folder}`);
  const tarball = join(target, file);
  const listed = await runCommand("tar", ["-tzf", tarball]);
  const manifest = await runCommand("tar", ["-xzOf", tarball, "package/package.json"]);
  const parsed = JSON.parse(manifest.stdout) as Manifest;
  const files = listed.stdout.trim().split("\n");
  return {
    name: parsed.name,
    folder,
    tarball,
    manifest: parsed,
    files: files.map((path) => path.slice("package/".length)),
  };
}

/**
 * An empty folder into which plain npm installs one tarball. Other packages of ours
 * that it needs come from their tarballs too, since none is published yet.
 */
export async function installAlone(wanted: Packed, all: readonly Packed[]): Promise<string> {
  const folder = join(packagingFolder, wanted.folder.replaceAll("/", "-"));
  mkdirSync(folder);
  const overrides = Object.fromEntries(all.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const dependencies = { [wanted.name]: `file:${wanted.tarball}` };
  const manifest = { name: "consumer", private: true, type: "module", dependencies, overrides };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  const flags = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  const installed = await runCommand("npm", ["install", ...flags], { cwd: folder });
  if (installed.code !== 0) throw new Error(`npm install of ${wanted.name} failed\n${installed.stderr}`);
  return folder;
}

export function readInstalled(folder: string, name: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")) as Manifest;
}
