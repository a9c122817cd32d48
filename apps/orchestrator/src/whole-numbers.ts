/**
 * Options that are whole numbers, read strictly: digits alone, no sign, no leading zero, within their bounds.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import { OrchestratorError } from "./errors.ts";

/**
 * The seconds that an option says.
 *
 * @throws {OrchestratorError} `orchestrator.option-invalid` unless they are 1 to `most`.
 */
export function secondsOf(option: string, text: string | undefined, most: number, standard = most): number {
  return text === undefined ? standard : wholeNumberOf(option, text, most, "whole seconds");
}

/**
 * The number of worker threads; all cores when nothing is said.
 *
 * @throws {OrchestratorError} `orchestrator.option-invalid` unless it is 1 to the number of cores.
 */
export function jobsOf(text: string | undefined): number {
  const cores = availableParallelism();
  return text === undefined ? cores : wholeNumberOf("--jobs", text, cores, "a whole number");
}

/** The number of witnesses that must have cosigned, of the sixteen that a note has room for. */
export function quorumOf(text: string): number {
  return wholeNumberOf("--quorum", text, 16, "a whole number");
}

function wholeNumberOf(option: string, text: string, most: number, what: string): number {
  const value = /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  const expected = `${what} from 1 to ${most}`;
  throw new OrchestratorError("orchestrator.option-invalid", `\`${option}\` takes ${expected}`, { option, expected });
}
