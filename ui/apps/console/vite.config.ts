import { mergeConfig } from "vite";
import { shared } from "../../vite.shared.ts";

// The back office embeds `dist`. The development server plays the fake office, or hands calls to a real one.
export default mergeConfig(shared, {
  server: { port: 5180, proxy: { "/api": process.env["KADIAN_OFFICE"] ?? "http://127.0.0.1:8443" } },
});
