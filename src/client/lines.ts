// Bodies and answers that are lines, as they come.
import { type Clock, ReveilleError, sleep } from '../core/index.ts';

/** Media type of lines of JSON. */
export type LinesType = 'application/x-ndjson';

/** Octets that are lines already, and what they are. */
export interface Octets {
  readonly octets: AsyncIterable<Uint8Array>;
  /** Media type. Default `application/x-ndjson`. */
  readonly type?: LinesType | 'text/csv';
}

/** Characters of a line of an answer at most: whoever answers is not to fill the memory. */
export const longestLine = 16 * 1024 * 1024;

/** Longest that lines are taken without a turn for others, in milliseconds: what never waits would let nobody read the answers. */
const turnMs = 5;

/** Octets that are gathered before they are sent, so that a line is not a packet. */
const chunkOctets = 16 * 1024;

/** The lines of an answer, each parsed. @throws {ReveilleError} BAD_ANSWER for one that is no JSON object, or too long */
export async function* jsonLines(octets: AsyncIterable<Uint8Array>): AsyncGenerator<object, void, undefined> {
  for await (const line of textLines(octets)) {
    if (line === '') continue;
    const value = jsonObject(line);
    if (value === undefined)
      throw new ReveilleError('BAD_ANSWER', 'a line of the answer is no JSON object: is this the REST API?');
    yield value;
  }
}

/** Lines of a text, without their ends. What follows the last end is a line too. */
export async function* textLines(octets: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of octets) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > longestLine)
      throw new ReveilleError('BAD_ANSWER', `a line of the answer is longer than ${longestLine} characters`);
  }
  yield rest + decoder.decode();
}

/** The octets of a body that reads as they come. */
export async function* octetsOf(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Nobody reads the rest: the connection is given up.
    await reader.cancel().catch(() => undefined);
  }
}

/** Lines as octets; what are octets already stays as it is. */
export function encoded(
  lines: AsyncIterable<unknown> | Iterable<unknown> | Octets,
): AsyncIterable<Uint8Array> {
  return 'octets' in lines ? lines.octets : encodedLines(lines);
}

async function* encodedLines(
  lines: AsyncIterable<unknown> | Iterable<unknown>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder();
  // What is at hand goes out together; what has to be waited for goes out by itself.
  if (Symbol.asyncIterator in lines) {
    for await (const line of lines) yield encoder.encode(`${JSON.stringify(line)}\n`);
    return;
  }
  let gathered = '';
  for (const line of lines) {
    gathered += `${JSON.stringify(line)}\n`;
    if (gathered.length < chunkOctets) continue;
    yield encoder.encode(gathered);
    gathered = '';
  }
  if (gathered !== '') yield encoder.encode(gathered);
}

/** A body out of what is read only as fast as it is sent. What reading throws is kept in `fault`. */
export class SentBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** What reading has thrown; `undefined` while nothing has. */
  fault: { readonly error: unknown } | undefined;
  readonly #source: AsyncIterator<Uint8Array>;
  #isOver = false;

  constructor(octets: AsyncIterable<Uint8Array>, clock: Clock) {
    let turnAt = clock.monotonic() + turnMs;
    const source = octets[Symbol.asyncIterator]();
    this.#source = source;
    this.stream = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          try {
            if (clock.monotonic() >= turnAt) {
              await sleep(clock, 0);
              turnAt = clock.monotonic() + turnMs;
            }
            const { done, value } = await source.next();
            if (this.#isOver) return;
            if (done === true) controller.close();
            else controller.enqueue(value);
          } catch (error) {
            this.fault ??= { error };
            controller.error(error);
          }
        },
        cancel: () => this.end(),
      },
      { highWaterMark: 0 },
    );
  }

  /** Nobody reads it any more: what it is made of is told so, and is not waited for. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#source.return?.()?.catch(() => undefined);
  }
}

/** The object of a JSON text; `undefined` where it is none. */
export function jsonObject(text: string): object | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return typeof value === 'object' && value !== null ? value : undefined;
}
