import { readFileSync } from "node:fs";
import { compileSchema, OperationContract } from "@canonic/contracts";
import { expect, test } from "vitest";
import { operations, routes } from "../../src/operations.ts";

test("eight operations stand in code-unit order, each with a whole contract and its route", () => {
  const ids = operations.map(({ contract }) => contract.operation as string);

  expect(ids).toHaveLength(8);
  expect(ids).toEqual([...ids].sort());
  expect(routes.map(({ operation }) => operation as string)).toEqual(ids);
  for (const { contract } of operations) {
    expect(OperationContract.parse(contract)).toEqual(contract);
    expect([contract.effect, contract.mode, contract.determinism]).toEqual(["pure", "live", "deterministic"]);
  }
});

test("the schemas are closed: a further input, a further field, a missing question are refused", () => {
  for (const { contract } of operations) {
    const check = compileSchema(contract.input);
    const pointers = check({ chunk: {}, extra: 1 }).map(({ expected }) => expected);
    expect(pointers.some((expected) => expected.includes("`extra`"))).toBe(true);
    expect(pointers.some((expected) => expected.includes("question"))).toBe(true);
    expect(compileSchema(contract.output)({ status: "answered" }).length).toBeGreaterThan(0);
  }
});

test("the operations module imports no reader of documents: workers load it in every thread", () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (url: URL): void => {
    if (seen.has(url.href)) return;
    seen.add(url.href);
    // Types leave no import behind.
    const source = readFileSync(url, "utf8").replace(/import type [^;]*;/g, "");
    for (const [, name = ""] of source.matchAll(
      /(?:from |import |import\(|createRequire\(import\.meta\.url\)\()"([^"]+)"/g,
    )) {
      if (name.startsWith(".")) visit(new URL(name, url));
      else packages.add(name);
    }
  };

  visit(new URL("../../src/operations.ts", import.meta.url));

  expect(seen.size).toBeGreaterThan(15);
  expect([...packages].sort()).toEqual(["@canonic/contracts", "@canonic/sisas", "node:module", "snowball-stemmers"]);
});
