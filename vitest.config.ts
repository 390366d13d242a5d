import { defineConfig } from "vitest/config";

/** `make test` runs the quick suite; MOPBENCH_FULL=1 (`make test-full`) adds the long simulations, `*.full.test.ts`. */
const full = process.env.MOPBENCH_FULL === "1";

/** Milliseconds after which a test is taken to hang. */
const hung = full ? 1_800_000 : 600_000;

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    exclude: full ? [] : ["**/*.full.test.ts"],
    globalSetup: ["tests/support/temporary-directory.ts"],
    // No test may fail because the machine is slow, so none has a shorter one of its own.
    testTimeout: hung,
    hookTimeout: hung,
    maxWorkers: 2,
  },
});
