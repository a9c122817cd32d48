/**
 * What docs/statements.md tells a stranger to do, done: its commands, on a run's bundle, in a folder without canonic's source.
 */
import { chmodSync, cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { THREE_DOMAINS, workplace } from "../../authority/plans.ts";
import { commandLine, repositoryConfig, temporaryFolder } from "../../main-job/command-line.ts";
import { runCommand } from "../../run-command.ts";
import { root } from "../../tidy/tree.ts";
import { hasTool } from "../tools.ts";

const document = readFileSync(join(root, "docs", "statements.md"), "utf8");
const blocks = [...document.matchAll(/^```(\S+)(?: (\S+))?\n(.*?)^```$/gms)].map(([, language, file, text = ""]) => {
  return { language, file, text };
});
const commands = blocks.filter(({ language }) => language === "sh").map(({ text }) => text);
const [trustedRoot = "", sigstore = "", openssl = "", outputs = ""] = commands;
const tools = (await hasTool("openssl", ["version"], "openssl")) && (await hasTool("jq", ["--version"], "jq"));

/** A stranger's folder: a bundle, the trust file, and `canonic` as a command. */
async function strangersFolder(): Promise<string> {
  const at = workplace();
  const report = await at.json(["run", await at.plan(THREE_DOMAINS)]);
  const folder = temporaryFolder();
  cpSync(report.bundle ?? "", join(folder, "bundle"), { recursive: true });
  cpSync(at.path(".canonic/trust.json"), join(folder, "trust.json"));
  const words = commandLine([], null).map((word) => `'${word}'`);
  writeFileSync(join(folder, "canonic"), `#!/bin/sh\nexec ${words.join(" ")} "$@" --config '${repositoryConfig}'\n`);
  chmodSync(join(folder, "canonic"), 0o755);
  symlinkSync(join(root, "tests", "node_modules"), join(folder, "node_modules"));
  for (const { file, text } of blocks) if (file !== undefined) writeFileSync(join(folder, file), text);
  return folder;
}

describe.skipIf(!tools)("the commands of docs/statements.md", () => {
  let folder: string;
  const shell = (script: string) =>
    runCommand("sh", ["-e"], { cwd: folder, input: `PATH=.:$PATH\n${script}`, env: { NODE_PATH: undefined } });

  beforeAll(async () => {
    folder = await strangersFolder();
    const made = await shell(trustedRoot);
    expect(made).toMatchObject({ code: 0, stderr: "" });
  });

  test("are four, and a program", () => {
    expect(commands.length).toBe(4);
    expect(blocks.map(({ file }) => file).filter((file) => file !== undefined)).toEqual(["verify.mjs"]);
  });

  test("write a trusted root and a key that OpenSSL reads", async () => {
    const { code, stdout } = await shell("openssl pkey -pubin -in sigstore/attestor-1.pem -noout -text");

    expect(readdirSync(join(folder, "sigstore")).sort()).toEqual(["attestor-1.pem", "trusted_root.json"]);
    expect({ code, kind: stdout.split("\n")[0] }).toEqual({ code: 0, kind: "ED25519 Public-Key:" });
  });

  test("verify a statement with @sigstore/verify, and print what it speaks of", async () => {
    const { code, stdout, stderr } = await shell(sigstore);

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^https:\/\/slsa\.dev\/provenance\/v1 outputs\.jsonl sha256:[0-9a-f]{64} seal sha256:/);
  });

  test("verify its signature with OpenSSL, and the outputs with sha256sum", async () => {
    const signature = await shell(openssl);
    const same = await shell(outputs);

    expect(signature).toMatchObject({ code: 0, stdout: "Signature Verified Successfully\n" });
    expect(same).toMatchObject({ code: 0, stdout: "bundle/outputs.jsonl: OK\n" });
  });

  test("verify every statement of the bundle, each by itself", async () => {
    const names = readdirSync(join(folder, "bundle", "statements"));
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) {
      const { stdout } = await shell(openssl.replace("00-provenance.sigstore.json", name));
      expect([name, stdout]).toEqual([name, "Signature Verified Successfully\n"]);
    }
  });

  test.each([
    ["a payload of which a bit is flipped", "signed", (bytes: Buffer) => flip(bytes, bytes.length - 3)],
    ["another type of payload", "signed", (bytes: Buffer) => flip(bytes, 12)],
    ["another length", "signed", (bytes: Buffer) => Buffer.concat([bytes, Buffer.from(" ")])],
    ["the payload alone", "signed", (bytes: Buffer) => bytes.subarray(bytes.indexOf("{"))],
    ["a signature of which a bit is flipped", "signature", (bytes: Buffer) => flip(bytes, 5)],
  ])("do not verify %s", async (_, name, bend) => {
    await shell(openssl);
    const path = join(folder, name);
    writeFileSync(path, bend(readFileSync(path)));
    const [verification = ""] = openssl.split("\n").filter((line) => line.startsWith("openssl"));

    const { code, stdout } = await shell(verification);

    expect({ code, stdout }).toEqual({ code: 1, stdout: "Signature Verification Failure\n" });
  });

  test("do not verify with the log's own key", async () => {
    await shell(openssl);
    const script = `
jq -r '.tlogs[0].publicKey.rawBytes' sigstore/trusted_root.json | base64 -d > log.der
openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey log.der -in signed -sigfile signature`;

    expect((await shell(script)).code).toBe(1);
  });
});

function flip(bytes: Buffer, at: number): Buffer {
  const bent = Buffer.from(bytes);
  bent[at] = (bent[at] ?? 0) ^ 1;
  return bent;
}
