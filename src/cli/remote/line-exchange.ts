// One request whose body is lines and whose answer is lines, both as they come: what is sent is not held, and the answers are
// read while it goes out.
import { once } from 'node:events';
import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overTls } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { ReveilleError } from '../../core/index.ts';
import { reasonOf } from '../io/input.ts';

/** Where lines go. */
export interface LineTarget {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Media type of the body. Default: lines of JSON. */
  readonly type?: string;
  /** Ends the exchange. */
  readonly stop: AbortSignal;
}

/** An answer that is not lines. */
export interface OtherAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Sends a body, and gives the lines of the answer as they come; an answer with another status than 200 is given whole.
 * @throws {ReveilleError} UNREACHABLE when there is no answer, or it breaks off; what reading the body throws
 */
export async function* exchangeLines(
  { url, headers, type = 'application/x-ndjson', stop }: LineTarget,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, OtherAnswer | undefined> {
  const send = url.protocol === 'https:' ? overTls : overHttp;
  const request = send(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': type, 'transfer-encoding': 'chunked' },
    agent: false,
    signal: stop,
  });
  let unread: unknown;
  const sent = pipeline(noted(body), request).catch((error: unknown) => error);
  async function* noted(octets: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* octets;
    } catch (error) {
      unread = error;
      throw error;
    }
  }
  try {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.setEncoding('utf8');
    if (response.statusCode !== 200)
      return { status: response.statusCode ?? 0, text: await textOf(response) };
    let rest = '';
    for await (const text of response) {
      const lines = (rest + String(text)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    await sent;
    if (unread !== undefined) throw unread;
    return undefined;
  } catch (error) {
    if (unread !== undefined) throw unread;
    throw new ReveilleError('UNREACHABLE', `${url.origin} does not answer: ${reasonOf(error)}`, {
      cause: error,
    });
  } finally {
    request.destroy();
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}
