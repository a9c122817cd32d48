/**
 * What the rules need to know of one TypeScript file: what it imports and exports,
 * which names it takes from outside itself, which error codes it declares.
 *
 * Parsed by oxc, so strings and comments that look like code do not count.
 *
 * @module
 */
import { parseSync } from "oxc-parser";

export type Import = {
  readonly from: string;
  readonly line: number;
  /** Imported names; `*` for the whole namespace, a dynamic import or a re-export of everything. */
  readonly names: readonly string[];
};
export type Export = { readonly name: string; readonly kind: "value" | "type"; readonly line: number };
export type Reference = { readonly name: string; readonly line: number };
export type ErrorCode = { readonly code: string; readonly line: number };

export type Module = {
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
  /** Modules whose every export this one exports again (`export * from`). */
  readonly starExports: readonly string[];
  /** Relative files named by `new URL("./worker.ts", import.meta.url)`. */
  readonly fileUrls: readonly string[];
  /** Names read but not declared as a property or key; includes local ones. */
  readonly references: readonly Reference[];
  /** Members read by name, as in `value.toLocaleString`. */
  readonly members: readonly Reference[];
  /** Keys of type literals named `…ErrorDetails`. */
  readonly errorCodes: readonly ErrorCode[];
  /** Classes that extend Error, directly or through one of ours. */
  readonly errorClasses: readonly Reference[];
};

type Node = { readonly type: string; readonly start: number; readonly [key: string]: unknown };

/** @throws {Error} when the text is not TypeScript; the first syntax error is in the message. */
export function readModule(path: string, text: string): Module {
  const parsed = parseSync(path, text);
  if (parsed.errors[0] !== undefined) throw new Error(`${path}: ${parsed.errors[0].message}`);
  const lineAt = lineFinder(text);
  const found = {
    imports: [] as Import[],
    exports: [] as Export[],
    starExports: [] as string[],
    fileUrls: [] as string[],
    references: [] as Reference[],
    members: [] as Reference[],
    errorCodes: [] as ErrorCode[],
    errorClasses: [] as Reference[],
  };

  for (const statement of parsed.module.staticImports) {
    const names = statement.entries.map((entry) => entry.importName.name ?? "*");
    found.imports.push({ from: statement.moduleRequest.value, line: lineAt(statement.start), names });
  }
  for (const statement of parsed.module.dynamicImports) {
    const written = text.slice(statement.moduleRequest.start, statement.moduleRequest.end);
    const literal = /^(["'`])([^"'`$]*)\1$/.exec(written)?.[2];
    if (literal !== undefined) found.imports.push({ from: literal, line: lineAt(statement.start), names: ["*"] });
  }
  for (const entry of parsed.module.staticExports.flatMap((statement) => statement.entries)) {
    const line = lineAt(entry.start);
    if (entry.moduleRequest !== null) {
      const name = entry.importName.name ?? "*";
      found.imports.push({ from: entry.moduleRequest.value, line, names: [name] });
      if (entry.exportName.name === null) found.starExports.push(entry.moduleRequest.value);
    }
    const name = entry.exportName.kind === "Default" ? "default" : entry.exportName.name;
    if (name !== null) found.exports.push({ name, kind: entry.isType ? "type" : "value", line });
  }
  walk(parsed.program as unknown as Node, (node, parent, key) => {
    const line = lineAt(node.start);
    if (node.type === "Identifier" && !isOnlyAName(parent, key)) {
      found.references.push({ name: node.name as string, line });
    }
    if (node.type === "MemberExpression") {
      const property = node.property as Node;
      const name = node.computed === true ? property.value : property.name;
      if (typeof name === "string") found.members.push({ name, line });
    }
    if (node.type === "CallExpression") {
      const from = requiredBy(node);
      if (from !== undefined) found.imports.push({ from, line, names: ["*"] });
    }
    if (node.type === "NewExpression" && (node.callee as Node).name === "URL") {
      const [first] = node.arguments as Node[];
      if (typeof first?.value === "string" && first.value.startsWith(".")) found.fileUrls.push(first.value);
    }
    if (node.type === "TSTypeAliasDeclaration" && ((node.id as Node).name as string).endsWith("ErrorDetails")) {
      found.errorCodes.push(...codesOf(node.typeAnnotation as Node, lineAt));
    }
    if (node.type === "ClassDeclaration" && /(Error|Violation)$/.test(String((node.superClass as Node | null)?.name))) {
      found.errorClasses.push({ name: (node.id as Node).name as string, line });
    }
  });
  return found;
}

/** True for identifiers that name a member or key and so read nothing: `x.Date`, `{ Date: 1 }`. */
function isOnlyAName(parent: Node | undefined, key: string): boolean {
  if (parent === undefined) return false;
  if (key === "property") return parent.type === "MemberExpression" && parent.computed !== true;
  if (key !== "key") return false;
  return parent.computed !== true && parent.shorthand !== true;
}

/** The package that `createRequire(import.meta.url)("name")` loads; a relative file is data, for our modules are imported. */
function requiredBy({ callee, arguments: given }: Node): string | undefined {
  const maker = callee as Node;
  if (maker.type !== "CallExpression" || (maker.callee as Node).name !== "createRequire") return undefined;
  const [first] = given as Node[];
  return typeof first?.value === "string" && !first.value.startsWith(".") ? first.value : undefined;
}

function codesOf(annotation: Node, lineAt: (offset: number) => number): ErrorCode[] {
  if (annotation.type !== "TSTypeLiteral") return [];
  return (annotation.members as Node[])
    .map((member) => member.key as Node | undefined)
    .filter((key): key is Node => typeof key?.value === "string")
    .map((key) => ({ code: key.value as string, line: lineAt(key.start) }));
}

function walk(node: Node, visit: (node: Node, parent: Node | undefined, key: string) => void): void {
  const step = (current: Node, parent: Node | undefined, key: string): void => {
    visit(current, parent, key);
    for (const [name, value] of Object.entries(current)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (typeof child === "object" && child !== null && typeof child.type === "string") step(child, current, name);
      }
    }
  };
  step(node, undefined, "");
}

function lineFinder(text: string): (offset: number) => number {
  return (offset) => text.slice(0, offset).split("\n").length;
}
