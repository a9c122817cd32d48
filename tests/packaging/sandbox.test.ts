/** The sandbox as people install it: bundled, in `node_modules`, with no sources beside it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../run-command.ts";
import { buildWorkspace, installAlone, packPackage, removePackagingFolders } from "./pack.ts";

const contract = (method: string) => ({
  schema: "canonic/operation-contract/v1",
  operation: `text.${method}`,
  version: "1.0.0",
  description: "of nobody that we know",
  input: { type: "object" },
  output: {},
  effect: "pure",
  mode: "live",
  determinism: "deterministic",
  idempotent: true,
  successCriteria: [{ id: "done", statement: "it answers" }],
  failureModes: [{ code: "none", when: "never" }],
  termination: { timeoutMs: 20_000, outputBytesMax: 1024, memoryLimitMb: 64, condition: "one answer" },
  verification: { strategy: "recompute", statement: "run it again" },
  crossDomainDeps: [],
  signals: { required: [], optional: [] },
  isolation: "untrusted",
});

const OPERATIONS = `
export const operations = [
  { contract: ${JSON.stringify(contract("shout"))}, run: ({ text }) => text.toUpperCase() },
  { contract: ${JSON.stringify(contract("spawn"))}, run: async () => (await import("node:child_process")).spawnSync("true").status },
];
`;

const CALLS = `
import { contractDigestOf } from "@canonic/contracts";
import { createSandboxOperations } from "@canonic/runner";
import { operations } from "./operations.mjs";

const sandbox = createSandboxOperations({ module: new URL("operations.mjs", import.meta.url), jobs: 1 });
for (const { contract } of operations) {
  const task = { id: "task_00000000000000000000", operation: contract.operation, version: contract.version, contract: contractDigestOf(contract) };
  const entitlement = { task: task.id, seed: null, now: null, idempotencyKey: null, fence: null };
  const { operationMs, failure, ...ended } = await sandbox.execute(task, { text: "aloud" }, contract, entitlement);
  console.log(JSON.stringify(ended));
}
await sandbox.close();
`;

let folder: string;
beforeAll(async () => {
  await buildWorkspace();
  const [runner, contracts] = [await packPackage("packages/runner"), await packPackage("packages/contracts")];
  folder = await installAlone(runner, [runner, contracts]);
}, 300_000);
afterAll(removePackagingFolders);

test("an installed runner answers an untrusted call, and stops what an untrusted operation tries", async () => {
  writeFileSync(join(folder, "operations.mjs"), OPERATIONS);
  writeFileSync(join(folder, "calls.mjs"), CALLS);

  const { code, stdout, stderr } = await runCommand("node", ["calls.mjs"], { cwd: folder });

  expect({
    code,
    stderr,
    ended: stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  }).toEqual({
    code: 0,
    stderr: "",
    ended: [
      { kind: "completed", output: '"ALOUD"', tokens: 0 },
      {
        kind: "aborted",
        code: "runner.boundary-violation",
        violation: { category: "processes", attempted: "node:child_process.spawnSync" },
      },
    ],
  });
});
