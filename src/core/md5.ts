// MD5 (RFC 1321), for the formats that prescribe it: one pass over octets that are there, for each push has three digests.

/** MD5 of the octets: 16 of them. */
export function md5Of(input: Uint8Array): Uint8Array {
  const { length } = input;
  // A, B, C and D before the first block (§3.3).
  state[0] = 0x67452301;
  state[1] = 0xefcdab89;
  state[2] = 0x98badcfe;
  state[3] = 0x10325476;
  const whole = length - (length % 64);
  for (let at = 0; at < whole; at += 64) addBlock(input, at);
  // The rest, a one bit, and the length in bits at the end of a block (§3.1, §3.2).
  const rest = length - whole;
  const last = rest < 56 ? 64 : 128;
  tail.fill(0, rest, last);
  for (let at = 0; at < rest; at += 1) tail[at] = input[whole + at] ?? 0;
  tail[rest] = 0x80;
  let bits = length * 8;
  for (let at = last - 8; bits > 0; at += 1) {
    tail[at] = bits % 256;
    bits = Math.floor(bits / 256);
  }
  for (let at = 0; at < last; at += 64) addBlock(tail, at);
  const digest = new Uint8Array(16);
  for (let at = 0; at < 16; at += 1) digest[at] = (state[at >> 2] ?? 0) >>> ((at & 3) << 3);
  return digest;
}

// What one digest is made in; nothing of it is left for the next.
const state = new Int32Array(4);
const tail = new Uint8Array(128);

function word(octets: Uint8Array, at: number): number {
  const low = (octets[at] ?? 0) | ((octets[at + 1] ?? 0) << 8);
  return low | ((octets[at + 2] ?? 0) << 16) | ((octets[at + 3] ?? 0) << 24);
}

function turned(sum: number, bits: number): number {
  return (sum << bits) | (sum >>> (32 - bits));
}

