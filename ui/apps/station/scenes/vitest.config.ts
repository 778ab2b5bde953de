import { defineConfig } from "vitest/config";

// The built window in Debian's Chromium, a few scenes at a time.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    environment: "node",
    include: ["*.test.ts"],
    // Each stop of the Tab key is drawn, and a page of the workbench has forty: no test of a time.
    testTimeout: 180_000,
    hookTimeout: 60_000,
    maxConcurrency: 5,
  },
});
