import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const resolve = { conditions: ["@canonic/source"] };
/** Commands that tests start share what V8 made of their sources; a start costs half of it then. */
const env = { NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/canonic-compile", import.meta.url)) };
const project = (name: string, include: string[], testTimeout: number) => ({
  resolve,
  ssr: { resolve },
  test: {
    name,
    include,
    environment: "node" as const,
    env,
    // Files of one worker share what they import: a third of the processor time of all tests was importing it again.
    isolate: false,
    setupFiles: ["./tests/setup/no-console.ts", "./tests/setup/end-commands.ts"],
    globalSetup: ["./tests/setup/session-folder.ts"],
    testTimeout,
    hookTimeout: testTimeout,
  },
});

export default defineConfig({
  test: {
    // Most of the long tests wait for commands that they started: one more than cores keeps all cores at work.
    maxWorkers: availableParallelism() + 1,
    reporters: ["default", "./scripts/count-reporter.mjs"],
    projects: [
      project(
        "unit",
        ["packages/*/test/**/*.test.ts", "apps/*/test/**/*.test.ts", "schemas/test/**/*.test.ts"],
        120_000,
      ),
      project("cross", ["tests/**/*.test.ts", "scripts/test/*.test.ts"], 300_000),
    ],
  },
});