/** Takes in the block of 64 octets that begins at `at` (§3.4); written out, for the steps are too short to be called. */
function addBlock(octets: Uint8Array, at: number): void {
  const x0 = word(octets, at);
  const x1 = word(octets, at + 4);
  const x2 = word(octets, at + 8);
  const x3 = word(octets, at + 12);
  const x4 = word(octets, at + 16);
  const x5 = word(octets, at + 20);
  const x6 = word(octets, at + 24);
  const x7 = word(octets, at + 28);
  const x8 = word(octets, at + 32);
  const x9 = word(octets, at + 36);
  const x10 = word(octets, at + 40);
  const x11 = word(octets, at + 44);
  const x12 = word(octets, at + 48);
  const x13 = word(octets, at + 52);
  const x14 = word(octets, at + 56);
  const x15 = word(octets, at + 60);
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  // Round 1.
  a = (turned(a + ((b & c) | (~b & d)) + x0 + 0xd76aa478, 7) + b) | 0;
  d = (turned(d + ((a & b) | (~a & c)) + x1 + 0xe8c7b756, 12) + a) | 0;
  c = (turned(c + ((d & a) | (~d & b)) + x2 + 0x242070db, 17) + d) | 0;
  b = (turned(b + ((c & d) | (~c & a)) + x3 + 0xc1bdceee, 22) + c) | 0;
  a = (turned(a + ((b & c) | (~b & d)) + x4 + 0xf57c0faf, 7) + b) | 0;
  d = (turned(d + ((a & b) | (~a & c)) + x5 + 0x4787c62a, 12) + a) | 0;
  c = (turned(c + ((d & a) | (~d & b)) + x6 + 0xa8304613, 17) + d) | 0;
  b = (turned(b + ((c & d) | (~c & a)) + x7 + 0xfd469501, 22) + c) | 0;
  a = (turned(a + ((b & c) | (~b & d)) + x8 + 0x698098d8, 7) + b) | 0;
  d = (turned(d + ((a & b) | (~a & c)) + x9 + 0x8b44f7af, 12) + a) | 0;
  c = (turned(c + ((d & a) | (~d & b)) + x10 + 0xffff5bb1, 17) + d) | 0;
  b = (turned(b + ((c & d) | (~c & a)) + x11 + 0x895cd7be, 22) + c) | 0;
  a = (turned(a + ((b & c) | (~b & d)) + x12 + 0x6b901122, 7) + b) | 0;
  d = (turned(d + ((a & b) | (~a & c)) + x13 + 0xfd987193, 12) + a) | 0;
  c = (turned(c + ((d & a) | (~d & b)) + x14 + 0xa679438e, 17) + d) | 0;
  b = (turned(b + ((c & d) | (~c & a)) + x15 + 0x49b40821, 22) + c) | 0;
  // Round 2.
  a = (turned(a + ((b & d) | (c & ~d)) + x1 + 0xf61e2562, 5) + b) | 0;
  d = (turned(d + ((a & c) | (b & ~c)) + x6 + 0xc040b340, 9) + a) | 0;
  c = (turned(c + ((d & b) | (a & ~b)) + x11 + 0x265e5a51, 14) + d) | 0;
  b = (turned(b + ((c & a) | (d & ~a)) + x0 + 0xe9b6c7aa, 20) + c) | 0;
  a = (turned(a + ((b & d) | (c & ~d)) + x5 + 0xd62f105d, 5) + b) | 0;
  d = (turned(d + ((a & c) | (b & ~c)) + x10 + 0x02441453, 9) + a) | 0;
  c = (turned(c + ((d & b) | (a & ~b)) + x15 + 0xd8a1e681, 14) + d) | 0;
  b = (turned(b + ((c & a) | (d & ~a)) + x4 + 0xe7d3fbc8, 20) + c) | 0;
  a = (turned(a + ((b & d) | (c & ~d)) + x9 + 0x21e1cde6, 5) + b) | 0;
  d = (turned(d + ((a & c) | (b & ~c)) + x14 + 0xc33707d6, 9) + a) | 0;
  c = (turned(c + ((d & b) | (a & ~b)) + x3 + 0xf4d50d87, 14) + d) | 0;
  b = (turned(b + ((c & a) | (d & ~a)) + x8 + 0x455a14ed, 20) + c) | 0;
  a = (turned(a + ((b & d) | (c & ~d)) + x13 + 0xa9e3e905, 5) + b) | 0;
  d = (turned(d + ((a & c) | (b & ~c)) + x2 + 0xfcefa3f8, 9) + a) | 0;
  c = (turned(c + ((d & b) | (a & ~b)) + x7 + 0x676f02d9, 14) + d) | 0;
  b = (turned(b + ((c & a) | (d & ~a)) + x12 + 0x8d2a4c8a, 20) + c) | 0;
  // Round 3.
  a = (turned(a + (b ^ c ^ d) + x5 + 0xfffa3942, 4) + b) | 0;
  d = (turned(d + (a ^ b ^ c) + x8 + 0x8771f681, 11) + a) | 0;
  c = (turned(c + (d ^ a ^ b) + x11 + 0x6d9d6122, 16) + d) | 0;
  b = (turned(b + (c ^ d ^ a) + x14 + 0xfde5380c, 23) + c) | 0;
  a = (turned(a + (b ^ c ^ d) + x1 + 0xa4beea44, 4) + b) | 0;
  d = (turned(d + (a ^ b ^ c) + x4 + 0x4bdecfa9, 11) + a) | 0;
  c = (turned(c + (d ^ a ^ b) + x7 + 0xf6bb4b60, 16) + d) | 0;
  b = (turned(b + (c ^ d ^ a) + x10 + 0xbebfbc70, 23) + c) | 0;
  a = (turned(a + (b ^ c ^ d) + x13 + 0x289b7ec6, 4) + b) | 0;
  d = (turned(d + (a ^ b ^ c) + x0 + 0xeaa127fa, 11) + a) | 0;
  c = (turned(c + (d ^ a ^ b) + x3 + 0xd4ef3085, 16) + d) | 0;
  b = (turned(b + (c ^ d ^ a) + x6 + 0x04881d05, 23) + c) | 0;
  a = (turned(a + (b ^ c ^ d) + x9 + 0xd9d4d039, 4) + b) | 0;
  d = (turned(d + (a ^ b ^ c) + x12 + 0xe6db99e5, 11) + a) | 0;
  c = (turned(c + (d ^ a ^ b) + x15 + 0x1fa27cf8, 16) + d) | 0;
  b = (turned(b + (c ^ d ^ a) + x2 + 0xc4ac5665, 23) + c) | 0;
  // Round 4.
  a = (turned(a + (c ^ (b | ~d)) + x0 + 0xf4292244, 6) + b) | 0;
  d = (turned(d + (b ^ (a | ~c)) + x7 + 0x432aff97, 10) + a) | 0;
  c = (turned(c + (a ^ (d | ~b)) + x14 + 0xab9423a7, 15) + d) | 0;
  b = (turned(b + (d ^ (c | ~a)) + x5 + 0xfc93a039, 21) + c) | 0;
  a = (turned(a + (c ^ (b | ~d)) + x12 + 0x655b59c3, 6) + b) | 0;
  d = (turned(d + (b ^ (a | ~c)) + x3 + 0x8f0ccc92, 10) + a) | 0;
  c = (turned(c + (a ^ (d | ~b)) + x10 + 0xffeff47d, 15) + d) | 0;
  b = (turned(b + (d ^ (c | ~a)) + x1 + 0x85845dd1, 21) + c) | 0;
  a = (turned(a + (c ^ (b | ~d)) + x8 + 0x6fa87e4f, 6) + b) | 0;
  d = (turned(d + (b ^ (a | ~c)) + x15 + 0xfe2ce6e0, 10) + a) | 0;
  c = (turned(c + (a ^ (d | ~b)) + x6 + 0xa3014314, 15) + d) | 0;
  b = (turned(b + (d ^ (c | ~a)) + x13 + 0x4e0811a1, 21) + c) | 0;
  a = (turned(a + (c ^ (b | ~d)) + x4 + 0xf7537e82, 6) + b) | 0;
  d = (turned(d + (b ^ (a | ~c)) + x11 + 0xbd3af235, 10) + a) | 0;
  c = (turned(c + (a ^ (d | ~b)) + x2 + 0x2ad7d2bb, 15) + d) | 0;
  b = (turned(b + (d ^ (c | ~a)) + x9 + 0xeb86d391, 21) + c) | 0;
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
}
