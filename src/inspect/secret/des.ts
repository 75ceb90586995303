// Triple DES in CBC mode (FIPS 46-3, SP 800-67), for WTLS in a browser: no library that is kept up has it any more. It is
// for reading captures with a secret that one has; keys of one's own connections belong to the platform's library.

/** Octets of a block. */
const block = 8;

const shifts = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];

const firstChoice = [
  ...[
    57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44,
    36,
  ],
  ...[
    63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12,
    4,
  ],
];

const secondChoice = [
  ...[14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2],
  ...[41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32],
];

const permutation = [
  ...[16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10],
  ...[2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25],
];

/** The eight boxes, a digit for each value: four rows of 16. */
const boxes = [
  'e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d',
  'f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9',
  'a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c',
  '7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e',
  '2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453',
  'c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d',
  '4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c',
  'd2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b',
];

/** Each box with the permutation behind it: 64 words for each. */
const mixed = new Int32Array(8 * 64);
for (const [box, digits] of boxes.entries()) {
  for (let six = 0; six < 64; six += 1) {
    const row = ((six >> 4) & 2) | (six & 1);
    const value = Number.parseInt(digits[row * 16 + ((six >> 1) & 15)] ?? '0', 16) << (28 - 4 * box);
    let word = 0;
    for (const [at, from] of permutation.entries()) word |= ((value >>> (32 - from)) & 1) << (31 - at);
    mixed[box * 64 + six] = word;
  }
}

/** 16 round keys of eight times six bits. */
type RoundKeys = Uint8Array;

/** Encrypts whole blocks (EDE). `key` has 24 octets, `iv` 8. */
export function encryptTripleDesCbc(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const keys = schedules(key);
  const out = new Uint8Array(data.length);
  let [left, right] = [word(iv, 0), word(iv, 4)];
  for (let at = 0; at + block <= data.length; at += block) {
    [left, right] = thrice(left ^ word(data, at), right ^ word(data, at + 4), keys);
    put(out, at, left, right);
  }
  return out;
}

/** The reverse of `encryptTripleDesCbc`. */
export function decryptTripleDesCbc(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const [first, second, third] = schedules(key);
  const keys = [reversed(third), reversed(second), reversed(first)] as const;
  const out = new Uint8Array(data.length);
  let [before, beforeRight] = [word(iv, 0), word(iv, 4)];
  for (let at = 0; at + block <= data.length; at += block) {
    const [left, right] = [word(data, at), word(data, at + 4)];
    const [a, b] = thrice(left, right, keys);
    put(out, at, a ^ before, b ^ beforeRight);
    [before, beforeRight] = [left, right];
  }
  return out;
}

type Three = readonly [RoundKeys, RoundKeys, RoundKeys];

/** Encrypting, decrypting, encrypting: the keys of the middle one turned around. */
function schedules(key: Uint8Array): Three {
  const middle = reversed(roundKeys(key.subarray(8, 16)));
  return [roundKeys(key.subarray(0, 8)), middle, roundKeys(key.subarray(16, 24))];
}

function roundKeys(key: Uint8Array): RoundKeys {
  const bits = firstChoice.map((from) => ((key[(from - 1) >> 3] ?? 0) >> (7 - ((from - 1) & 7))) & 1);
  const out = new Uint8Array(16 * 8);
  let turned = 0;
  for (const [round, shift] of shifts.entries()) {
    turned += shift;
    for (const [at, from] of secondChoice.entries()) {
      const half = from > 28 ? 28 : 0;
      const bit = bits[half + ((from - 1 - half + turned) % 28)] ?? 0;
      const place = round * 8 + Math.floor(at / 6);
      out[place] = ((out[place] ?? 0) << 1) | bit;
    }
  }
  return out;
}

function reversed(keys: RoundKeys): RoundKeys {
  const out = new Uint8Array(keys.length);
  for (let round = 0; round < 16; round += 1) {
    out.set(keys.subarray(round * 8, round * 8 + 8), (15 - round) * 8);
  }
  return out;
}

/** Three passes; the final permutation of one and the initial of the next are each other's reverse. */
function thrice(left: number, right: number, keys: Three): readonly [number, number] {
  let [a, b] = initial(left, right);
  for (const one of keys) [a, b] = rounds(a, b, one);
  return final(a, b);
}

function rounds(left: number, right: number, keys: RoundKeys): readonly [number, number] {
  let [a, b] = [left, right];
  for (let round = 0; round < 16 * 8; round += 8) {
    let out = 0;
    for (let box = 0; box < 8; box += 1) {
      const turn = (4 * box + 31) & 31;
      const six = ((b << turn) | (b >>> (32 - turn))) >>> 26;
      out ^= mixed[box * 64 + (six ^ (keys[round + box] ?? 0))] ?? 0;
    }
    [a, b] = [b, a ^ out];
  }
  return [b, a];
}

function initial(left: number, right: number): readonly [number, number] {
  let [a, b] = [left, right];
  [a, b] = exchange(a, b, 4, 0x0f0f0f0f);
  [a, b] = exchange(a, b, 16, 0x0000ffff);
  [b, a] = exchange(b, a, 2, 0x33333333);
  [b, a] = exchange(b, a, 8, 0x00ff00ff);
  return exchange(a, b, 1, 0x55555555);
}

function final(left: number, right: number): readonly [number, number] {
  let [a, b] = exchange(left, right, 1, 0x55555555);
  [b, a] = exchange(b, a, 8, 0x00ff00ff);
  [b, a] = exchange(b, a, 2, 0x33333333);
  [a, b] = exchange(a, b, 16, 0x0000ffff);
  return exchange(a, b, 4, 0x0f0f0f0f);
}

/** Exchanges the bits of `mask` in `b` with those that stand `by` bits higher in `a`. */
function exchange(a: number, b: number, by: number, mask: number): readonly [number, number] {
  const moved = ((a >>> by) ^ b) & mask;
  return [a ^ (moved << by), b ^ moved];
}

function word(octets: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = octets.subarray(at, at + 4);
  return (a << 24) | (b << 16) | (c << 8) | d;
}

function put(out: Uint8Array, at: number, left: number, right: number): void {
  for (let i = 0; i < 4; i += 1) {
    out[at + i] = left >>> (24 - 8 * i);
    out[at + 4 + i] = right >>> (24 - 8 * i);
  }
}
