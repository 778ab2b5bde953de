import type { Command } from "../keymap";

/**
 * Returns the keys of a list: Delete removes the row that has the keyboard, Ctrl+Z takes the last removal
 * back. In a field both are the field's own.
 */
export function listKeys(
  send: (command: Command) => void,
  remove: (id: string) => void,
): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.target instanceof HTMLInputElement || event.isComposing || event.repeat) return;
    if (event.key.toLowerCase() === "z" && event.ctrlKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      send({ wing: "workbench", kind: "undo-last" });
      return;
    }
    const row = document.activeElement?.closest<HTMLElement>("[data-id]");
    const id = row?.dataset["id"];
    if (event.key === "Delete" && id !== undefined) {
      event.preventDefault();
      remove(id);
    }
  };
}
