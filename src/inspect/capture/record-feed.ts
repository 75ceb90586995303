// Octets that come in chunks, read as records: a record that lies whole in a chunk is a view of it.

const nothing = new Uint8Array(0);

/** Holds what was fed in and not yet read; never more than one unfinished record and one chunk. */
export class RecordFeed {
  /** What is not read yet begins at `at`. */
  octets: Uint8Array = nothing;
  at = 0;
  /** Offset in the file of `octets`' first. */
  #base = 0;
  /** Where `octets` stand with room behind them; empty while they are a chunk itself. */
  #room: Uint8Array = nothing;

  /** Offset in the file of what is read next. */
  get offset(): number {
    return this.#base + this.at;
  }

  /** Octets that are there. */
  get left(): number {
    return this.octets.length - this.at;
  }

  /** Takes a chunk; the caller leaves its octets as they are from then on. */
  feed(chunk: Uint8Array): void {
    const left = this.octets.length - this.at;
    if (left === 0) {
      this.#base += this.octets.length;
      this.at = 0;
      this.octets = chunk;
      this.#room = nothing;
      return;
    }
    const end = this.octets.length + chunk.length;
    if (end > this.#room.length) {
      // What is handed out stays as it is: a new place, twice as large, so that many small chunks cost no more than few.
      this.#room = new Uint8Array(Math.max((left + chunk.length) * 2, 4096));
      this.#room.set(this.octets.subarray(this.at));
      this.#base += this.at;
      this.at = 0;
      this.#room.set(chunk, left);
      this.octets = this.#room.subarray(0, left + chunk.length);
      return;
    }
    this.#room.set(chunk, this.octets.length);
    this.octets = this.#room.subarray(0, end);
  }

  /** A number of 16 bits `by` octets on; `little` is the order of octets. */
  u16(by: number, little: boolean): number {
    const at = this.at + by;
    const [a, b] = [this.octets[at] ?? 0, this.octets[at + 1] ?? 0];
    return little ? a | (b << 8) : (a << 8) | b;
  }

  /** A number of 32 bits `by` octets on. */
  u32(by: number, little: boolean): number {
    const at = this.at + by;
    const { octets } = this;
    const [a, b, c, d] = [octets[at] ?? 0, octets[at + 1] ?? 0, octets[at + 2] ?? 0, octets[at + 3] ?? 0];
    return (little ? a | (b << 8) | (c << 16) | (d << 24) : (a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  }
}
