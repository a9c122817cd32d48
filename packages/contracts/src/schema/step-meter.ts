/**
 * How much one check may do: a number of steps that grows with the value, counted and not timed.
 *
 * Invariants:
 *   M1. Whether a check ends early follows from schema and value alone, on every machine.
 *   M2. Every schema that looks at a value, and all that it does for each of the value's parts, takes steps before it is done.
 *
 * A step is about what one keyword costs, some 20 ns.
 *
 * @module
 */
import type { JsonObject, JsonValue } from "../canonical-json.ts";

/** Steps that a check has whatever the value. */
export const STEPS_BASE = 100_000;
/** Steps more for each node and each character of the value. */
export const STEPS_PER_SIZE = 128;
/** Steps that no check exceeds: a second or two. */
export const STEPS_MAX = 50_000_000;

/** Thrown through ajv's compiled code, and caught by whoever began the check. */
export class StepsSpent extends Error {}

export class StepMeter {
  #left = 0;
  #more: (() => number) | undefined;

  /** @param value - What the steps grow with; measured only when the base is spent. */
  begin(value: JsonValue): void {
    this.#left = STEPS_BASE;
    this.#more = () => Math.min(STEPS_PER_SIZE * sizeOf(value), STEPS_MAX - STEPS_BASE);
  }

  /** @throws {StepsSpent} when fewer are left. */
  take(steps: number): void {
    this.#left -= steps;
    if (this.#left >= 0) return;
    this.#left += this.#more?.() ?? 0;
    this.#more = undefined;
    if (this.#left < 0) throw new StepsSpent();
  }

  /** Characters are looked at sixteen to a step. */
  takeCharacters(value: unknown): void {
    if (typeof value === "string") this.take(value.length >> 4);
  }

  /** What a schema does for each key of an object that it looks at. */
  takeKeys(value: unknown, each: number): void {
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      this.take(Object.keys(value).length * each);
  }

  takeItems(value: unknown, each: number): void {
    if (Array.isArray(value)) this.take(value.length * each);
  }

  /** For keywords that read a value to its ground. */
  takeWhole(value: unknown): void {
    this.take(sizeOf(value as JsonValue));
  }
}

/** Nodes and characters, keys included. */
function sizeOf(value: JsonValue): number {
  let size = 0;
  const waiting: JsonValue[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    size += 1;
    if (typeof next === "string") size += next.length;
    if (typeof next !== "object" || next === null) continue;
    if (Array.isArray(next)) {
      for (const item of next) waiting.push(item as JsonValue);
      continue;
    }
    for (const key of Object.keys(next)) {
      size += key.length;
      waiting.push((next as JsonObject)[key] as JsonValue);
    }
  }
  return size;
}

/** What a schema's own keywords take: every part of them that a check may go through, subschemas apart. */
export function ownSteps(schema: JsonObject): number {
  const { enum: values, const: value, required, properties, dependentRequired, patternProperties } = schema;
  const listed = [values, value, dependentRequired].map((one) => (one === undefined ? 0 : sizeOf(one)));
  const named = [required, properties, patternProperties].map((one) =>
    typeof one === "object" && one !== null ? Object.keys(one).length : 0,
  );
  return [...listed, ...named].reduce((sum, one) => sum + one, 1);
}
