// Octets as what they differ by from others: stretches that are copied, and stretches of their own between them. Much like a
// general compressor with a dictionary, but without the streams that the runtime's one makes for each call: ten thousand of
// them left a hundred megabytes behind in the process.

/** Octets from which on a stretch is worth copying, where it stands at the place that follows from the copy before. */
const shortestAligned = 6;
/** And anywhere else. */
const shortestFound = 10;
/** Octets of one result, at most. */
const largestResult = 64 * 1024 * 1024;

/** What `text` differs by from `base`. */
export function deltaOf(text: Buffer, base: Buffer): Buffer {
  // What has been written already may be copied as well.
  const window = Buffer.concat([base, text]);
  const out = new Octets();
  out.number(text.length);
  /** Distance from a place in the text to the one in the window that the last copy suggests. */
  let shift = -base.length;
  let from = 0;
  for (let at = 0; at < text.length; ) {
    const here = base.length + at;
    let source = here + shift;
    let length = source >= 0 && source < here ? matching(window, source, here) : 0;
    if (length < shortestAligned) {
      source = window.indexOf(text.subarray(at, at + shortestFound));
      length = source < here ? matching(window, source, here) : 0;
      if (length < shortestFound) {
        at += 1;
        continue;
      }
    }
    out.own(text.subarray(from, at));
    out.number(length);
    out.number(source);
    shift = source - here;
    at += length;
    from = at;
  }
  out.own(text.subarray(from));
  return out.taken();
}

/** The octets that a delta was made of; `undefined` when it does not fit `base`. */
export function appliedDelta(delta: Buffer, base: Buffer): Buffer | undefined {
  const reader = { delta, at: 0 };
  const size = readNumber(reader);
  if (size === undefined || size > largestResult) return undefined;
  const window = Buffer.alloc(base.length + size);
  base.copy(window);
  let end = base.length;
  for (;;) {
    const own = readNumber(reader);
    if (own === undefined || end + own > window.length || reader.at + own > delta.length) return undefined;
    delta.copy(window, end, reader.at, reader.at + own);
    reader.at += own;
    end += own;
    if (end === window.length) return reader.at === delta.length ? window.subarray(base.length) : undefined;
    const length = readNumber(reader);
    const source = readNumber(reader);
    if (length === undefined || source === undefined || length === 0) return undefined;
    if (source >= end || end + length > window.length) return undefined;
    // One after the other, for a stretch may reach into what it makes.
    for (let copied = 0; copied < length; copied += 1) window[end + copied] = window[source + copied] ?? 0;
    end += length;
  }
}

/** How far two places of the window are alike; the second one is the later. */
function matching(window: Buffer, one: number, other: number): number {
  let length = 0;
  while (other + length < window.length && window[one + length] === window[other + length]) length += 1;
  return length;
}

class Octets {
  readonly #parts: Buffer[] = [];

  /** Seven bits an octet, the lowest first. */
  number(value: number): void {
    const octets: number[] = [];
    for (let left = value; ; left = Math.floor(left / 128)) {
      if (left < 128) {
        octets.push(left);
        break;
      }
      octets.push((left % 128) + 128);
    }
    this.#parts.push(Buffer.from(octets));
  }

  own(octets: Buffer): void {
    this.number(octets.length);
    this.#parts.push(octets);
  }

  taken(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function readNumber(reader: { readonly delta: Buffer; at: number }): number | undefined {
  let value = 0;
  for (let weight = 1; weight <= 2 ** 42; weight *= 128) {
    const octet = reader.delta[reader.at];
    if (octet === undefined) return undefined;
    reader.at += 1;
    value += (octet & 127) * weight;
    if (octet < 128) return value;
  }
  return undefined;
}
