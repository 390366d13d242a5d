import { defineConfig } from "vitest/config";

/** `make test` runs the quick suite; MOPBENCH_FULL=1 (`make test-full`) adds the long simulations, `*.full.test.ts`. */
const full = process.env.MOPBENCH_FULL === "1";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    exclude: full ? [] : ["**/*.full.test.ts"],
    testTimeout: full ? 1_800_000 : 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
