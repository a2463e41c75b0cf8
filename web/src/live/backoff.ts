// How long to wait before the next try: it doubles from a quarter of a second to four, with jitter, for ever.

export const FIRST_WAIT = 250;
export const LONGEST_WAIT = 4000;

/** Milliseconds before try number `tries` (0 is the first): between half of the doubled wait and the whole of it. */
export function backoff(tries: number, random: () => number = Math.random): number {
  const whole = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(tries, 10));
  return Math.max(FIRST_WAIT, whole / 2 + (whole / 2) * random());
}

/** A wait that can be cut short. */
export class Pause {
  #wake: (() => void) | undefined;

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#wake = done;
    });
  }

  wake(): void {
    this.#wake?.();
  }
}
