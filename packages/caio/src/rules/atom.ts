/**
 * An expression taken apart at `&&`, `||` and `!` into atoms, so that equal atoms of many rules are evaluated once.
 *
 * Invariants:
 *   A1. An atom's truth is that of the library's evaluation; a value that is no boolean and an error are unknown.
 *   A2. A simple comparison is evaluated here, without the library, with the same answer (held by a property test).
 *
 * @module
 */
import type { JsonValue } from "@canonic/contracts";
import { childrenOf, type Expr } from "./expression.ts";
import { type Path, pathsOf } from "./paths.ts";
import type { Program } from "./program.ts";
import { type Simple, simpleOf } from "./simple.ts";

/** `simple` where the atom reads one path and compares it with a literal. */
export interface Atom {
  readonly kind: "atom";
  readonly key: string;
  readonly paths: readonly Path[];
  readonly simple: Simple | null;
  readonly program: () => Program;
  readonly tree: Expr;
  /** How many nodes the tree has. */
  readonly nodes: number;
}

export type Formula =
  | Atom
  | { readonly kind: "not"; readonly of: Formula }
  | { readonly kind: "and" | "or"; readonly left: Formula; readonly right: Formula };

/** Atoms by key, and what makes their programs. */
export interface Atoms {
  readonly byKey: Map<string, Atom>;
  readonly programOf: (tree: Expr) => Program;
}

/** The formula of a checked boolean expression. Equal atoms are one object as long as `atoms` is the same. */
export function formulaOf(tree: Expr, atoms: Atoms): Formula {
  if (tree.exprKind.case === "callExpr") {
    const { function: name, args } = tree.exprKind.value;
    const [first, second] = args;
    if (name === "!_" && first !== undefined) return { kind: "not", of: formulaOf(first, atoms) };
    if ((name === "_&&_" || name === "_||_") && first !== undefined && second !== undefined) {
      const kind = name === "_&&_" ? "and" : "or";
      return { kind, left: formulaOf(first, atoms), right: formulaOf(second, atoms) };
    }
  }
  const key = keyOf(tree);
  const known = atoms.byKey.get(key);
  if (known !== undefined) return known;
  let program: Program | null = null;
  const atom: Atom = {
    kind: "atom",
    key,
    tree,
    nodes: nodesOf(tree),
    paths: pathsOf(tree),
    simple: simpleOf(tree),
    program: () => {
      program ??= atoms.programOf(tree);
      return program;
    },
  };
  atoms.byKey.set(key, atom);
  return atom;
}

function nodesOf(tree: Expr): number {
  return childrenOf(tree).reduce((count, child) => count + nodesOf(child), 1);
}

/** Every atom of a formula, as often as it stands there. */
export function atomsOf(formula: Formula): readonly Atom[] {
  if (formula.kind === "atom") return [formula];
  return formula.kind === "not" ? atomsOf(formula.of) : [...atomsOf(formula.left), ...atomsOf(formula.right)];
}

/** Equal trees have equal keys: kind, name and constant of each node, and the keys of its operands. */
export function keyOf(tree: Expr): string {
  return JSON.stringify(shapeOf(tree));
}

function shapeOf(tree: Expr): JsonValue {
  const { exprKind } = tree;
  const children = childrenOf(tree).map(shapeOf);
  switch (exprKind.case) {
    case "constExpr":
      return [exprKind.value.constantKind.case ?? "", String(exprKind.value.constantKind.value)];
    case "identExpr":
      return ["name", exprKind.value.name];
    case "selectExpr":
      return [exprKind.value.testOnly ? "has" : "field", exprKind.value.field, ...children];
    case "callExpr":
      return [exprKind.value.target === undefined ? "call" : "method", exprKind.value.function, ...children];
    case "comprehensionExpr":
      return ["macro", exprKind.value.iterVar, ...children];
    default:
      return [exprKind.case ?? "", ...children];
  }
}
