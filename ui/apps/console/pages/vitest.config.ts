import { defineConfig } from "vitest/config";

// The built pages in Debian's Chromium: slower than the other tests, and in need of a browser.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    environment: "node",
    include: ["*.test.ts"],
    testTimeout: 40_000,
    hookTimeout: 60_000,
    maxConcurrency: 3,
  },
});
