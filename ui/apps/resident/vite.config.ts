import { mergeConfig } from "vite";
import { shared } from "../../vite.shared.ts";

// src-tauri embeds the page from here, beside the station's.
export default mergeConfig(shared, { build: { outDir: "../../dist/resident" } });
