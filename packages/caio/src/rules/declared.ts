/**
 * What the environment declares at a path.
 *
 * @module
 */
import { EFFECT_SCOPE } from "./environment.ts";
import type { Path } from "./paths.ts";
import type { RuleType } from "./types.ts";

/** The declared type at a path; null where the schema says nothing of it. */
export function typeAt(path: Path): RuleType | null {
  let type: RuleType | null = EFFECT_SCOPE.get(path.root) ?? null;
  for (const name of path.names) type = inside(type, name)?.type ?? null;
  return type;
}

/** Whether a value need not have it, where its parents are there. */
export function isOptional(path: Path): boolean {
  let type: RuleType | null = EFFECT_SCOPE.get(path.root) ?? null;
  let isLastOptional = type?.kind === "record" && type.isNullable;
  for (const name of path.names) {
    const field = inside(type, name);
    isLastOptional = field?.isOptional ?? true;
    type = field?.type ?? null;
  }
  return isLastOptional;
}

function inside(type: RuleType | null, name: string): { type: RuleType; isOptional: boolean } | null {
  if (type?.kind === "map") return { type: type.of, isOptional: true };
  if (type?.kind !== "record" || !Object.hasOwn(type.fields, name)) return null;
  return type.fields[name] ?? null;
}
