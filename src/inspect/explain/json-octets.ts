// JSON on one line in ASCII, written straight into octets: no text is put together that would have to be flattened and
// encoded again, which took a third of the time of a capture of 200,000 messages.

/** Octets at the start; they double when they are full. */
const firstOctets = 1 << 16;

/** What `\u` is followed by. */
const hexCodes = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;

/** Collects JSON. What is no ASCII is escaped, so that each character is an octet. */
export class JsonOctets {
  #octets = new Uint8Array(firstOctets);
  #length = 0;

  /** Octets written so far. */
  get length(): number {
    return this.#length;
  }

  /** What was written, as a view that holds until the next call. */
  view(): Uint8Array {
    return this.#octets.subarray(0, this.#length);
  }

  /** Forgets what was written; its room is used again. */
  clear(): void {
    this.#length = 0;
  }

  /** Gives what was written away, with the room that it stands in; what follows is written in `room`. */
  take(room: Uint8Array<ArrayBuffer> = new Uint8Array(0)): Uint8Array<ArrayBuffer> {
    const written = this.#octets.subarray(0, this.#length);
    this.#octets = room.length < firstOctets ? new Uint8Array(firstOctets) : room;
    this.#length = 0;
    return written;
  }

  /** Text that is JSON already, in ASCII. */
  ascii(text: string): void {
    const { length } = text;
    this.#reserve(length);
    const octets = this.#octets;
    let at = this.#length;
    for (let i = 0; i < length; i += 1, at += 1) octets[at] = text.charCodeAt(i);
    this.#length = at;
  }

  /** A string. */
  string(text: string): void {
    const { length } = text;
    // Each character may need a backslash.
    this.#reserve(length * 2 + 2);
    const octets = this.#octets;
    let at = this.#length;
    octets[at] = quote;
    at += 1;
    for (let i = 0; i < length; i += 1, at += 1) {
      const unit = text.charCodeAt(i);
      if (unit < 0x20 || unit > 0x7e) {
        this.ascii(asciiJson(text));
        return;
      }
      if (unit === quote || unit === backslash) {
        octets[at] = backslash;
        at += 1;
      }
      octets[at] = unit;
    }
    octets[at] = quote;
    this.#length = at + 1;
  }

  /** A whole number that is not negative, and safe. */
  count(value: number): void {
    if (value < 10) {
      this.#reserve(1);
      this.#octets[this.#length] = 0x30 + value;
      this.#length += 1;
    } else this.ascii(String(value));
  }

  /** A string of octets in hex. */
  hex(of: Uint8Array): void {
    this.#reserve(of.length * 2 + 2);
    const octets = this.#octets;
    let at = this.#length;
    octets[at] = quote;
    at += 1;
    for (let i = 0; i < of.length; i += 1, at += 2) {
      const octet = of[i] ?? 0;
      octets[at] = hexCodes[octet >> 4] ?? 0;
      octets[at + 1] = hexCodes[octet & 15] ?? 0;
    }
    octets[at] = quote;
    this.#length = at + 1;
  }

  /** Any value, as `JSON.stringify` has it. */
  value(value: unknown): void {
    if (typeof value === 'string') this.string(value);
    else if (value === null || value === undefined) this.ascii('null');
    else if (typeof value === 'boolean') this.ascii(value ? 'true' : 'false');
    else if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) this.count(value);
    else if (Array.isArray(value)) this.#list(value);
    else if (isPlain(value)) this.#object(value);
    else this.ascii(asciiJson(value));
  }

  /** The members of an object, without its braces. */
  members(object: Readonly<Record<string, unknown>>): void {
    let first = true;
    for (const name of Object.keys(object)) {
      const value = object[name];
      if (value === undefined) continue;
      if (!first) this.#octet(comma);
      first = false;
      this.string(name);
      this.#octet(0x3a);
      this.value(value);
    }
  }

  #object(object: Readonly<Record<string, unknown>>): void {
    this.#octet(0x7b);
    this.members(object);
    this.#octet(0x7d);
  }

  #list(list: readonly unknown[]): void {
    this.#octet(0x5b);
    for (let i = 0; i < list.length; i += 1) {
      if (i > 0) this.#octet(comma);
      this.value(list[i]);
    }
    this.#octet(0x5d);
  }

  #octet(octet: number): void {
    this.#reserve(1);
    this.#octets[this.#length] = octet;
    this.#length += 1;
  }

  #reserve(more: number): void {
    const wanted = this.#length + more;
    if (wanted <= this.#octets.length) return;
    const larger = new Uint8Array(Math.max(wanted, this.#octets.length * 2));
    larger.set(this.view());
    this.#octets = larger;
  }
}

/** Whether `JSON.stringify` takes it member by member. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
}

const beyondAscii = /[^ -~]/g;

/** A value as JSON in ASCII. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    beyondAscii,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A string as JSON in ASCII, for those who keep it. */
export function jsonString(text: string): string {
  return asciiJson(text);
}
