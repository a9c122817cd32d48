/**
 * What an expression reads: the longest chains of fields and literal keys that begin at a variable of the environment.
 *
 * Invariants:
 *   P1. An expression's value is a function of what stands at its paths, and of where the chain breaks where it does.
 *   P2. Equal readings have equal keys; unequal ones have unequal keys.
 *
 * @module
 */
import type { JsonValue } from "@canonic/contracts";
import { textIn } from "./check-call.ts";
import { childrenOf, type Expr } from "./expression.ts";

export type Root = "request" | "identity" | "service";

/** `key` tells paths apart; names of fields and keys, from the root on. */
export interface Path {
  readonly key: string;
  readonly root: Root;
  readonly names: readonly string[];
}

/** What stands at a path, or the number of names that were found before the chain broke; `null` has no fields. */
export type Reading = { readonly value: JsonValue } | { readonly brokenAt: number; readonly isNull: boolean };

/** The paths of a tree, each once, by key; names of macro variables are no roots. */
export function pathsOf(tree: Expr): readonly Path[] {
  const paths = new Map<string, Path>();
  visit(tree);
  return [...paths.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));

  function visit(node: Expr): void {
    const path = presencePathOf(node) ?? pathOf(node);
    if (path !== null) {
      paths.set(path.key, path);
      return;
    }
    for (const child of childrenOf(node)) visit(child);
  }
}

/** `identity == null` reads whether there is one: a path that breaks off where it begins, with or without null. */
function presencePathOf({ exprKind }: Expr): Path | null {
  if (exprKind.case !== "callExpr" || !/^_[!=]=_$/.test(exprKind.value.function)) return null;
  const [path, other] = exprKind.value.args
    .map((node) => pathOf(node))
    .sort((a, b) => Number(a === null) - Number(b === null));
  if (path?.root !== "identity" || path.names.length > 0 || other !== null) return null;
  return { key: '["identity",null]', root: "identity", names: [""] };
}

/** The path that a node is, or null; `has(a.b)` is one, too. */
export function pathOf(node: Expr): Path | null {
  const names: string[] = [];
  let at: Expr | undefined = node;
  while (at !== undefined) {
    const { exprKind }: Expr = at;
    if (exprKind.case === "identExpr") {
      const root = exprKind.value.name;
      if (root !== "request" && root !== "identity" && root !== "service") return null;
      names.reverse();
      return { key: JSON.stringify([root, ...names]), root, names };
    }
    if (exprKind.case === "selectExpr") {
      names.push(exprKind.value.field);
      at = exprKind.value.operand;
    } else if (exprKind.case === "callExpr" && exprKind.value.function === "_[_]") {
      const [operand, index] = exprKind.value.args;
      const name = index === undefined ? null : textIn(index);
      if (name === null) return null;
      names.push(name);
      at = operand;
    } else return null;
  }
  return null;
}

/** What stands at `names` in a view. */
export function readingAt(view: JsonValue, names: readonly string[]): Reading {
  let value = view;
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] as string;
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return { brokenAt: index, isNull: value === null };
    const found: JsonValue | undefined = Object.hasOwn(value, name)
      ? (value as { readonly [key: string]: JsonValue })[name]
      : undefined;
    if (found === undefined) return { brokenAt: index, isNull: false };
    value = found;
  }
  return { value };
}

/** Texts begin with a quotation mark in JSON, so no broken reading looks like a value. */
export function keyOfReading(reading: Reading): string {
  if ("value" in reading) return JSON.stringify(reading.value);
  return `!${reading.brokenAt}${reading.isNull ? "n" : ""}`;
}
