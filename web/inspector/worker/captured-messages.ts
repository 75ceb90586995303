// Messages of a capture without their octets: those stand in the file, and are read from it when one is looked at.
import type { CapturedMessage } from '../../../src/inspect/index.ts';

/** Octets that are kept because they stand nowhere in the file as they are: streams and fragments put together. */
export const mostKept = 128 * 1024 * 1024;

/** A message, and where its octets are. */
type Held = Omit<CapturedMessage, 'octets'> & {
  readonly length: number;
  readonly octets: Uint8Array | undefined;
};

/** All messages of one file, by their numbers. */
export class CapturedMessages {
  readonly #file: Blob;
  readonly #held: Held[] = [];
  #kept = 0;

  constructor(file: Blob) {
    this.#file = file;
  }

  /** Holds the next message; its octets may go with the chunk that they are a view of. */
  add({ octets, ...message }: CapturedMessage): void {
    const { length } = octets;
    if (message.offset !== undefined) {
      this.#held.push({ ...message, length, octets: undefined });
      return;
    }
    this.#kept += length;
    // A copy: the view would keep the whole chunk.
    this.#held.push({ ...message, length, octets: this.#kept > mostKept ? undefined : octets.slice() });
  }

  /** The message of this number with its octets. @throws {Error} where they are not kept, or the file has changed */
  async message(number: number): Promise<CapturedMessage> {
    const held = this.#held[number - 1];
    if (held === undefined) throw new Error(`There is no message ${number}.`);
    const { length, octets, ...message } = held;
    if (octets !== undefined) return { ...message, octets };
    const { offset } = message;
    if (offset === undefined) {
      throw new Error(
        `The octets of message ${number} were put together, and no more than ${mostKept} octets of that kind are kept: ` +
          'open a smaller part of the capture.',
      );
    }
    return {
      ...message,
      octets: new Uint8Array(await this.#file.slice(offset, offset + length).arrayBuffer()),
    };
  }
}
