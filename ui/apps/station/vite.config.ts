import { mergeConfig } from "vite";
import { shared } from "../../vite.shared.ts";

// src-tauri embeds these pages.
export default mergeConfig(shared, { build: { outDir: "../../dist" } });
