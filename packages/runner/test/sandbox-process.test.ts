/** A sandbox process that lies: no message makes a result that the parent would not have found itself (S1 to S3, P1, P2). */
import type { Digest, TaskId } from "@canonic/contracts";
import { expect, test } from "vitest";
import type { Execution } from "../src/index.ts";
import { foldersOf } from "../src/sandbox-folders.ts";
import { startSandbox } from "../src/sandbox-process.ts";
import { parseReply } from "../src/sandbox-protocol.ts";
import { contractOf } from "./contract-of.ts";

const ENTRY = new URL("./fixtures/lying-sandbox.ts", import.meta.url);
const contract = contractOf("worker.echo", {
  termination: { timeoutMs: 5_000, outputBytesMax: 4096, memoryLimitMb: 64, condition: "it returns" },
});
const entitlement = {
  task: "task_00000000000000000000" as TaskId,
  seed: null,
  now: null,
  idempotencyKey: null,
  fence: null,
};

/** The folders of the honest entry: the lying one stands in a folder that is no package of its own. */
const folders = foldersOf(new URL("../src/sandbox-entry.ts", import.meta.url), [ENTRY]);

function lie(how: string): Promise<Execution> {
  const call = { contract: `sha256:${"0".repeat(64)}` as Digest, input: JSON.stringify({ lie: how }), entitlement };
  return startSandbox(ENTRY, folders, 64).run(call, contract);
}

const aborted = (code: string, more: object = {}): object => ({ kind: "aborted", code, failure: null, ...more });
const violation = (category: string, attempted: string): object =>
  aborted("runner.boundary-violation", { violation: { category, attempted }, operationMs: 0 });
const reached = violation("audit-access", "sandbox channel");

test("a process that keeps to the protocol is believed", async () => {
  expect(await lie("honest")).toEqual({ kind: "completed", output: '"a"', tokens: 0, operationMs: 1 });
});

test.for([
  ["two results", reached],
  ["a result before it is loaded", reached],
  ["quiet without a result", reached],
  ["no secret", reached],
  ["another secret", reached],
  ["garbage", reached],
  ["a message that is none", reached],
  ["a violation of its own words", reached],
  ["a code that only the parent knows", reached],
  ["text as failure", reached],
  ["spaces in the output", aborted("runner.output-invalid", { operationMs: 1 })],
  ["a large output", aborted("runner.output-too-large", { operationMs: 1 })],
  ["no end of a line", aborted("runner.output-too-large", { operationMs: 0 })],
  ["tokens above the contract", aborted("runner.tokens-exceeded", { operationMs: 1 })],
  ["time that it did not have", { kind: "completed", output: '"a"', tokens: 0, operationMs: 5_000 }],
  ["an end after the result", violation("autonomous-continuation", "end after the result")],
  ["an end before the result", aborted("runner.worker-exited", { operationMs: 0 })],
  ["a failure mode that is not stated", aborted("runner.operation-failed", { operationMs: 1 })],
] as const)("%s", async ([how, expected]) => {
  expect(await lie(how)).toEqual(expected);
});

test("a line is a reply only with the secret and the shape (P1)", () => {
  const line = (value: unknown): string => JSON.stringify(value);

  expect(parseReply(line({ secret: "s", kind: "ready", more: 1 }), "s")).toEqual({ kind: "ready" });
  for (const wrong of [null, 1, [], "ready", {}, { kind: "ready" }, { secret: "t", kind: "ready" }]) {
    expect(parseReply(line(wrong), "s")).toBeNull();
  }
  expect(parseReply(line({ secret: "s", kind: "given", execution: { kind: "completed", output: 1 } }), "s")).toBeNull();
  expect(parseReply("", "s")).toBeNull();
});
