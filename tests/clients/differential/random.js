// Numbers that look random and are the same for the same seeds, so that every document can be grown again.

/** The generator sfc32: 128 bits of state. */
export class Random {
  #state;

  constructor(...seeds) {
    this.#state = [0x9e3779b9, ...seeds, 0x243f6a88, 0xb7e15162].slice(0, 4).map((seed) => seed | 0);
    for (let turn = 0; turn < 15; turn += 1) {
      this.next();
    }
  }

  /** From 0 up to, and without, 1. */
  next() {
    const state = this.#state;
    const sum = (((state[0] + state[1]) | 0) + state[3]) | 0;
    state[3] = (state[3] + 1) | 0;
    state[0] = state[1] ^ (state[1] >>> 9);
    state[1] = (state[2] + (state[2] << 3)) | 0;
    state[2] = (((state[2] << 21) | (state[2] >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x100000000;
  }

  /** An integer from 0 up to, and without, `end`. */
  below(end) {
    return Math.floor(this.next() * end);
  }

  chance(share) {
    return this.next() < share;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** One of `[[weight, value], …]`. */
  weighted(choices) {
    let at = this.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of choices) {
      at -= weight;
      if (at < 0) {
        return value;
      }
    }
    return choices.at(-1)[1];
  }

  shuffled(list) {
    const result = [...list];
    for (let end = result.length - 1; end > 0; end -= 1) {
      const other = this.below(end + 1);
      [result[end], result[other]] = [result[other], result[end]];
    }
    return result;
  }
}
