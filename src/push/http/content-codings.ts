// Answers in a content coding (RFC 9110 §8.4.1): we ask for none, and some servers code them all the same.
import { promisify } from 'node:util';
import { brotliDecompress, constants, gunzip, inflate, inflateRaw } from 'node:zlib';
import { codeOf } from '../../core/index.ts';

type Undo = (octets: Uint8Array, maxOutputLength: number) => Promise<Uint8Array>;

// What is cut at its end is read as far as it goes.
const finishFlush = constants.Z_SYNC_FLUSH;
const ungzip: Undo = (octets, maxOutputLength) => promisify(gunzip)(octets, { maxOutputLength, finishFlush });
const codings: ReadonlyMap<string, Undo> = new Map<string, Undo>([
  ['gzip', ungzip],
  ['x-gzip', ungzip],
  [
    'deflate',
    // The form without a head is no `deflate` by the letter, and common.
    (octets, maxOutputLength) =>
      ((octets[0] ?? 0) & 0x0f) === 8
        ? promisify(inflate)(octets, { maxOutputLength, finishFlush })
        : promisify(inflateRaw)(octets, { maxOutputLength, finishFlush }),
  ],
  ['br', (octets, maxOutputLength) => promisify(brotliDecompress)(octets, { maxOutputLength })],
]);

/**
 * A body without its coding (`value` of Content-Encoding), of so many octets at most. `undefined` where it is none that we know,
 * or the octets are none; `too long` beyond the bound.
 */
export async function withoutCoding(
  body: Uint8Array,
  value: string | undefined,
  maxSize: number,
): Promise<Uint8Array | 'too long' | undefined> {
  const names = (value ?? '').split(',').map((name) => name.trim().toLowerCase());
  const used = names.filter((name) => name !== '' && name !== 'identity');
  if (body.length === 0 || used.length === 0) return body;
  const undo = used.length === 1 ? codings.get(used[0] ?? '') : undefined;
  if (undo === undefined) return undefined;
  try {
    return new Uint8Array(await undo(body, maxSize));
  } catch (error) {
    return codeOf(error) === 'ERR_BUFFER_TOO_LARGE' ? 'too long' : undefined;
  }
}
