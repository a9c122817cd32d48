/**
 * The table of reason codes in docs/evidence-format.md is that of the verifier: none is missing, none is invented.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const source = join(root, "packages", "audit", "src");
const text = readFileSync(join(root, "docs", "evidence-format.md"), "utf8");
const table = [...text.matchAll(/^\| `([a-z-]+)` \| (open|both|) ?\| (\d+) \|$/gm)].map(([, code, weight, section]) => {
  return { code: code as string, isOpen: weight !== "", isInvalid: weight !== "open", section: section as string };
});
/** Codes that the verifier does not spell in one piece. */
const COMPOSED = { "token-revoked": "`token-$", "token-expired": "`token-$" };
const NAMED = { "witness-quorum": 'CODE = "witness-quorum"' };

const sources = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter(({ name }) => name.endsWith(".ts"))
  .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"));

test("every code that the verifier can give stands in the format's table, with its weight, and no other", () => {
  const emitted = new Map<string, { isOpen: boolean; isInvalid: boolean }>();
  for (const file of sources)
    for (const [, how, code = ""] of file.matchAll(/\b(invalid|open|cause)\(\s*"([a-z]+(?:-[a-z]+)*)"/g)) {
      const known = emitted.get(code) ?? { isOpen: false, isInvalid: false };
      emitted.set(code, { isOpen: known.isOpen || how !== "invalid", isInvalid: known.isInvalid || how === "invalid" });
    }
  for (const [code, spelling] of Object.entries({ ...COMPOSED, ...NAMED })) {
    expect(
      sources.some((file) => file.includes(spelling)),
      code,
    ).toBe(true);
    emitted.set(code, { isOpen: code in NAMED || emitted.get(code)?.isOpen === true, isInvalid: true });
  }

  expect(emitted.size).toBeGreaterThan(90);
  const told = table.map(({ code, isOpen, isInvalid }) => [code, { isOpen, isInvalid }]);
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(emitted));
});

test("every code of the table is explained in the section that it names", () => {
  const sections = new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf(".")), section]),
  );
  const unexplained = table.filter(({ code, section }) => sections.get(section)?.includes(`\`${code}\``) !== true);

  expect(table.length).toBeGreaterThan(90);
  expect(unexplained).toEqual([]);
});
