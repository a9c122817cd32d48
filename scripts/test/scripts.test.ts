import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runCommand } from "../../tests/run-command.ts";
import { root } from "../../tests/tidy/tree.ts";
import { countTests } from "../count-reporter.mjs";
import { misdirection, refusal, toRegistry } from "../release.mjs";
import { cleanEnvironment } from "../toolchain.mjs";

const folder = mkdtempSync(join(tmpdir(), "canonic-scripts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the environment of set-up", () => {
  test("loses what npm adds to its scripts and keeps what a person sets", () => {
    const given = {
      PATH: "/bin",
      NODE_EXTRA_CA_CERTS: "ca.pem",
      npm_lifecycle_event: "test",
      npm_package_name: "x",
      npm_config_prefix: "/prefix",
      npm_config_user_agent: "npm/11",
      NPM_CONFIG_REGISTRY: "http://localhost:4873/",
      npm_config_cache: "/cache",
    };

    expect(cleanEnvironment(given)).toEqual({
      PATH: "/bin",
      NODE_EXTRA_CA_CERTS: "ca.pem",
      NPM_CONFIG_REGISTRY: "http://localhost:4873/",
      npm_config_cache: "/cache",
      TURBO_TELEMETRY_DISABLED: "1",
      DO_NOT_TRACK: "1",
    });
  });
});

describe("the steps of a command (S1, S2)", () => {
  /** Runs steps in a child, as `npm test` does, and returns its lines and exit code. */
  const runSteps = async (steps: readonly object[]) => {
    const script = join(folder, "steps.mjs");
    const module = JSON.stringify(join(root, "scripts", "steps.mjs"));
    writeFileSync(
      script,
      `import { report, runSteps } from ${module};
       process.exitCode = report(await runSteps(${JSON.stringify(steps)}, process.env)) ? 0 : 1;`,
    );
    const { code, stdout } = await runCommand("node", [script]);
    return { code, last: stdout.trimEnd().split("\n").at(-1) };
  };
  const step = (code: string, counts = false) => ({ name: "step", command: "node", args: ["-e", code], counts });
  const writes = (counts: object) =>
    `require("fs").writeFileSync(process.env.CANONIC_TEST_COUNTS, ${JSON.stringify(JSON.stringify(counts))})`;

  test.each([
    ["every step passes", [step(""), step("")], 0, "2 passed, 0 failed"],
    ["a failed step is followed by the next", [step("process.exit(3)"), step("")], 1, "1 passed, 1 failed"],
    [
      "the tests were counted",
      [step(""), step(writes({ passed: 7, failed: 0, skipped: 1 }), true)],
      0,
      "8 passed, 0 failed",
    ],
    [
      "a test failed",
      [step(`${writes({ passed: 7, failed: 2, skipped: 0 })}; process.exit(1)`, true)],
      1,
      "7 passed, 2 failed",
    ],
    ["no test ran", [step(""), step(writes({ passed: 0, failed: 0, skipped: 5 }), true)], 1, "1 passed, 1 failed"],
    ["the tests died before they counted", [step(""), step("process.exit(1)", true)], 1, "1 passed, 1 failed"],
    [
      "the tests passed and their runner failed",
      [step(`${writes({ passed: 7, failed: 0, skipped: 0 })}; process.exit(1)`, true)],
      1,
      "7 passed, 1 failed",
    ],
    ["a tool is missing", [step(""), { name: "step", command: "no-such-tool", args: [] }], 1, "1 passed, 1 failed"],
    ["there is no step", [], 1, "0 passed, 0 failed"],
  ])("are counted when %s", async (_, steps, code, last) => {
    expect(await runSteps(steps)).toEqual({ code, last });
  });

  test("are not started for an unknown command", async () => {
    const { code, stderr } = await runCommand("node", [join(root, "scripts", "canonic.mjs"), "toString"]);

    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("unknown command `toString`") });
  });
});

describe("the count of a test run", () => {
  const module = (states: readonly string[], ok = !states.includes("failed")) =>
    ({ ok: () => ok, children: { allTests: () => states.map((state) => ({ result: () => ({ state }) })) } }) as never;

  test("is passed, failed and skipped; a file that did not load and a stray error are failures", () => {
    expect(countTests([module(["passed", "skipped"]), module(["failed", "passed"])], [])).toEqual({
      passed: 2,
      failed: 1,
      skipped: 1,
    });
    expect(countTests([module([], false)], [])).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(countTests([module(["passed"])], [new Error("stray")])).toEqual({ passed: 1, failed: 1, skipped: 0 });
    expect(countTests([module(["pending"])], [])).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe("a release (R1 to R4)", () => {
  const ready = { waiting: [], changed: "", committer: true };

  test("goes to a loopback registry when it is told", () => {
    expect(refusal({ registry: "http://localhost:4873/" }, ready)).toBeUndefined();
    expect(refusal({ registry: "https://registry.npmjs.org/", public: true }, ready)).toBeUndefined();
  });

  test("needs a name for its tags in public, and none in a rehearsal, which leaves no tag", () => {
    const nameless = { ...ready, committer: false };

    expect(refusal({ registry: "http://localhost:4873/" }, nameless)).toBeUndefined();
    expect(refusal({ registry: "https://registry.npmjs.org/", public: true }, nameless)).toContain("user.email");
  });

  test.each([
    ["without a registry", {}, ready, "without a named registry"],
    ["to what is no URL", { registry: "npmjs" }, ready, "is not a URL"],
    ["to a file", { registry: "file:///tmp" }, ready, "is not a registry"],
    ["to the world without being told", { registry: "https://registry.npmjs.org/" }, ready, "is not on this machine"],
    [
      "to a name that begins like loopback",
      { registry: "http://localhost.example.org/" },
      ready,
      "is not on this machine",
    ],
    ["while changesets wait", { registry: "http://[::1]:4873/" }, { ...ready, waiting: ["a.md"] }, "1 changesets wait"],
    [
      "of an uncommitted tree",
      { registry: "http://127.0.0.1/" },
      { ...ready, changed: " M a" },
      "differs from its commit",
    ],
  ])("is refused %s", (_, options, state, reason) => {
    expect(refusal(options, state)).toContain(reason);
  });

  test("is refused where a setting sends the packages elsewhere", () => {
    const registry = "http://localhost:4873/";
    const elsewhere = { where: "`@canonic:registry`", registry: "https://registry.npmjs.org/" };

    expect(misdirection(registry, [])).toBeUndefined();
    expect(misdirection(registry, [{ where: "unset", registry: undefined }])).toBeUndefined();
    expect(misdirection(registry, [{ where: "the same", registry: "http://localhost:4873" }])).toBeUndefined();
    expect(misdirection(registry, [{ where: "unset", registry: undefined }, elsewhere])).toContain(
      "`@canonic:registry` is `https://registry.npmjs.org/`",
    );
  });

  test("leaves npm one registry, however the environment spells another", () => {
    const given = {
      PATH: "/bin",
      npm_config_registry: "https://a.example/",
      NPM_CONFIG_REGISTRY: "https://b.example/",
    };

    expect(toRegistry(given, "http://localhost:4873/")).toEqual({
      PATH: "/bin",
      npm_config_registry: "http://localhost:4873/",
    });
  });

  test.each([
    ["without a registry", [], "without a named registry"],
    ["of an argument that it does not know", ["--tag", "next"], "usage: npm run release"],
  ])("is refused by the command itself, which exits 1: %s", async (_, args, said) => {
    const { code, stderr } = await runCommand("node", [join(root, "scripts", "release.mjs"), ...args]);

    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(said) });
  });
});
