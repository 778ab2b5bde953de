import { problemOf, type Problem } from "../backend/problem";
import { keepFocus } from "./focus";

/** Something of the office, as it was last read. */
export class Loaded<T> {
  value: T | undefined = $state.raw();
  problem: Problem | undefined = $state.raw();
  #asked = 0;
  readonly #load: () => Promise<T>;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  /** Reads it again. An answer that another one has overtaken is dropped. */
  async refresh(): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    try {
      const value = await this.#load();
      if (mine !== this.#asked) return;
      this.value = value;
      this.problem = undefined;
    } catch (error) {
      if (mine === this.#asked) this.problem = problemOf(error);
    }
  }

  /** Forgets it and reads it anew. */
  restart(): Promise<void> {
    this.value = undefined;
    this.problem = undefined;
    return this.refresh();
  }
}

/** Reads something now, anew whenever `key` is another one, and again every `seconds` while the page is looked at. */
export function loaded<T>(key: () => unknown, load: () => Promise<T>, seconds?: number): Loaded<T> {
  const it = new Loaded(load);
  $effect(() => {
    key();
    void it.restart();
  });
  $effect(() => {
    if (seconds === undefined) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void it.refresh();
    }, seconds * 1000);
    return () => {
      clearInterval(timer);
    };
  });
  return it;
}

/** Something that a person asked the office to do. */
export class Task {
  busy = $state(false);
  problem: Problem | undefined = $state.raw();

  /** Does it, unless it is already being done. Returns whether it was done. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = undefined;
    const had = document.activeElement;
    try {
      await work();
      return true;
    } catch (error) {
      this.problem = problemOf(error);
      return false;
    } finally {
      this.busy = false;
      void keepFocus(had);
    }
  }

  field(name: string): string | undefined {
    return this.problem?.field(name);
  }

  forget(): void {
    this.problem = undefined;
  }
}
