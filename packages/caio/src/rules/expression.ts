/**
 * One CEL text as a tree, within fixed limits; the tree is that of the pinned library.
 *
 * Invariants:
 *   E1. What is too deeply nested is refused before it is parsed: whether it parses must not hang on a machine's stack.
 *   E2. A fault has a place, and never the words of the library or of the text.
 *
 * @module
 */
import { parse } from "@bufbuild/cel";

export type Expr = ReturnType<typeof parse>["expr"];
export type Call = Extract<Expr["exprKind"], { case: "callExpr" }>["value"];
export type Comprehension = Extract<Expr["exprKind"], { case: "comprehensionExpr" }>["value"];

/** Open brackets within each other, levels of the tree, and nodes of the tree. */
const NESTING_MAX = 32;
const DEPTH_MAX = 64;
const NODES_MAX = 1024;

/** `line` and `column` count from 1, columns in UTF-16 units; `expected` completes "is not …". */
export interface ExpressionFault {
  readonly line: number;
  readonly column: number;
  readonly expected: string;
}

/** `placeOf` gives where a node of the tree stands. */
export interface Expression {
  readonly tree: Expr;
  placeOf(node: bigint): { readonly line: number; readonly column: number };
}

/** The tree of a text, or why there is none. */
export function parseExpression(text: string): Expression | ExpressionFault {
  const deepest = nestingOf(text);
  if (deepest.depth > NESTING_MAX)
    return { ...placeAt(text, deepest.at), expected: `nested at most ${NESTING_MAX} deep` };
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(text);
  } catch (error) {
    return { ...placeOfError(error), expected: "an expression of CEL" };
  }
  const { expr, sourceInfo } = parsed;
  const size = sizeOf(expr);
  if (size.depth > DEPTH_MAX) return { line: 1, column: 1, expected: `a tree of at most ${DEPTH_MAX} levels` };
  if (size.nodes > NODES_MAX) return { line: 1, column: 1, expected: `a tree of at most ${NODES_MAX} nodes` };
  return {
    tree: expr,
    placeOf: (node) => placeAt(text, sourceInfo?.positions[node.toString()] ?? 0),
  };
}

/** The operands of a node, in the order in which they stand. */
export function childrenOf(tree: Expr): readonly Expr[] {
  const { exprKind } = tree;
  switch (exprKind.case) {
    case "selectExpr":
      return present([exprKind.value.operand]);
    case "callExpr":
      return present([exprKind.value.target, ...exprKind.value.args]);
    case "listExpr":
      return exprKind.value.elements;
    case "structExpr":
      return present(
        exprKind.value.entries.flatMap(({ keyKind, value }) => [
          keyKind.case === "mapKey" ? keyKind.value : undefined,
          value,
        ]),
      );
    case "comprehensionExpr": {
      const { iterRange, accuInit, loopCondition, loopStep, result } = exprKind.value;
      return present([iterRange, accuInit, loopCondition, loopStep, result]);
    }
    default:
      return [];
  }
}

function present(nodes: readonly (Expr | undefined)[]): Expr[] {
  return nodes.filter((node) => node !== undefined);
}

/** Without recursion: the tree may be deeper than the stack. */
function sizeOf(root: Expr): { nodes: number; depth: number } {
  let level: readonly Expr[] = [root];
  let nodes = 0;
  let depth = 0;
  for (; level.length > 0; depth += 1) {
    nodes += level.length;
    level = level.flatMap(childrenOf);
  }
  return { nodes, depth };
}

/** How deep brackets stand within each other, outside of quoted text; where the text first is at its deepest. */
function nestingOf(text: string): { depth: number; at: number } {
  let depth = 0;
  let deepest = { depth: 0, at: 0 };
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charAt(at);
    if (unit === '"' || unit === "'") at = endOfQuote(text, at);
    else if (unit === "/" && text.charAt(at + 1) === "/") at = endOfLine(text, at);
    else if ("([{".includes(unit)) {
      depth += 1;
      if (depth > deepest.depth) deepest = { depth, at };
    } else if (")]}".includes(unit)) depth -= 1;
  }
  return deepest;
}

/** The last unit of the quoted text that begins at `from`; quotes are one or three, and `r` before them makes `\` plain. */
function endOfQuote(text: string, from: number): number {
  const one = text.charAt(from);
  const quote = text.startsWith(one.repeat(3), from) ? one.repeat(3) : one;
  const isRaw = /(^|[^A-Za-z0-9_])([bB]?[rR]|[rR][bB])$/.test(text.slice(Math.max(0, from - 3), from));
  for (let at = from + quote.length; at < text.length; at += 1) {
    if (text.startsWith(quote, at)) return at + quote.length - 1;
    if (text.charAt(at) === "\\" && !isRaw) at += 1;
  }
  return text.length;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

function placeAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

/** The library's parser says where it stopped; what else it throws has no place. */
function placeOfError(error: unknown): { line: number; column: number } {
  const start = (error as { location?: { start?: { line?: unknown; column?: unknown } } } | null)?.location?.start;
  const { line, column } = start ?? {};
  return Number.isInteger(line) && Number.isInteger(column)
    ? { line: line as number, column: column as number }
    : { line: 1, column: 1 };
}
