/**
 * What must not be in any file of the repository, code or not.
 *
 *   W1. No absolute path of the machine it was written on.
 *   W2. No source of packages but the npm registry in the lockfile.
 *   W3. No conflict marker.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { byCodeUnit, type Finding, root } from "./tree.ts";

export type TextFile = { readonly path: string; readonly text: string };

const machinePath = /(?:^|[\s"'`(=:<])\/(?:home|root|Users|work|workspace|opt)\/[\w.-]+/;
const conflict = /^(<<<<<<< |>>>>>>> )/;
const textLike = /(^|\/)[^.]+$|\.(ts|mts|mjs|cjs|js|json|jsonc|jsonl|md|ya?ml|py|sh|css|html|csv|txt)$|^\.[a-z]+$/;
const sizeMax = 2_000_000;

/** Every text file that git tracks or would track. */
export function readTrackedFiles(): readonly TextFile[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(listed.split("\0"))]
    .filter((path) => path !== "" && textLike.test(path))
    .sort(byCodeUnit)
    .flatMap((path) => {
      const status = statSync(join(root, path), { throwIfNoEntry: false });
      if (status === undefined || !status.isFile() || status.size > sizeMax) return [];
      return [{ path, text: readFileSync(join(root, path), "utf8") }];
    });
}

export function checkTrackedText(files: readonly TextFile[]): Finding[] {
  return files.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) => {
      const at = `${path}:${index + 1}`;
      const findings: Finding[] = [];
      if (machinePath.test(line)) findings.push({ rule: "W1", at, what: line.trim().slice(0, 100) });
      if (conflict.test(line)) findings.push({ rule: "W3", at, what: "a conflict marker" });
      if (path === "pnpm-lock.yaml" && /\b(tarball|resolution: \{(?!integrity:|directory:))/.test(line)) {
        findings.push({ rule: "W2", at, what: line.trim().slice(0, 100) });
      }
      return findings;
    }),
  );
}
