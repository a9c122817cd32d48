import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { canonic, filesBelow, temporaryFolder } from "./command-line.ts";
import { pdfOf } from "./documents.ts";

const words = "The policy of the country is to be read by all of us, and this is the text of it. ".repeat(20);
const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(words, "utf16le")]);
const latin1 = Buffer.from(`La educaci\u00f3n y la salud p\u00fablica del pa\u00eds. ${words}`, "latin1");
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);

type BadInput = readonly [name: string, code: string, bytes: () => Uint8Array | Promise<Uint8Array>];

const badInputs: readonly BadInput[] = [
  ["empty.txt", "document-empty", () => Buffer.alloc(0)],
  ["blank.md", "document-empty", () => Buffer.from(" \n\n\t\n")],
  ["latin1.txt", "document-encoding", () => latin1],
  ["utf16.txt", "document-encoding", () => utf16],
  ["cut-character.txt", "document-encoding", () => Buffer.from(`${words}ñ`).subarray(0, -1)],
  ["binary.txt", "document-binary", () => Uint8Array.from({ length: 4096 }, (_, at) => at % 251)],
  ["plan.docx", "document-unsupported", () => Buffer.from("PK\x03\x04 ... word/document.xml")],
  ["plan.zip", "document-unsupported", () => Buffer.from("PK\x03\x04 anything")],
  ["plan.png", "document-unsupported", () => png],
  ["image-named-text.txt", "document-unsupported", () => png],
  ["locked.pdf", "document-encrypted", () => pdfOf([words], { userPassword: "open-sesame" })],
  ["cut.pdf", "document-truncated", async () => (await pdfOf([words, words])).subarray(0, -400)],
  ["hollow.pdf", "document-damaged", () => Buffer.from("%PDF-1.7\nnothing of the kind\n%%EOF\n")],
];

/** One line for a person, with the code for a program; no trace, no machine's path but the one that was given. */
const codedLine = (code: string) => new RegExp(`^canonic: [^\\n]+ \\(${code.replaceAll(".", "\\.")}\\)\\n$`);

test.each(badInputs)("refuses %s with %s, exit 2, and writes nothing", async (name, code, make) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), await make());
  const args = ["analyze", name, "--store", "store", "--out", join("results", "here")];

  const ended = await canonic(args, { cwd: folder });

  expect(ended.stdout).toBe("");
  expect(messageOf(ended.stderr)).toMatch(codedLine(`policy-analysis.${code}`));
  expect(ended.stderr).not.toMatch(/^\s+at |node:internal|\.ts:\d+|open-sesame/m);
  expect(ended.code).toBe(2);
  expect(readdirSync(folder)).toEqual([name]);
});

test("refuses a document that is not there, a folder and a device", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "plans"));

  for (const document of ["missing.pdf", "plans", "/dev/null"]) {
    const ended = await canonic(["analyze", document, "--store", "store"], { cwd: folder });
    expect(messageOf(ended.stderr)).toMatch(codedLine("policy-analysis.document-unreadable"));
    expect(ended.code).toBe(2);
  }
  expect(readdirSync(folder)).toEqual(["plans"]);
});

test("tells a program the same in one JSON document", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "empty.txt"), "");

  const ended = await canonic(["analyze", "empty.txt", "--store", "store", "--json"], { cwd: folder });

  expect(ended.code).toBe(2);
  expect(JSON.parse(ended.stdout)).toEqual({
    error: {
      code: "policy-analysis.document-empty",
      message: expect.stringMatching(/^[a-z][^\n]*`empty\.txt`[^\n]*[^.]$/),
    },
  });
  expect(readdirSync(folder)).toEqual(["empty.txt"]);
});

test("never replaces a folder with other files", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "mine"));
  writeFileSync(join(folder, "mine", "notes.txt"), "keep");

  const ended = await canonic(["analyze", "--store", "store", "--out", "mine"], { cwd: folder });

  expect(ended.code).toBe(2);
  expect(messageOf(ended.stderr)).toMatch(codedLine("orchestrator.out-not-empty"));
  expect(filesBelow(folder)).toEqual(["mine/notes.txt"]);
});

test("says before anything runs that results cannot go where a file is", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "taken"), "keep");

  for (const out of ["taken", join("taken", "inside")]) {
    const ended = await canonic(["analyze", "--store", "store", "--out", out], { cwd: folder });
    expect(ended.code).toBe(2);
    expect(messageOf(ended.stderr)).toMatch(codedLine("orchestrator.out-unwritable"));
  }
  expect(filesBelow(folder)).toEqual(["taken"]);
});

test.each([
  ["--jobs", "0"],
  ["--jobs", "1000"],
  ["--jobs", "two"],
  ["--seed", "-1"],
  ["--seed", "1e3"],
  ["--seed", "9007199254740993"],
  ["--lang", "fr"],
])("refuses %s %s as bad usage", async (option, value) => {
  const folder = temporaryFolder();

  const ended = await canonic(["analyze", `${option}=${value}`, "--store", "store"], { cwd: folder });

  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain(option.slice(2));
  expect(ended.stderr).not.toMatch(/^\s+at /m);
  expect(readdirSync(folder)).toEqual([]);
});

/** What is said beside progress. */
function messageOf(stderr: string): string {
  return stderr
    .split("\n")
    .filter((line) => !/^[a-z ]+ \d+\/\d+ \(\d+ %\)$/.test(line))
    .join("\n");
}
