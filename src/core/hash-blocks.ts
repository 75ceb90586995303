// What MD5 and SHA-256 share: octets in blocks of 64, the last one or two padded with a one bit, zeros and the length (RFC 1321 §3.1,
// §3.2; FIPS 180-4 §5.1.1).

/** The block that is taken in now. It stays until the next hash, as what was hashed stands in memory elsewhere too. */
const block = new Uint8Array(64);

/** The same as numbers. */
export const words = new DataView(block.buffer);

/** Calls `take` for each block of the octets of `input` from `start` to `end`, which stands in `words` then. */
export function eachBlock(
  input: Uint8Array,
  start: number,
  end: number,
  lengthOrder: 'little-endian' | 'big-endian',
  take: () => void,
): void {
  const length = end - start;
  let next = start;
  for (; next + 64 <= end; next += 64) {
    for (let i = 0; i < 64; i += 1) block[i] = input[next + i] ?? 0;
    take();
  }
  const rest = end - next;
  for (let i = 0; i < rest; i += 1) block[i] = input[next + i] ?? 0;
  block[rest] = 0x80;
  for (let i = rest + 1; i < 64; i += 1) block[i] = 0;
  if (rest >= 56) {
    take();
    for (let i = 0; i < 56; i += 1) block[i] = 0;
  }
  // In bits.
  const [low, high] = [length << 3, Math.floor(length / 0x20000000)];
  const isLittle = lengthOrder === 'little-endian';
  words.setUint32(56, isLittle ? low : high, isLittle);
  words.setUint32(60, isLittle ? high : low, isLittle);
  take();
}
