// Octets that come in pieces and leave in others. The room for them doubles where it is short, so that each octet is moved a few
// times however small the pieces are.

/** Octets of the first room. */
const firstRoom = 1024;

/** What waits, in the order in which it came. */
export class OctetQueue {
  #room: Uint8Array = new Uint8Array(0);
  #from = 0;
  #to = 0;
  #moved = 0;

  /** What waits: a view, good until the next `add`. */
  get octets(): Uint8Array {
    return this.#room.subarray(this.#from, this.#to);
  }

  /** Octets that were copied, from outside or within: a measure of the work. */
  get moved(): number {
    return this.#moved;
  }

  add(chunk: Uint8Array): void {
    if (this.#to + chunk.length > this.#room.length) this.#makeRoom(chunk.length);
    this.#room.set(chunk, this.#to);
    this.#to += chunk.length;
    this.#moved += chunk.length;
  }

  /** Lets the first octets go. */
  leave(length: number): void {
    this.#from = Math.min(this.#from + length, this.#to);
    if (this.#from < this.#to) return;
    this.#room = new Uint8Array(0);
    this.#from = 0;
    this.#to = 0;
  }

  #makeRoom(more: number): void {
    const waiting = this.octets;
    const room = new Uint8Array(Math.max(firstRoom, 2 * (waiting.length + more)));
    room.set(waiting);
    this.#moved += waiting.length;
    this.#room = room;
    this.#from = 0;
    this.#to = waiting.length;
  }
}
