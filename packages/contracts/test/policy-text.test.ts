import { expect, test } from "vitest";
import { policyTextFault } from "../src/index.ts";

const BEFORE = "permit (principal, action, resource) when { ";
const policyOf = (condition: string) => `${BEFORE}${condition} };`;
const SHALLOW = "nested at most 32 deep, with at most 256 operators in a policy";

test.each([
  ["brackets within each other", policyOf(`${"(".repeat(33)}true${")".repeat(33)}`), BEFORE.length + 31, SHALLOW],
  ["operators of one policy", policyOf(`true${" && true".repeat(257)}`), null, SHALLOW],
  ["a text without an end", " ".repeat(1_048_577), 1_048_576, "at most 1048576 characters long"],
])("finds %s, where they are too many", (_, text, at, expected) => {
  const fault = policyTextFault(text);

  expect(fault?.expected).toBe(expected);
  if (at !== null) expect(fault?.at).toBe(at);
});

test("counts each policy by itself, and nothing that stands in a text or a comment", () => {
  const many = "(&&.!".repeat(10_000);

  expect(policyTextFault(Array.from({ length: 300 }, () => policyOf("!(context.a < 2)")).join("\n"))).toBeNull();
  expect(policyTextFault(`// ${many}\n${policyOf(`context.a == "${many}"`)}`)).toBeNull();
});
