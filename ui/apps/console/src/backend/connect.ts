import type { Backend } from "./backend";
import { createHttp } from "./http";

/**
 * Connects to the office. The build for pictures (`--mode fake`) and the development server play a
 * fake one instead, unless that server was asked for the real one (`?real`). A release holds no fake.
 */
export async function connect(): Promise<Backend> {
  const query = new URLSearchParams(location.search);
  if (import.meta.env.MODE === "fake" || (import.meta.env.DEV && !query.has("real"))) {
    const { createFake } = await import("./fake/fake");
    return createFake(query);
  }
  return createHttp();
}
