/**
 * Error codes are exports: one meaning each, for ever.
 *
 *   E1. Each code is `<package>.<kebab-words>`, with the package's own name in front.
 *   E2. No code is declared twice, in whichever packages.
 *   E3. A package that declares codes has exactly one class named `…Error`; violations keep the names of the specification.
 *
 * @module
 */
import { type Finding, type Package, sourcesOf } from "./tree.ts";

export type Declared = { readonly code: string; readonly owner: Package; readonly at: string };

export function declaredCodes(packages: readonly Package[]): readonly Declared[] {
  return packages.flatMap((owner) =>
    sourcesOf(owner).flatMap((file) =>
      file.module.errorCodes.map(({ code, line }) => ({ code, owner, at: `${owner.folder}/${file.path}:${line}` })),
    ),
  );
}

export function checkErrorCodes(packages: readonly Package[]): Finding[] {
  const all = declaredCodes(packages);
  const firstAt = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { code, owner, at } of all) {
    if (!new RegExp(`^${owner.word}\\.[a-z][a-z0-9]*(-[a-z0-9]+)*$`).test(code)) {
      findings.push({ rule: "E1", at, what: `\`${code}\` is not \`${owner.word}.kebab-words\`` });
    }
    const before = firstAt.get(code);
    if (before !== undefined) findings.push({ rule: "E2", at, what: `\`${code}\` is already declared at ${before}` });
    else firstAt.set(code, at);
  }
  for (const owner of packages) {
    const classes = sourcesOf(owner).flatMap((file) =>
      file.module.errorClasses.filter(({ name }) => name.endsWith("Error")).map(({ name }) => name),
    );
    const declares = all.some((declared) => declared.owner === owner);
    if (classes.length > 1 || (declares && classes.length === 0)) {
      findings.push({ rule: "E3", at: owner.folder, what: `one error class wanted, found ${classes.join(", ") || 0}` });
    }
  }
  return findings;
}
