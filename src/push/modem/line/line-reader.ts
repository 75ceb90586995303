// Octets of a modem as lines and prompts: ends of lines in any form, cut anywhere (3GPP TS 27.005 §3.5.1, ITU-T V.250 §5.7).

/** Characters of one line at most: a listed message with its header takes some 400. */
const maxLine = 2048;

/** What comes out of a reader. */
export interface LineEvents {
  /** A line that is not empty, without its ends and blanks around it. */
  readonly onLine: (line: string) => void;
  /** The sign that a modem waits for a message, while one is awaited. */
  readonly onPrompt: () => void;
  /** A line was longer than any may be, and is left out. */
  readonly onTooLong: (octets: number) => void;
}

/** Takes octets as they come. */
export class LineReader {
  readonly #events: LineEvents;
  #pending = '';
  /** Octets of a line that is too long; 0 when none is. */
  #skipped = 0;
  /** True while a prompt is awaited: only then is `>` at the beginning of a line one. */
  promptAwaited = false;

  constructor(events: LineEvents) {
    this.#events = events;
  }

  /** Reads on. The events are called in order. */
  feed(octets: Uint8Array): void {
    for (const octet of octets) this.#take(octet);
  }

  /** Forgets the line that has begun. */
  reset(): void {
    this.#pending = '';
    this.#skipped = 0;
    this.promptAwaited = false;
  }

  #take(octet: number): void {
    if (octet === 0x0d || octet === 0x0a) {
      this.#end();
      return;
    }
    // NUL pads and ^Z is echoed after a message: neither belongs to a line.
    if (octet === 0x00 || octet === 0x1a || octet === 0x1b) return;
    if (this.#skipped > 0 || this.#pending.length === maxLine) {
      if (this.#skipped === 0) this.#skipped = this.#pending.length;
      this.#pending = '';
      this.#skipped += 1;
      return;
    }
    this.#pending += String.fromCharCode(octet);
    if (this.promptAwaited && this.#pending.trim() === '>') {
      this.#pending = '';
      this.promptAwaited = false;
      this.#events.onPrompt();
    }
  }

  #end(): void {
    const line = this.#pending.trim();
    const skipped = this.#skipped;
    this.#pending = '';
    this.#skipped = 0;
    if (skipped > 0) this.#events.onTooLong(skipped);
    else if (line !== '') this.#events.onLine(line);
  }
}
