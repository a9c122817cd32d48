import { defineConfig } from "vitest/config";

const resolve = { conditions: ["@canonic/source"] };
const project = (name: string, include: string[]) => ({
  resolve,
  ssr: { resolve },
  test: { name, include, environment: "node" as const },
});

export default defineConfig({
  test: {
    projects: [
      project("unit", ["packages/*/test/**/*.test.ts", "apps/*/test/**/*.test.ts"]),
      project("cross", ["tests/**/*.test.ts"]),
    ],
  },
});
