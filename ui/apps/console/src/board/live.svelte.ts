import type { Board } from "../backend/board";
import { problemOf, type Problem } from "../backend/problem";

/** Seconds until the next try, after the first, the second, … that failed. */
const WAITS = [1, 2, 5, 10];

type Watch = (region: string, heard: (board: Board) => void, signal: AbortSignal) => Promise<void>;

/** A board that changes by itself, and whether it still does. */
export class Live {
  board: Board | undefined = $state.raw();
  /** The stream is cut: what is shown stands still, and another try is on its way. */
  cut = $state(false);
  problem: Problem | undefined = $state.raw();
  #failed = 0;

  /** Follows a region's board until the signal says to stop. */
  async follow(region: string, watch: Watch, signal: AbortSignal): Promise<void> {
    const stopped = (): boolean => signal.aborted;
    while (!stopped()) {
      try {
        await watch(region, (board) => this.#hear(board, signal), signal);
        this.problem = undefined;
      } catch (error) {
        if (stopped()) return;
        this.problem = problemOf(error);
      }
      if (stopped()) return;
      this.cut = true;
      const wait = WAITS[Math.min(this.#failed, WAITS.length - 1)] ?? 1;
      this.#failed += 1;
      await pause(wait * 1000, signal);
    }
  }

  #hear(board: Board, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.board = board;
    this.cut = false;
    this.problem = undefined;
    this.#failed = 0;
  }
}

/** Follows the board of whatever region is looked at. */
export function live(region: () => string, watch: Watch): { readonly now: Live } {
  let now = $state.raw(new Live());
  $effect(() => {
    const stop = new AbortController();
    const next = new Live();
    now = next;
    void next.follow(region(), watch, stop.signal);
    return () => {
      stop.abort();
    };
  });
  return {
    get now() {
      return now;
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
