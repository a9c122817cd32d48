import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { runCommandLine } from "../src/command-line.ts";
import { loadConfig } from "../src/config.ts";
import { testFolder } from "./folder.ts";

const EMPTY = "export default { packs: [], store: 'elsewhere' };\n";

test("a configuration is found upward from the working folder", async () => {
  const folder = testFolder();
  const below = join(folder, "a", "b");
  mkdirSync(below, { recursive: true });
  writeFileSync(join(folder, "canonic.config.mjs"), EMPTY);

  expect(await loadConfig(below, undefined)).toEqual({ packs: [], store: "elsewhere" });
});

test("a named configuration that is absent is an error", async () => {
  await expect(loadConfig(testFolder(), "none.mjs")).rejects.toMatchObject({ code: "orchestrator.config-not-found" });
});

test.each([
  ["without packs", "export default {};\n"],
  ["without a default export", "export const packs = [];\n"],
  ["that throws", "throw new Error('secret=1');\n"],
  ["that imports what is not installed", "import 'no-such-package-anywhere';\nexport default { packs: [] };\n"],
  ["that does not parse", "export default {\n"],
])("a configuration %s is an error that quotes nothing of it", async (_name, source) => {
  const folder = testFolder();
  writeFileSync(join(folder, "canonic.config.mjs"), source);

  const failure = await loadConfig(folder, undefined).then(
    () => undefined,
    (error: Error & { code?: string }) => error,
  );
  expect(failure?.code).toBe("orchestrator.config-invalid");
  expect(failure?.message).not.toContain("secret");
});

test.each([
  ["runs", "pack({ name: 'runs' })"],
  ["brew", "pack({ name: 'brew' }), pack({ name: 'brew' })"],
])("a command named %s, as another is, is an error that names it", async (name, packs) => {
  const folder = testFolder();
  const source = `const pack = (command) => ({ commands: [command] });\nexport default { packs: [${packs}] };\n`;
  writeFileSync(join(folder, "canonic.config.mjs"), source);

  await expect(loadConfig(folder, undefined)).rejects.toMatchObject({
    code: "orchestrator.config-invalid",
    message: expect.stringContaining(`\`${name}\``),
  });
});

test("evidence is read without packs: a configuration that does not load keeps nobody from it", async () => {
  const folder = testFolder();
  writeFileSync(join(folder, "canonic.config.mjs"), "throw new Error('no');\n");
  const run = async (...argv: string[]) => {
    const silent = Object.assign(new Writable({ write: (_chunk, _encoding, done) => done() }), { isTTY: false });
    return runCommandLine({ argv, cwd: folder, env: {}, stdout: silent, stderr: silent });
  };

  expect(await run("keys", "init")).toBe(0);
  expect(await run("analyze")).toBe(2);
  expect(await run("keys", "init", "--config", "canonic.config.mjs")).toBe(2);
});
