import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { UserConfig } from "vite";

/** What the builds of all apps have in common: an app adds where its pages go. */
export const shared: UserConfig = {
  plugins: [svelte({ configFile: new URL("svelte.config.js", import.meta.url).pathname })],
  // Relative, so that the same files work from the window's own scheme and from any folder.
  base: "./",
  build: {
    target: "safari16",
    emptyOutDir: true,
    // The window's content policy allows no inline script and no data: address.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: { strictPort: true },
};
