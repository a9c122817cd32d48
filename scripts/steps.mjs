/**
 * Runs the steps of a command one after the other, each with its name and time,
 * and counts them: a step is one passed or one failed, unless it brings counts of its own.
 *
 * Invariants:
 *   S1. A failed step never hides the next: all run, and the worst exit code wins.
 *   S2. A step that should have counted tests and did not (it died, it found none) is a failure.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./toolchain.mjs";

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} command
 * @property {readonly string[]} args
 * @property {boolean} [counts] True when the command writes its counts to `CANONIC_TEST_COUNTS`.
 *
 * @typedef {{ name: string, passed: number, failed: number, skipped: number, ms: number }} StepResult
 */

/**
 * @param {readonly Step[]} steps
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<readonly StepResult[]>}
 */
export async function runSteps(steps, environment) {
  const results = [];
  for (const step of steps) {
    process.stdout.write(`\n── ${step.name}: ${[step.command, ...step.args].join(" ")}\n`);
    const result = await runStep(step, environment);
    process.stdout.write(`── ${step.name}: ${result.failed === 0 ? "passed" : "FAILED"} in ${seconds(result.ms)}\n`);
    results.push(result);
  }
  return results;
}

/**
 * Prints one row per step, then, as the last line, `N passed, N failed`.
 *
 * @param {readonly StepResult[]} results
 * @returns {boolean} True when something passed and nothing failed.
 */
export function report(results) {
  const total = { passed: 0, failed: 0, skipped: 0, ms: 0 };
  process.stdout.write("\n");
  for (const result of results) {
    const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : "";
    const row = `${result.passed} passed, ${result.failed} failed${skipped}`;
    process.stdout.write(`  ${result.name.padEnd(12)} ${seconds(result.ms).padStart(8)}   ${row}\n`);
    total.passed += result.passed;
    total.failed += result.failed;
    total.ms += result.ms;
  }
  process.stdout.write(`  ${"total".padEnd(12)} ${seconds(total.ms).padStart(8)}\n\n`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
  return total.failed === 0 && total.passed > 0;
}

/** @param {Step} step @param {NodeJS.ProcessEnv} environment @returns {Promise<StepResult>} */
async function runStep(step, environment) {
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "canonic-step-"));
  const countsFile = join(folder, "counts.json");
  try {
    const code = await runCommand(step.command, step.args, { ...environment, CANONIC_TEST_COUNTS: countsFile });
    const ms = performance.now() - started;
    const counts = step.counts ? readCounts(countsFile) : { passed: code === 0 ? 1 : 0, failed: 0, skipped: 0 };
    const broken = counts.failed === 0 && (code !== 0 || counts.passed === 0);
    return { name: step.name, ...counts, failed: counts.failed + (broken ? 1 : 0), ms };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} file */
function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

/**
 * Runs a command in the workspace's root with this terminal, handing on the signals that would end it.
 *
 * @param {string} command @param {readonly string[]} args @param {NodeJS.ProcessEnv} env
 * @param {import("node:child_process").StdioOptions} [stdio]
 * @returns {Promise<number>} Its exit code; 127 when it could not be started.
 */
export function runCommand(command, args, env, stdio = "inherit") {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio });
    const pass = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    const end = (/** @type {number} */ code) => {
      process.off("SIGINT", pass).off("SIGTERM", pass);
      resolve(code);
    };
    process.on("SIGINT", pass).on("SIGTERM", pass);
    child.on("error", (error) => {
      process.stderr.write(`canonic: cannot start ${command}: ${error.message}\n`);
      end(127);
    });
    child.on("close", (code) => end(code ?? 1));
  });
}

/** @param {number} ms */
function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
