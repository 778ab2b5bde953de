import { mergeConfig } from "vite";
import { defineConfig } from "vitest/config";
import { shared } from "./vite.shared.ts";

export default mergeConfig(
  shared,
  defineConfig({
    // Tests mount components, which needs Svelte's browser build.
    resolve: { conditions: ["browser"] },
    test: {
      environment: "jsdom",
      include: ["tests/**/*.test.ts", "{packages,apps}/*/tests/**/*.test.ts"],
      restoreMocks: true,
      // They mostly wait for timers, as a person waits between two keys.
      maxWorkers: 4,
    },
  }),
);
