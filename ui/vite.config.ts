import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  // Relative, so that the same files work from the window's own scheme and from any folder.
  base: "./",
  // Tests mount components, which needs Svelte's browser build.
  resolve: mode === "test" ? { conditions: ["browser"] } : {},
  build: {
    target: "safari16",
    // The window's policy allows no inline script and no data: address.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: { strictPort: true },
  test: {
    environment: "jsdom",
    include: ["tests/**/*.test.ts"],
    restoreMocks: true,
  },
}));
