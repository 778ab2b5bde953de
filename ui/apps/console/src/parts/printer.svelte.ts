import { tick } from "svelte";

/** Prints pages that are in the document only while it prints. */
export class Printer {
  shown = $state(false);

  async print(): Promise<void> {
    this.shown = true;
    await tick();
    window.addEventListener("afterprint", () => (this.shown = false), { once: true });
    window.print();
  }
}
