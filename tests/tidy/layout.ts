/**
 * How a package is laid out, so that a reader finds things where the last package had them.
 *
 *   L1. Files and folders of `src` and `test` are kebab-case.
 *   L2. No file is a drawer: `utils`, `common`, `helpers`, `misc` or `shared`.
 *   L3. No file of `src` is longer than 300 lines.
 *   L4. Every file of `src` but a table of contents (`index.ts`) begins with a comment that says what it owns.
 *   L5. `index.ts` lists what it exports by name: no `export *`, no default, and there is something to export.
 *   L6. The README exists and has exactly one runnable `ts` example.
 *   L7. The package has tests.
 *
 * @module
 */
import type { Finding, Package } from "./tree.ts";

export const linesMax = 300;
const drawers = /(^|\/|-)(utils?|common|helpers?|misc|shared)(-|\/|\.)/;
const kebabPath = /^[a-z0-9]+(-[a-z0-9]+)*(\/[a-z0-9]+(-[a-z0-9]+)*)*(\.[a-z]+(-[a-z]+)*)*$/;

export function checkLayout(packages: readonly Package[]): Finding[] {
  return packages.flatMap((owner) => [...checkFiles(owner), ...checkIndex(owner), ...checkTexts(owner)]);
}

function checkFiles(owner: Package): Finding[] {
  return owner.files.flatMap(({ path, text }) => {
    const at = `${owner.folder}/${path}`;
    const findings: Finding[] = [];
    if (!kebabPath.test(path)) findings.push({ rule: "L1", at, what: "the path is not kebab-case" });
    if (drawers.test(path)) findings.push({ rule: "L2", at, what: "the name says nothing about what is inside" });
    if (!path.startsWith("src/")) return findings;
    const lines = text.trimEnd().split("\n").length;
    if (lines > linesMax) findings.push({ rule: "L3", at, what: `${lines} lines, at most ${linesMax}` });
    const opening = text.replace(/^#!.*\n/, "");
    if (!path.endsWith("/index.ts") && !opening.startsWith("/**")) {
      findings.push({ rule: "L4", at, what: "no comment at the top says what this file owns" });
    }
    return findings;
  });
}

function checkIndex(owner: Package): Finding[] {
  const index = owner.files.find((file) => file.path === "src/index.ts");
  const at = `${owner.folder}/src/index.ts`;
  if (index === undefined) return [{ rule: "L5", at, what: "there is no index" }];
  const { exports, starExports } = index.module;
  const findings = starExports.map((from) => ({ rule: "L5", at, what: `\`export * from "${from}"\` hides names` }));
  if (exports.some(({ name }) => name === "default")) findings.push({ rule: "L5", at, what: "a default export" });
  if (exports.length === 0) findings.push({ rule: "L5", at, what: "exports nothing" });
  return findings;
}

function checkTexts(owner: Package): Finding[] {
  const findings: Finding[] = [];
  const at = `${owner.folder}/README.md`;
  if (owner.readme === undefined) findings.push({ rule: "L6", at, what: "there is no README" });
  else {
    const examples = owner.readme.match(/^```ts$/gm)?.length ?? 0;
    if (examples !== 1) findings.push({ rule: "L6", at, what: `${examples} \`ts\` examples, exactly 1 wanted` });
  }
  if (!owner.files.some((file) => file.path.endsWith(".test.ts"))) {
    findings.push({ rule: "L7", at: owner.folder, what: "no test file" });
  }
  return findings;
}
