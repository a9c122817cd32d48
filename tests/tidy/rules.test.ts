import { describe, expect, test } from "vitest";
import { checkAmbient } from "./ambient.ts";
import { checkArrows } from "./arrows.ts";
import { checkDeadCode } from "./dead-code.ts";
import { checkErrorCodes } from "./error-codes.ts";
import { checkLayout, linesMax } from "./layout.ts";
import { checkChangesets, checkManifests } from "./manifests.ts";
import { checkTrackedText } from "./tracked-text.ts";
import { type Finding, type Manifest, type Package, packageOf } from "./tree.ts";

const rulesOf = (findings: readonly Finding[]): string[] => [...new Set(findings.map(({ rule }) => rule))];

const manifestOf = (folder: string, rest: Partial<Manifest> = {}): Manifest => ({
  name: `@canonic/${folder.slice(folder.lastIndexOf("/") + 1)}`,
  version: "1.0.0",
  license: "Apache-2.0",
  type: "module",
  engines: { node: ">=20.19" },
  exports: { ".": { "@canonic/source": "./src/index.ts", default: "./dist/index.js" } },
  publishConfig: { exports: { ".": { default: "./dist/index.js" } } },
  ...rest,
});

const header = "/** Owns an example. */\n";
const make = (folder: string, files: Readonly<Record<string, string>>, rest: Partial<Manifest> = {}): Package =>
  packageOf(folder, manifestOf(folder, rest), Object.entries(files), { readme: "# x\n\n```ts\n1;\n```\n" });

const contracts = make("packages/contracts", { "src/index.ts": "export const a = 1;" });
const sisas = make("packages/sisas", { "src/index.ts": "export const a = 1;" });
const orchestrator = make("apps/orchestrator", { "src/index.ts": "export const a = 1;" });
const pack = make("apps/policy-analysis", { "src/index.ts": "export const a = 1;" });
const onContracts = { dependencies: { "@canonic/contracts": "workspace:^" } };

describe("arrows", () => {
  const check = (folder: string, files: Readonly<Record<string, string>>, rest: Partial<Manifest> = {}): string[] =>
    rulesOf(checkArrows([make(folder, files, rest), contracts, sisas, orchestrator, pack]));
  const importing = (from: string, names: readonly string[] = []): string[] =>
    check(
      "packages/planner",
      { "src/index.ts": `import { a } from "${from}"; export const b = a;` },
      { dependencies: Object.fromEntries(names.map((name) => [name, "1.0.0"])) },
    );

  test("let a library import contracts, what it declares and its own files", () => {
    expect(importing("@canonic/contracts", ["@canonic/contracts"])).toEqual([]);
    expect(importing("zod", ["zod"])).toEqual([]);
    expect(importing("./order.ts")).toEqual([]);
    expect(importing("node:crypto")).toEqual([]);
  });

  test.each([
    ["contracts that imports another library", "packages/contracts", 'import { a } from "left-pad";', "A1"],
    ["contracts that reads files", "packages/contracts", 'import { readFileSync } from "node:fs";', "A1"],
    ["contracts that imports a library of ours", "packages/contracts", 'import { a } from "@canonic/sisas";', "A2"],
    ["a library that imports its sibling", "packages/planner", 'import { a } from "@canonic/sisas";', "A2"],
    ["a library that re-exports its sibling", "packages/planner", 'export { a } from "@canonic/sisas";', "A2"],
    ["a library that loads its sibling late", "packages/planner", 'await import("@canonic/sisas");', "A2"],
    ["a library that takes its sibling's types", "packages/planner", 'import type { A } from "@canonic/sisas";', "A2"],
    ["a composer that knows a pack", "apps/orchestrator", 'import { a } from "@canonic/policy-analysis";', "A3"],
    ["an undeclared import", "packages/planner", 'import { a } from "left-pad";', "A4"],
    ["an undeclared package, required", "packages/planner", 'createRequire(import.meta.url)("left-pad");', "A4"],
    ["a builtin without its protocol", "packages/planner", 'import { a } from "crypto";', "A4"],
    ["a relative path into another package", "packages/planner", 'import { a } from "../../sisas/src/index.ts";', "A5"],
    ["source that imports a test", "packages/planner", 'import { a } from "../test/grid.ts";', "A5"],
    ["a relative import without .ts", "packages/planner", 'import { a } from "./order.js";', "A5"],
    ["a path inside a package", "packages/planner", 'import { a } from "@canonic/contracts/src/index.ts";', "A6"],
  ])("catch %s", (_, folder, line, rule) => {
    const rest = rule === "A4" ? {} : { dependencies: { "@canonic/sisas": "workspace:^" } };

    expect(check(folder, { "src/index.ts": line }, rest)).toContain(rule);
  });

  test("let types without code come from @types", () => {
    const rest = { dependencies: { "@types/mdast": "4.0.4" } };

    expect(check("packages/planner", { "src/index.ts": 'import type { Root } from "mdast";' }, rest)).toEqual([]);
  });

  test("catch a dependency that no source imports", () => {
    expect(check("packages/planner", { "src/index.ts": "export const a = 1;" }, onContracts)).toEqual(["A4"]);
  });

  test("do not take a string or a comment for an import", () => {
    expect(
      check("packages/planner", { "src/index.ts": `// import "left-pad"\nexport const a = 'import "x"';` }),
    ).toEqual([]);
  });
});

