// Heights of rows by id: measured where a row was on the screen, the average of those elsewhere.

export class Measures {
  #heights = new Map<string, number>();
  #sum = 0;
  #guess: number;
  #frozen = false;
  #ids: readonly { id: string }[] = [];
  #offsets = new Float64Array(1);
  #stale = true;

  constructor(guess: number) {
    this.#guess = guess;
  }

  /** The list whose places are asked for. */
  set rows(rows: readonly { id: string }[]) {
    if (rows !== this.#ids) {
      this.#ids = rows;
      this.#stale = true;
      if (this.#heights.size > rows.length * 2 + 2000) this.#prune();
    }
  }

  /** The height of rows that were never seen. */
  get average(): number {
    return this.#frozen || this.#heights.size === 0 ? this.#guess : this.#sum / this.#heights.size;
  }

  /** From now on the guess stays: places that nobody sees do not move with each row that is measured. */
  freeze(): void {
    if (!this.#frozen) {
      this.#guess = this.average;
      this.#frozen = true;
      this.#stale = true;
    }
  }

  height(id: string): number {
    return this.#heights.get(id) ?? this.average;
  }

  /** Whether that is another height than was known. */
  set(id: string, height: number): boolean {
    const known = this.#heights.get(id);
    if (known === height) return false;
    this.#sum += height - (known ?? 0);
    this.#heights.set(id, height);
    this.#stale = true;
    return true;
  }

  /** Where row `index` begins, from the top of the first. */
  offset(index: number): number {
    return this.#places()[Math.max(0, Math.min(index, this.#ids.length))] ?? 0;
  }

  get whole(): number {
    return this.offset(this.#ids.length);
  }

  /** The row at a place: the last one that begins at or above it. */
  at(place: number): number {
    const places = this.#places();
    let low = 0;
    let high = Math.max(0, this.#ids.length - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((places[middle] ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #places(): Float64Array {
    if (this.#stale) {
      this.#stale = false;
      const places = new Float64Array(this.#ids.length + 1);
      const average = this.average;
      this.#ids.forEach(({ id }, index) => {
        places[index + 1] = (places[index] ?? 0) + (this.#heights.get(id) ?? average);
      });
      this.#offsets = places;
    }
    return this.#offsets;
  }

  #prune(): void {
    const kept = new Map<string, number>();
    this.#sum = 0;
    for (const { id } of this.#ids) {
      const height = this.#heights.get(id);
      if (height !== undefined) {
        kept.set(id, height);
        this.#sum += height;
      }
    }
    this.#heights = kept;
  }
}
