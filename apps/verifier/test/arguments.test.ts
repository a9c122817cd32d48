import { describe, expect, test } from "vitest";
import { readArguments } from "../src/arguments.ts";
import { runVerifier } from "../src/run-verifier.ts";

describe("the arguments of canonic-verify", () => {
  test("are a bundle, a trust file, and what may stand beside", () => {
    expect(readArguments(["b", "--trust", "t", "--policy", "p", "--tsa-ca", "c", "--at", "m", "--json"])).toEqual({
      kind: "verify",
      bundle: "b",
      trust: "t",
      policy: "p",
      tsaCa: "c",
      at: "m",
      json: true,
    });
    expect(readArguments(["--trust=t", "b"])).toMatchObject({ kind: "verify", json: false, policy: undefined });
  });

  test.each([
    [[]],
    [["b"]],
    [["--trust", "t"]],
    [["a", "b", "--trust", "t"]],
    [["b", "--trust"]],
    [["b", "--thrust", "t"]],
  ])("that are wrong are told: %j", (argv) => {
    expect(readArguments(argv).kind).toBe("wrong");
  });
});

describe("a verification for programs", () => {
  test("says what a person gave wrong as one JSON document too", async () => {
    const [out, err]: [string[], string[]] = [[], []];

    const exit = await runVerifier({
      argv: ["nowhere", "--trust", "nowhere.json", "--json"],
      cwd: "/nonexistent",
      stdout: { write: (text) => out.push(text) },
      stderr: { write: (text) => err.push(text) },
    });

    expect(exit).toBe(2);
    expect(JSON.parse(out.join(""))).toMatchObject({ error: { code: "verifier.file-unreadable" } });
    expect(err.join("")).toContain("(verifier.file-unreadable)");
  });
});

test.each([[["--json"]], [["b", "--json", "--thrust", "t"]], [["b", "--trust", "t", "--replay", "--json"]]])(
  "what is typed wrong is one JSON document too: %j",
  async (argv) => {
    const [out, err]: [string[], string[]] = [[], []];
    const stdout = { write: (text: string) => out.push(text) };

    const exit = await runVerifier({ argv, cwd: "/", stdout, stderr: { write: (text) => err.push(text) } });

    expect(exit).toBe(2);
    expect(JSON.parse(out.join(""))).toMatchObject({ error: { code: "verifier.usage" } });
    expect(err).toHaveLength(1);
  },
);
