import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { policiesOf } from "../src/policies.ts";
import { testFolder } from "./folder.ts";

test("a store's policies are opened when first asked for, and once, however many runs ask at a time", async () => {
  const store = testFolder();
  mkdirSync(join(store, "policies"));
  const file = join(store, "policies", "own.cedar");
  const policies = policiesOf(store);
  writeFileSync(file, '@id("own.all") forbid (principal, action, resource);');

  const [first, second] = await Promise.all([policies(), policies()]);
  writeFileSync(file, "not Cedar");

  expect(first.ids).toContain("own.all");
  expect([second, await policies()].every((each) => each === first)).toBe(true);
});

test("a policy that is none is refused when it is asked for, and not before", async () => {
  const store = testFolder();
  mkdirSync(join(store, "policies"));
  writeFileSync(join(store, "policies", "own.cedar"), "not Cedar");
  const policies = policiesOf(store);

  for (const _ of [1, 2]) await expect(policies()).rejects.toMatchObject({ code: "authority.policy-invalid" });
});
