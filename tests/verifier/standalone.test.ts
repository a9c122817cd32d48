/**
 * `canonic-verify` as a stranger has it: the one built file, alone in a folder, run with plain Node.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const vectors = join(root, "tests", "vectors", "bundles");
const folder = mkdtempSync(join(tmpdir(), "canonic-verifier-"));
const command = join(folder, "alone", "canonic-verify.mjs");
const trust = join(vectors, "trust.json");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Vector = { name: string; verdict: string; base?: string; codes: string[]; files: Record<string, string | null> };
const all: Vector[] = readFileSync(join(vectors, "bundles.jsonl"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));
const isThere = (tool: string) => spawnSync(tool, ["-V"]).status === 0;

beforeAll(() => {
  const turbo = ["exec", "turbo", "run", "build", "--filter=@canonic/verifier", "--output-logs=errors-only"];
  execFileSync("pnpm", turbo, { cwd: root, stdio: "pipe" });
  mkdirSync(dirname(command));
  copyFileSync(join(root, "apps", "verifier", "dist", "canonic-verify.js"), command);
});

function written(name: string): string {
  const vector = all.find((one) => one.name === name);
  if (vector === undefined) throw new Error(`no vector is called ${name}`);
  const to = join(folder, name);
  const files = { ...all.find((one) => one.name === vector.base)?.files, ...vector.files };
  for (const [path, text] of Object.entries(files)) {
    if (text === null) continue;
    mkdirSync(dirname(join(to, path)), { recursive: true });
    writeFileSync(join(to, path), text);
  }
  return to;
}

function verify(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd: dirname(command),
    env: {},
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("canonic-verify, one file alone in a folder", () => {
  test.each([
    ["gated", 0, "VALID"],
    ["completed-dropped", 1, "INVALID"],
    ["waiting", 1, "INDETERMINATE"],
  ])("judges `%s`: exit %d, %s", (name, status, verdict) => {
    const bundle = written(name);

    const shown = verify(bundle, "--trust", trust);
    const told = JSON.parse(verify(bundle, "--trust", trust, "--json").stdout);

    expect(shown).toMatchObject({ status, stderr: "" });
    expect(shown.stdout.split(/[\n:]/)[0]).toBe(verdict);
    expect(told).toMatchObject({ verdict });
    const codes = told.reasons.map(({ code }: { readonly code: string }) => code);
    expect(codes).toEqual(expect.arrayContaining(all.find((one) => one.name === name)?.codes ?? []));
  });

  test.each([
    ["no trust file", () => [written("gated")], "verifier.usage"],
    ["no bundle", () => ["--trust", trust], "verifier.usage"],
    ["two bundles", () => ["a", "b", "--trust", trust], "verifier.usage"],
    ["an unknown option", () => ["--trusted", trust], "verifier.usage"],
    ["a replay", () => [written("gated"), "--trust", trust, "--replay"], "verifier.usage"],
    ["a bundle that is not there", () => ["nowhere", "--trust", trust], "verifier.file-unreadable"],
    ["a trust file that is none", () => [written("gated"), "--trust", command], "audit.trust-invalid"],
    ["a policy that is none", () => [written("gated"), "--trust", trust, "--policy", command], "audit.policy-invalid"],
  ])("refuses %s with a code on one line, exit 2", (_what, args, code) => {
    const { status, stdout, stderr } = verify(...args());

    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^canonic-verify: .*\n$/);
    expect(stderr).toContain(`(${code})`);
  });

  test("explains itself", () => {
    const { status, stdout } = verify("--help");

    expect(status).toBe(0);
    expect(stdout).toContain("--trust <file>");
  });

  test("shows no control character of a bundle's", () => {
    const bundle = written("gated");
    symlinkSync("/etc/hostname", join(bundle, "\u001b[31mred"));

    const { status, stdout } = verify(bundle, "--trust", trust);

    expect(status).toBe(1);
    expect(stdout).toContain("file-unlisted");
    expect(stdout).not.toContain("\u001b");
  });

  test.skipIf(!isThere("strace"))("opens no socket and no file for writing", () => {
    const trace = join(folder, "trace");
    const bundle = written("three-tasks");
    const calls = ["-f", "-qq", "-e", "trace=%network,open,openat,openat2,creat,rename,unlink,mkdir", "-o", trace];

    const { status } = spawnSync("strace", [...calls, process.execPath, command, bundle, "--trust", trust], {
      env: {},
    });

    const lines = readFileSync(trace, "utf8").split("\n");
    const opened = lines.filter((line) => line.includes("openat("));
    expect(status).toBe(0);
    expect(opened.some((line) => line.includes("manifest.json"))).toBe(true);
    expect(lines.filter((line) => /\b(socket|connect|bind|sendto|creat|rename|unlink|mkdir)\(/.test(line))).toEqual([]);
    expect(opened.filter((line) => /O_(WRONLY|RDWR|CREAT)/.test(line) && !line.includes('"/dev/'))).toEqual([]);
  });
});
