/** Counts down the seconds until the office takes another try. */
export class Wait {
  left = $state(0);
  #timer: ReturnType<typeof setInterval> | undefined;

  begin(seconds: number): void {
    clearInterval(this.#timer);
    this.left = Math.ceil(seconds);
    if (this.left <= 0) return;
    this.#timer = setInterval(() => {
      this.left -= 1;
      if (this.left <= 0) clearInterval(this.#timer);
    }, 1000);
  }
}
