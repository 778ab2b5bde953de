import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import App from "../src/App.svelte";
import type { Backend } from "../src/backend/backend";
import { createFake } from "../src/backend/fake/fake";

/**
 * Opens the console in Chinese at an address of the fake office, such as `?as=district#/people`.
 * What is in `changed` takes the place of the fake's own calls.
 */
export async function open(path: string, changed: Partial<Backend> = {}): Promise<Backend> {
  cleanup();
  const [query = "", hash = ""] = path.split("#");
  localStorage.setItem("kadian.language", "zh");
  history.replaceState(null, "", `#${hash}`);
  const backend = { ...createFake(new URLSearchParams(query)), ...changed };
  render(App, { backend });
  await waitFor(() => {
    if (document.querySelector("main") === null) throw new Error("nothing yet");
  });
  await settled();
  return backend;
}

/** Waits until nothing is being read any more. */
export async function settled(): Promise<void> {
  await waitFor(() => {
    if (document.querySelector(".bars") !== null) throw new Error("still reading");
  });
}

export async function type(label: string | RegExp, text: string): Promise<void> {
  await fireEvent.input(screen.getByLabelText(label, { selector: "input, textarea" }), {
    target: { value: text },
  });
}

export async function press(name: string | RegExp): Promise<void> {
  await fireEvent.click(screen.getByRole("button", { name }));
}

export async function follow(name: string | RegExp): Promise<void> {
  const href = screen.getByRole("link", { name }).getAttribute("href") ?? "";
  location.hash = href;
  await arrived(href);
}

/** Waits until the page is at an address. */
export async function arrived(hash: string): Promise<void> {
  await waitFor(() => {
    if (location.hash !== hash) throw new Error(`at ${location.hash}, not at ${hash}`);
  });
  // The page hears of it in an event of its own.
  await new Promise((resolve) => setTimeout(resolve, 5));
  await settled();
}

export async function key(name: string, more: KeyboardEventInit = {}): Promise<void> {
  await fireEvent.keyDown(document.activeElement ?? document.body, { key: name, ...more });
}

/** Returns the texts of a table's rows. */
export function rows(): string[] {
  return screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => row.textContent.replaceAll(/\s+/g, " ").trim());
}
