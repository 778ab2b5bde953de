/** The page's own clock, read once a second: what a countdown and the wall clock are drawn from. */
export class Ticking {
  /** When it was last read, in milliseconds since the page was opened. */
  at = $state(performance.now());

  /** Begins to tick. To be called while a component is set up. */
  constructor(onTick: (at: number, before: number) => void = () => undefined) {
    $effect(() => {
      const timer = setInterval(() => {
        const tick = performance.now();
        onTick(tick, this.at);
        this.at = tick;
      }, 1000);
      return () => {
        clearInterval(timer);
      };
    });
  }

  /** Returns what a clock shows now that showed `then`, in Unix seconds, when it was `since` on this one. */
  after(then: number, since: number): number {
    return then + Math.max(0, Math.floor((this.at - since) / 1000));
  }
}
