import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkAmbient } from "./ambient.ts";
import { ambientExceptions } from "./ambient-exceptions.ts";
import { checkArrows } from "./arrows.ts";
import { checkDeadCode } from "./dead-code.ts";
import { checkErrorCodes, declaredCodes } from "./error-codes.ts";
import { checkLayout } from "./layout.ts";
import { checkChangesets, checkManifests } from "./manifests.ts";
import { checkTrackedText, readTrackedFiles } from "./tracked-text.ts";
import { type Finding, listFiles, readPackages, root, sourcesOf } from "./tree.ts";

const packages = readPackages();
const sources = packages.flatMap(sourcesOf);
const lines = (findings: readonly Finding[]): string[] => findings.map(({ rule, at, what }) => `${rule} ${at} ${what}`);

/** The packages of the design; a new one is added here by the commit that makes it. */
const packageNames = [
  "@canonic/document-cutter",
  "@canonic/orchestrator",
  "@canonic/policy-analysis",
  "@canonic/verifier",
  "@canonic/audit",
  "@canonic/authority",
  "@canonic/caio",
  "@canonic/contracts",
  "@canonic/planner",
  "@canonic/registry",
  "@canonic/runner",
  "@canonic/sisas",
  "@canonic/store-postgres",
  "@canonic/store-sqlite",
];

describe("the tree that the rules look at", () => {
  test("holds every package of the design and no other", () => {
    expect(packages.map((owner) => owner.manifest.name)).toEqual(packageNames);
  });

  test("is not empty: files, imports, exports, references and error codes are found in it", () => {
    expect(sources.length).toBeGreaterThan(packages.length);
    expect(sources.flatMap((file) => file.module.imports).length).toBeGreaterThan(sources.length);
    expect(sources.flatMap((file) => file.module.exports).length).toBeGreaterThan(sources.length);
    expect(sources.flatMap((file) => file.module.references).length).toBeGreaterThan(sources.length);
    expect(declaredCodes(packages).length).toBeGreaterThanOrEqual(packages.length);
  });
});

describe.each(packages.map((owner) => [owner.folder, owner] as const))("%s", (folder, owner) => {
  const here = (findings: readonly Finding[]): string[] =>
    lines(findings.filter(({ at }) => at === folder || at.startsWith(`${folder}/`)));

  test("keeps to the arrows of the design (A1-A6)", () => {
    expect(here(checkArrows(packages))).toEqual([]);
  });

  test("takes nothing from the ambient world (M1)", () => {
    expect(here(checkAmbient([owner], ambientExceptions)).filter((line) => line.startsWith("M1"))).toEqual([]);
  });

  test("has no file or export that nobody reaches (D1-D3)", () => {
    expect(here(checkDeadCode([owner]))).toEqual([]);
  });

  test("declares error codes of its own name, each once, and one error class (E1-E3)", () => {
    expect(here(checkErrorCodes(packages))).toEqual([]);
  });

  test("is laid out like the others (L1-L7)", () => {
    expect(here(checkLayout([owner]))).toEqual([]);
  });

  test("has a manifest that installs like the others (P1-P3)", () => {
    expect(here(checkManifests([owner]))).toEqual([]);
  });

  test("tells its users what is new (P4)", () => {
    const changesets = listFiles(root, ".changeset").filter((path) => path.endsWith(".md"));

    expect(
      lines(
        checkChangesets(
          [owner],
          changesets.map((path) => readFileSync(join(root, path), "utf8")),
        ),
      ),
    ).toEqual([]);
  });
});

test("no exception from the ambient rule has become needless (M2)", () => {
  expect(ambientExceptions.every(({ reason }) => reason.length > 20)).toBe(true);
  expect(lines(checkAmbient(packages, ambientExceptions).filter(({ rule }) => rule === "M2"))).toEqual([]);
});

test("no tracked file holds a machine's path, a foreign registry or a conflict marker (W1-W3)", () => {
  const files = readTrackedFiles();

  expect(files.length).toBeGreaterThan(sources.length);
  expect(lines(checkTrackedText(files))).toEqual([]);
});
