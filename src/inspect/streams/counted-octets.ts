// Octets of a connection that are told of once, when it is over: counted, not kept.
import { mostNamedFrames } from './captured-message.ts';
import { foreignName } from './message-length.ts';

/** Counts octets, and the frames that they came in. */
export class CountedOctets {
  readonly #frames: number[] = [];
  #octets = 0;
  #what = '';

  /** How many there are. */
  get length(): number {
    return this.#octets;
  }

  /** Looks what the octets begin like; the first ones count. */
  name(octets: Uint8Array): void {
    this.#what ||= foreignName(octets);
  }

  /** Octets that a frame brought. */
  add({ length }: { readonly length: number }, frame: number): void {
    this.#octets += length;
    if (this.#frames.length < mostNamedFrames && this.#frames.at(-1) !== frame) this.#frames.push(frame);
  }

  /** Tells of them, once. */
  end(tell: (octets: number, frames: readonly number[], what: string) => void): void {
    if (this.#octets > 0) tell(this.#octets, this.#frames, this.#what);
    this.#octets = 0;
  }
}
