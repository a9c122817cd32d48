import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCommand } from "../run-command.ts";
import { readPackages, root } from "../tidy/tree.ts";
import { type Example, examplesOf } from "./examples.ts";

const documents = [
  { name: "the repository", folder: "tests", path: "README.md" },
  { name: "@canonic/schemas", folder: "schemas", path: "schemas/README.md" },
  ...readPackages().map(({ folder, manifest }) => ({ name: manifest.name, folder, path: `${folder}/README.md` })),
];

/** Runs on the sources, from inside the package's folder, as if the package were installed there. */
const run = (example: Example, folder: string) =>
  runCommand("node", ["--conditions=@canonic/source", "--input-type=module-typescript", "-"], {
    cwd: join(root, folder),
    input: example.code,
  });

describe("the example in the README of", () => {
  test.each(documents.map((document) => [document.name, document] as const))(
    "%s runs and prints",
    async (_, { folder, path }) => {
      const examples = examplesOf(readFileSync(join(root, path), "utf8"));

      expect(examples.length).toBe(1);
      for (const example of examples) {
        const { code, stdout, stderr } = await run(example, folder);

        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        expect(stdout.trim()).not.toBe("");
        if (example.prints !== undefined) expect(stdout).toBe(example.prints);
      }
    },
  );
});

describe("the reader of examples", () => {
  test("finds code, line and shown output", () => {
    const markdown = "# x\n\n```ts\nconsole.log(1);\n```\n\n```text\n1\n```\n\n```sh\nnpm test\n```\n";

    expect(examplesOf(markdown)).toEqual([{ code: "console.log(1);\n", line: 3, prints: "1\n" }]);
  });

  test("fails an example that throws, and one that prints nothing", async () => {
    const example = (code: string): Example => ({ code, line: 1, prints: undefined });

    expect((await run(example("throw new Error('x')"), "tests")).code).toBe(1);
    expect((await run(example("const a: number = 1; export { a }"), "tests")).stdout).toBe("");
  });
});
