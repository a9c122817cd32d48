import { defineConfig } from "vitest/config";

const resolve = { conditions: ["@canonic/source"] };
const project = (name: string, include: string[], testTimeout: number) => ({
  resolve,
  ssr: { resolve },
  test: {
    name,
    include,
    environment: "node" as const,
    setupFiles: ["./tests/setup/no-console.ts"],
    testTimeout,
    hookTimeout: testTimeout,
  },
});

export default defineConfig({
  test: {
    reporters: ["default", "./scripts/count-reporter.mjs"],
    projects: [
      project(
        "unit",
        ["packages/*/test/**/*.test.ts", "apps/*/test/**/*.test.ts", "schemas/test/**/*.test.ts"],
        30_000,
      ),
      project("cross", ["tests/**/*.test.ts", "scripts/test/*.test.ts"], 120_000),
    ],
  },
});
