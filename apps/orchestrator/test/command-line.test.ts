import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EVENT_TYPES } from "@canonic/contracts";
import { afterAll, describe, expect, test } from "vitest";
import { runCommandLine } from "../src/command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "canonic-command-line-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One command line in this process, in a folder without a configuration. */
async function said(...argv: string[]) {
  const streams = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof streams) =>
    ({
      write: (text: string) => {
        streams[name] += text;
        return true;
      },
    }) as unknown as NodeJS.WritableStream;
  const code = await runCommandLine({ argv, cwd: folder, env: {}, stdout: stream("stdout"), stderr: stream("stderr") });
  return { code, ...streams };
}

describe("what the parser of the command line refuses", () => {
  test.each([
    [["runs", "--nonsense"], "unknown option '--nonsense'"],
    [["rnus"], "unknown command 'rnus' (Did you mean runs?)"],
    [["show"], "missing required argument 'run'"],
    [["verify", "bundle"], "required option '--trust <file>' not specified"],
    [["events", "run_0", "--format", "xml"], "option '--format <format>' argument 'xml' is invalid"],
  ])("%j is one line with the code on standard error, and exit 2", async (argv, message) => {
    const { code, stdout, stderr } = await said(...argv);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    const [first = "", ...rest] = stderr.trimEnd().split("\n");
    expect(first).toMatch(/^canonic: .* \(orchestrator\.usage\)$/);
    expect(first).toContain(message);
    expect(rest).toEqual(["(`canonic --help` lists the commands)"]);
  });

  test("is the same for programs", async () => {
    const { code, stdout } = await said("runs", "--nonsense", "--json");

    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: "orchestrator.usage", message: "unknown option '--nonsense'" },
    });
  });
});

test("an event type that there is not is bad usage, and those that there are are listed", async () => {
  const { code, stdout, stderr } = await said("events", "run_0123456789abcdef0123", "--type", "NOPE");

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(EVENT_TYPES.join(", "));
  expect(stderr).toMatch(/ \(orchestrator\.option-invalid\)\n$/);
});

describe("a file that a person named is named where something is wrong with it", () => {
  test("the trust file", async () => {
    const file = join(folder, "trust.json");
    for (const [text, what] of [
      ["{", "not JSON"],
      ["{}", "not a trust file"],
    ] as const) {
      writeFileSync(file, text);
      const { code, stderr } = await said("verify", "bundle", "--trust", "trust.json");

      expect(code).toBe(2);
      expect(stderr).toMatch(/ \(audit\.trust-invalid\)\n$/);
      expect(stderr).toContain(`\`${file}\`: `);
      expect(stderr).toContain(what);
    }
  });

  test("the policy", async () => {
    const trust = { schema: "canonic/trust/v1", logs: [{ origin: "a.test/log", keys: [key(1)] }] };
    writeFileSync(join(folder, "trust.json"), JSON.stringify(trust));
    writeFileSync(join(folder, "odd.policy"), "nonsense\n");
    writeFileSync(join(folder, "bundle"), "");
    const { code, stderr } = await said("verify", "bundle", "--trust", "trust.json", "--policy", "odd.policy");

    expect(code).toBe(2);
    expect(stderr).toMatch(/^canonic: `odd\.policy`: .* \(audit\.policy-invalid\)\n$/);
  });
});

function key(byte: number) {
  return { name: "a.test/log", publicKey: Buffer.alloc(32, byte).toString("base64") };
}
