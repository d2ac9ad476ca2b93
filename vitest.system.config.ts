// What needs servers, other users or an installed package: `npm run test:system`, beside `npm test` and not in it.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/system/**/*.test.ts"],
    // One at a time: these tests start servers, make users and wait for real clocks.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
