import { expect, test } from "vitest";
import { runCommand } from "../run-command.ts";

/** Of each tool that judges us here and comes from the system, how to see that it is there. */
const TOOLS: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ["OpenSSL", "openssl", "version"],
  ["jq", "jq", "--version"],
  ["Go", "go", "version"],
  ["Python's prov", "/usr/bin/python3", "-c", "import prov"],
  ["Python's jsonschema", "/usr/bin/python3", "-c", "import jsonschema"],
];

// One that is absent is skipped where it is needed; where the whole check must run, all of them skipped is no check.
test.runIf(process.env["CI"] === "true")("somebody else's tools judge us where the whole check must run", async () => {
  const present: string[] = [];
  for (const [name, command, ...args] of TOOLS) {
    const found = await runCommand(command, args).catch(() => undefined);
    if (found?.code === 0) present.push(name);
  }

  expect(present).not.toEqual([]);
});
