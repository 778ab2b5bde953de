import { mergeConfig } from "vite";
import { shared } from "../../vite.shared.ts";

// src-tauri embeds the pages from here. Other apps keep Vite's own place, `dist` in their folder.
export default mergeConfig(shared, { build: { outDir: "../../dist" } });
