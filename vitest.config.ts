import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "test/system/**"],
    testTimeout: 30_000,
    maxWorkers: 2,
  },
});
