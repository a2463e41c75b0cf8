// The line between browser and server: it can be cut, mended, and made to carry nothing without a word.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export class Line {
  #pairs = new Set();
  #frozen = false;
  #cut = false;

  static async to(port) {
    const line = new Line();
    line.server = createServer((near) => line.#join(near, port)).listen(0, '127.0.0.1');
    await once(line.server, 'listening');
    line.origin = `http://127.0.0.1:${line.server.address().port}`;
    return line;
  }

  #join(near, port) {
    if (this.#cut) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    const pair = [near, far];
    this.#pairs.add(pair);
    const end = () => {
      near.destroy();
      far.destroy();
      this.#pairs.delete(pair);
    };
    for (const side of pair) side.on('error', end).on('close', end);
    near.on('data', (bytes) => this.#frozen || far.write(bytes));
    far.on('data', (bytes) => this.#frozen || near.write(bytes));
  }

  /** Every connection breaks, and no new one comes through. */
  cut() {
    this.#cut = true;
    for (const [near] of this.#pairs) near.destroy();
  }

  /** Nothing comes through, and nobody is told. */
  freeze() {
    this.#frozen = true;
  }

  mend() {
    if (this.#frozen) {
      // What was swallowed is missing in the middle: such a connection can only end.
      this.#frozen = false;
      for (const [near] of this.#pairs) near.destroy();
    }
    this.#cut = false;
  }

  /** Connections that were frozen stay as they are; new ones come through. */
  thaw() {
    const old = [...this.#pairs];
    for (const [near, far] of old) {
      near.removeAllListeners('data').resume();
      far.removeAllListeners('data').resume();
    }
    this.#frozen = false;
  }

  stop() {
    this.cut();
    this.server.close();
  }
}
