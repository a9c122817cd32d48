/**
 * No library takes time, chance, language or environment from where it happens
 * to run: they come in through its ports (docs/architecture.md, determinism by construction).
 *
 *   M1. The names and members below do not occur in `packages/<name>/src`.
 *   M2. Each exception is listed here with its reason, and an exception that nothing uses any more is a finding.
 *
 * @module
 */
import { type Finding, type Package, sourcesOf } from "./tree.ts";

export type Exception = {
  /** `packages/runner/src/timeout.ts` */
  readonly file: string;
  readonly name: string;
  readonly reason: string;
};

const ambientNames = new Set([
  "Date",
  "Temporal",
  "Intl",
  "performance",
  "process",
  "console",
  "globalThis",
  "navigator",
  "crypto",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "fetch",
  "eval",
  "Function",
]);

const ambientMembers = new Set([
  "random",
  "localeCompare",
  "toLocaleString",
  "toLocaleDateString",
  "toLocaleTimeString",
  "toLocaleLowerCase",
  "toLocaleUpperCase",
  "randomUUID",
  "randomBytes",
  "getRandomValues",
]);

const ambientModules =
  /^node:(os|process|timers|timers\/promises|perf_hooks|child_process|http|https|net|dns|dgram|tls|cluster|worker_threads|fs|fs\/promises|vm|v8|sqlite)$/;

export function checkAmbient(packages: readonly Package[], exceptions: readonly Exception[]): Finding[] {
  const used = new Set<Exception>();
  const findings = packages
    .filter((owner) => owner.folder.startsWith("packages/"))
    .flatMap((owner) => sourcesOf(owner).map((file) => ({ file, path: `${owner.folder}/${file.path}` })))
    .flatMap(({ file, path }) => {
      const seen = [
        ...file.module.references.filter((reference) => ambientNames.has(reference.name)),
        ...file.module.members.filter((member) => ambientMembers.has(member.name)),
        ...file.module.imports
          .flatMap((one) => one.names.map((name) => ({ name, line: one.line })))
          .filter((imported) => ambientMembers.has(imported.name)),
        ...file.module.imports
          .filter((one) => ambientModules.test(one.from))
          .map((one) => ({ name: one.from, line: one.line })),
      ];
      return seen.flatMap(({ name, line }) => {
        const exception = exceptions.find((one) => one.file === path && one.name === name);
        if (exception !== undefined) {
          used.add(exception);
          return [];
        }
        return [{ rule: "M1", at: `${path}:${line}`, what: `\`${name}\` is ambient; take it through a port` }];
      });
    });
  const stale = exceptions
    .filter((exception) => !used.has(exception))
    .map(({ file, name }) => ({ rule: "M2", at: file, what: `the exception for \`${name}\` is not needed` }));
  return [...findings, ...stale];
}
