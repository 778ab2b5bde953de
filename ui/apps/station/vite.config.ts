import { mergeConfig } from "vite";
import { shared } from "../../vite.shared.ts";

// src-tauri embeds the pages from here. The console keeps Vite's own place, `dist` in its folder.
export default mergeConfig(shared, { build: { outDir: "../../dist/station" } });
