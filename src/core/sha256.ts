// SHA-256 (FIPS 180-4) of octets that are there, as each push of dm1.3 has one over two blocks at most: a library spends more time on
// its objects there than on the hash.
import { eachBlock, words } from './hash-blocks.ts';

/** SHA-256 of the octets: 32 of them. */
export function sha256Of(input: Uint8Array): Uint8Array {
  const digest = new Uint8Array(32);
  writeSha256(input, 0, input.length, digest, 0);
  return digest;
}

/** Writes the SHA-256 of the octets of `input` from `start` to `end` into 32 octets of `target`, which may be `input`, from `at` on. */
export function writeSha256(
  input: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): void {
  for (let i = 0; i < 8; i += 1) state[i] = first[i] ?? 0;
  eachBlock(input, start, end, 'big-endian', addBlock);
  for (let i = 0; i < 32; i += 1) target[at + i] = (state[i >> 2] ?? 0) >>> (24 - ((i & 3) << 3));
}

/** The first 32 bits of the fractional part of a root of a prime number (§4.2.2, §5.3.3). */
function fraction(prime: number, root: number): number {
  const value = prime ** (1 / root);
  return Math.floor((value - Math.floor(value)) * 2 ** 32) | 0;
}

const primes: number[] = [];
for (let candidate = 2; primes.length < 64; candidate += 1) {
  if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
}
const first = Int32Array.from(primes.slice(0, 8), (prime) => fraction(prime, 2));
const constants = Int32Array.from(primes, (prime) => fraction(prime, 3));

/** What one digest is made in. */
const state = new Int32Array(8);
const schedule = new Int32Array(64);

/** Takes in the block that stands in `words` (§6.2.2). */
function addBlock(): void {
  for (let i = 0; i < 16; i += 1) schedule[i] = words.getInt32(i << 2);
  for (let i = 16; i < 64; i += 1) {
    const x = schedule[i - 15] ?? 0;
    const y = schedule[i - 2] ?? 0;
    const small0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const small1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    schedule[i] = ((schedule[i - 16] ?? 0) + small0 + (schedule[i - 7] ?? 0) + small1) | 0;
  }
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let i = 0; i < 64; i += 1) {
    const large1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const choice = g ^ (e & (f ^ g));
    const t1 = (h + large1 + choice + (constants[i] ?? 0) + (schedule[i] ?? 0)) | 0;
    const large0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const majority = (a & b) | (c & (a | b));
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + large0 + majority) | 0;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
  state[5] = (state[5] ?? 0) + f;
  state[6] = (state[6] ?? 0) + g;
  state[7] = (state[7] ?? 0) + h;
}
