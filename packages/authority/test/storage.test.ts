import { describe, expect, test } from "vitest";
import { testAuthorityStorage } from "../src/conformance.ts";
import { createMemoryAuthorityStorage } from "../src/memory-storage.ts";

describe("the memory store", () => {
  const cases = testAuthorityStorage(() => {
    const storage = createMemoryAuthorityStorage();
    return { open: () => storage };
  });

  test("has cases to pass", () => {
    expect(cases.length).toBeGreaterThan(20);
  });
  for (const { title, run } of cases) test(title, run);
});
