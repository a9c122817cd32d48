/**
 * Places in JSON values.
 *
 * @see RFC 6901 (JSON Pointer).
 * @module
 */
import type { SchemaIssue } from "./schema-check.ts";

/** The pointer of a path of names and indexes; the whole value is "". */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${pointerStep(String(step))}`).join("");
}

/** One name as it stands in a pointer: `~` is spelled `~0`, `/` is spelled `~1`. */
export function pointerStep(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The name that a step of a pointer spells. */
export function nameOfStep(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** What a zod schema says when it refuses, as pointers below `at`, in its order. */
export function shapeIssues(
  error: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] },
  at = "",
): SchemaIssue[] {
  return error.issues.map(({ path, message }) => ({ pointer: at + pointerTo(path), expected: message }));
}
