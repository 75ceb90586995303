// What `reveille inspect` is given: a capture, which is read as it comes in, or octets in any form that people paste.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { ConfigError } from '../../core/index.ts';
import { isCapture } from '../../inspect/index.ts';
import { reasonOf } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { untilStopped } from './live-chunks.ts';

/** Octets that are read at a time. */
const chunkOctets = 1 << 17;
/** Octets at most of what is no capture. */
const largestInput = 16 << 20;

/** An input whose kind is known. */
export type InspectInput =
  | { readonly kind: 'capture'; readonly chunks: AsyncIterable<Uint8Array> }
  | { readonly kind: 'pasted'; readonly octets: Uint8Array };

/** Opens FILE, or standard input for `-`; it ends where the program is asked to stop. @throws {ConfigError} {UsageError} */
export async function openInput(io: Io, file: string): Promise<InspectInput> {
  if (file === '-' && io.stdinIsTerminal) {
    throw new UsageError('no file given and nothing on standard input', 'See: reveille inspect --help');
  }
  const chunks = untilStopped(file === '-' ? io.stdin : await fileChunks(file), io.stop);
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < 4) {
    const { done, value } = await chunks.next();
    if (done === true) break;
    first.push(value);
    length += value.length;
  }
  if (isCapture(new Uint8Array(Buffer.concat(first)))) {
    return { kind: 'capture', chunks: behind(first, chunks) };
  }
  for (;;) {
    if (length > largestInput) {
      throw new ConfigError(`${nameOf(file)} is longer than ${largestInput} octets, and no capture`);
    }
    const { done, value } = await chunks.next();
    if (done === true) return { kind: 'pasted', octets: new Uint8Array(Buffer.concat(first)) };
    first.push(value);
    length += value.length;
  }
}

function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file;
}

async function fileChunks(file: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    if ((await stat(file)).isDirectory()) throw new ConfigError(`cannot read ${file}: it is a folder`);
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError(`cannot read ${file}: ${reasonOf(cause)}`, { cause });
  }
  return readable(file);
}

async function* readable(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file, { highWaterMark: chunkOctets });
  } catch (cause) {
    throw new ConfigError(`cannot read ${file}: ${reasonOf(cause)}`, { cause });
  }
}

async function* behind(
  first: readonly Uint8Array[],
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  // A pipe gives pieces of a buffer that it uses again for others: what is kept must be apart.
  for (const chunk of first) yield new Uint8Array(chunk);
  for await (const chunk of rest) yield new Uint8Array(chunk);
}
