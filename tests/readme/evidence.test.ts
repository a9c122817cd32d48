/**
 * The commands of the README's "Evidence for strangers", typed in the order in which they stand there, with the names of a real run.
 */
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { type Analysis, analyse } from "../main-job/analysis.ts";
import { canonic, startCanonic, temporaryFolder } from "../main-job/command-line.ts";
import { spanishDeclaration } from "../main-job/documents.ts";
import { root } from "../tidy/tree.ts";

const TYPED_MIN = 13;
const section =
  /^## Evidence for strangers\n(.*?)^## /ms.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1] ?? "";
const typed = [...section.matchAll(/^npx canonic (.*?)(?: +#.*)?$/gm)].map(([, line = ""]) => line);

const cwd = temporaryFolder();
let analysis: Analysis;
beforeAll(async () => {
  analysis = await analyse(cwd, [spanishDeclaration(cwd).file]);
  copyFileSync(analysis.trust, join(cwd, "trust.json"));
});

const wordsOf = (line: string, names: Readonly<Record<string, string>>) =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain = ""]) => quoted ?? names[plain] ?? plain);
const usesStore = (line: string) => !/^(verify|witness) |--trust /.test(line);

/** Starts the README's witness, on a port that is free, and gives what it prints. */
async function startWitness(words: readonly string[]): Promise<{ readonly key: string; readonly url: string }> {
  const free = words.map((word) => (word === "127.0.0.1:7380" ? "127.0.0.1:0" : word));
  const { child } = startCanonic([...free, "--json"], { cwd });
  const text = await new Promise<string>((resolve, reject) => {
    let out = "";
    child.stdout?.on("data", (piece: string) => {
      out += piece;
      if (out.endsWith("}\n")) resolve(out);
    });
    child.on("close", () => reject(new Error("the witness ended")));
  });
  return JSON.parse(text);
}

test("the section's commands do what it says", async () => {
  const artifact = readFileSync(join(analysis.out, "bundle", "manifest.json"), "utf8").match(
    /artifacts\/([0-9a-f]{64})/,
  );
  const names: Record<string, string> = { RUN: analysis.report.run, DIGEST: `sha256:${artifact?.[1]}` };
  const said: string[] = [];
  for (const line of typed) {
    const words = wordsOf(line, names);
    if (words[0] === "witness") {
      const { key, url } = await startWitness(words);
      Object.assign(names, { WITNESS_VKEY: key, "http://127.0.0.1:7380": url });
      continue;
    }
    const ended = await canonic([...words, ...(usesStore(line) ? ["--store", analysis.store] : [])], { cwd });
    expect({ line, code: ended.code, stderr: ended.stderr }).toEqual({ line, code: 0, stderr: "" });
    if (line === "log key") names["VKEY"] = ended.stdout.trim();
    said.push(ended.stdout);
  }

  expect(typed.length).toBeGreaterThanOrEqual(TYPED_MIN);
  expect(said.filter((text) => text.startsWith("VALID\n"))).toHaveLength(2);
  expect(said.join("")).toContain("15 active, 0 pending, 0 revoked");
  expect(said.join("")).toContain("cosigned    witness.example/one at 20");
});

test("the section's further reading is there", () => {
  const links = [...section.matchAll(/\]\(([^)]+)\)/g)].map(([, path = ""]) => path);

  expect(links.length).toBeGreaterThanOrEqual(5);
  expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