describe("the ambient world", () => {
  const check = (line: string, exceptions: Parameters<typeof checkAmbient>[1] = []): string[] =>
    rulesOf(checkAmbient([make("packages/planner", { "src/index.ts": line })], exceptions));

  test.each([
    ["new Date()"],
    ["Date.now()"],
    ["Math.random()"],
    ["process.env.HOME"],
    ["new Intl.Collator()"],
    ['"a".localeCompare("b")'],
    ["(1).toLocaleString()"],
    ['"I".toLocaleLowerCase()'],
    ["setTimeout(() => 1, 1)"],
    ["performance.now()"],
    ["globalThis.Date"],
    ['Math["random"]()'],
    ["crypto.randomUUID()"],
    ["const { random } = Math; console.log(random())"],
    ['import { randomUUID } from "node:crypto"'],
    ['import os from "node:os"'],
  ])("is caught in `%s`", (line) => {
    expect(check(line)).toEqual(["M1"]);
  });

  test.each([
    ["value.Date"],
    ["const row = { Date: 1, process: 2 }"],
    ['const text = "new Date()"'],
    ["// Date.now()"],
  ])("is not seen in `%s`", (line) => {
    expect(check(line)).toEqual([]);
  });

  test("may be touched where an exception says why, and only as long as it is needed", () => {
    const exception = {
      file: "packages/planner/src/index.ts",
      name: "setTimeout",
      reason: "the host's own time limit",
    };

    expect(check("setTimeout(() => 1, 1)", [exception])).toEqual([]);
    expect(check("export const a = 1;", [exception])).toEqual(["M2"]);
    expect(check("Date.now()", [exception])).toEqual(["M1", "M2"]);
  });
});

describe("dead code", () => {
  const check = (files: Readonly<Record<string, string>>, rest: Partial<Manifest> = {}): string[] =>
    rulesOf(checkDeadCode([make("packages/planner", files, rest)]));

  test("is not what an index exports, a test imports or a worker's URL names", () => {
    const index = 'export { a } from "./a.ts"; export const worker = new URL("./worker.ts", import.meta.url);';

    expect(check({ "src/index.ts": index, "src/a.ts": "export const a = 1;", "src/worker.ts": "" })).toEqual([]);
  });

  test.each([
    ["a file that nobody imports", { "src/index.ts": "export const a = 1;", "src/lost.ts": "" }, {}, "D1"],
    [
      "a file that only a test imports",
      {
        "src/index.ts": "",
        "src/lost.ts": "export const a = 1;",
        "test/a.test.ts": 'import { a } from "../src/lost.ts";',
      },
      {},
      "D1",
    ],
    ["an entry that is not there", { "src/index.ts": "" }, { canonic: { entries: ["src/cli.ts"] } }, "D2"],
    [
      "an export that nobody imports",
      { "src/index.ts": 'export { a } from "./a.ts";', "src/a.ts": "export const a = 1; export const b = 2;" },
      {},
      "D3",
    ],
  ])("is %s", (_, files: Readonly<Record<string, string>>, rest, rule) => {
    expect(check(files, rest)).toContain(rule);
  });
});

describe("error codes", () => {
  const withCodes = (folder: string, ...codes: readonly string[]): Package =>
    make(folder, {
      "src/errors.ts": `export type XErrorDetails = { ${codes.map((code) => `"${code}": {}`).join("; ")} };
        export class XError extends Error {}`,
    });

  test("of one package each, with its name in front, pass", () => {
    expect(
      checkErrorCodes([withCodes("packages/planner", "planner.cycle"), withCodes("packages/audit", "audit.torn-tail")]),
    ).toEqual([]);
  });

  test.each([
    ["another package's name", [withCodes("packages/planner", "plan.cycle")], "E1"],
    ["camel case", [withCodes("packages/planner", "planner.unknownStep")], "E1"],
    [
      "the same code twice",
      [withCodes("packages/planner", "planner.cycle"), withCodes("packages/planner", "planner.cycle")],
      "E2",
    ],
    [
      "codes without a class",
      [make("packages/planner", { "src/errors.ts": 'type XErrorDetails = { "planner.cycle": {} };' })],
      "E3",
    ],
    [
      "a second error class",
      [make("packages/planner", { "src/errors.ts": "class AError extends Error {} class BError extends AError {}" })],
      "E3",
    ],
  ])("catch %s", (_, packages, rule) => {
    expect(rulesOf(checkErrorCodes(packages))).toEqual([rule]);
  });
});

describe("layout", () => {
  const good = { "src/index.ts": "export const a = 1;", "test/a.test.ts": "" };
  const check = (files: Readonly<Record<string, string>>): string[] =>
    rulesOf(checkLayout([make("packages/planner", { ...good, ...files })]));

  test("of a small package passes", () => {
    expect(check({ "src/order.ts": header, "src/checks/two-pass.ts": header })).toEqual([]);
  });

  test.each([
    ["camel case", { "src/twoPass.ts": header }, "L1"],
    ["a drawer", { "src/utils.ts": header }, "L2"],
    ["a drawer with a prefix", { "src/string-helpers.ts": header }, "L2"],
    ["a file that everything went into", { "src/order.ts": header + "1;\n".repeat(linesMax) }, "L3"],
    ["a file that does not say what it owns", { "src/order.ts": "export const a = 1;" }, "L4"],
    ["a star export", { "src/index.ts": 'export * from "./a.ts"; export const a = 1;' }, "L5"],
    ["a default export", { "src/index.ts": "export default 1;" }, "L5"],
    ["an empty index", { "src/index.ts": "export {};" }, "L5"],
  ])("catches %s", (_, files: Readonly<Record<string, string>>, rule) => {
    expect(check(files)).toEqual([rule]);
  });

  test("catches a package without README, with a README without example, and without tests", () => {
    const bare = (readme: string | undefined): Package =>
      packageOf("packages/planner", manifestOf("packages/planner"), [["src/index.ts", "export const a = 1;"]], {
        readme,
      });

    expect(rulesOf(checkLayout([bare(undefined)]))).toEqual(["L6", "L7"]);
    expect(rulesOf(checkLayout([bare("# planner\n")]))).toEqual(["L6", "L7"]);
  });
});

describe("manifests", () => {
  const check = (rest: Partial<Manifest>): string[] => rulesOf(checkManifests([make("packages/planner", {}, rest)]));

  test("that pin, license and strip pass", () => {
    expect(check({ dependencies: { zod: "catalog:", ajv: "8.20.0", "@canonic/contracts": "workspace:^" } })).toEqual(
      [],
    );
  });

  test.each([
    ["a range", { dependencies: { zod: "^4.0.0" } }, "P1"],
    ["a version of ours from the registry", { dependencies: { "@canonic/contracts": "1.0.0" } }, "P1"],
    ["another name than the folder's", { name: "@canonic/plan" }, "P2"],
    ["another license", { license: "UNLICENSED" }, "P2"],
    ["CommonJS", { type: "commonjs" }, "P2"],
    ["no engine", { engines: {} }, "P2"],
    ["a source condition that would be published", { publishConfig: {} }, "P3"],
  ])("catch %s", (_, rest: Partial<Manifest>, rule) => {
    expect(check(rest)).toEqual([rule]);
  });

  test("want a changeset, or a changelog of this version, for what users install", () => {
    const owner = make("packages/planner", {});
    const released = { ...owner, changelog: "# @canonic/planner\n\n## 1.0.0\n\nFirst.\n" };

    expect(rulesOf(checkChangesets([owner], []))).toEqual(["P4"]);
    expect(rulesOf(checkChangesets([owner], ['---\n"@canonic/audit": minor\n---\n']))).toEqual(["P4"]);
    expect(checkChangesets([owner], ['---\n"@canonic/planner": minor\n---\n'])).toEqual([]);
    expect(checkChangesets([released], [])).toEqual([]);
  });
});

describe("tracked text", () => {
  const check = (path: string, text: string): string[] => rulesOf(checkTrackedText([{ path, text }]));

  test.each([
    ["a home folder", "docs/a.md", `see /${"home"}/someone/notes`, "W1"],
    ["a workplace folder", "src/a.ts", `const at = "/${"opt"}/tools/x";`, "W1"],
    ["a tarball from elsewhere", "pnpm-lock.yaml", "resolution: {tarball: https://example.org/x.tgz}", "W2"],
    ["a conflict marker", "src/a.ts", `${"<".repeat(7)} HEAD`, "W3"],
  ])("catches %s", (_, path, text, rule) => {
    expect(check(path, text)).toEqual([rule]);
  });

  test("lets relative paths, routes and web addresses pass", () => {
    expect(check("docs/a.md", "../opt/x, packages/work/src, https://example.org/home/x, dist/opt/a")).toEqual([]);
  });
});
