// Fetches a firmware package over HTTP or HTTPS (FUMO 1.0: alternate download), bounded in size and time.
import { Agent, type Dispatcher, request } from 'undici';
import type { Clock } from '../../core/index.ts';
import { connectorPastInterim } from '../../push/http/index.ts';
import type { DmTlsOptions } from '../transport/dm-http-client.ts';
import { firmwareResults } from './firmware-object.ts';

/** What a download is bounded by. */
export interface DownloadOptions {
  readonly clock: Clock;
  readonly tls?: DmTlsOptions | undefined;
  /** Octets. */
  readonly maxPackageSize: number;
  /** Until the package is there, whole, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What came of it; `code` is a result code of FUMO. */
export type Download =
  | { readonly octets: Uint8Array }
  | { readonly octets?: undefined; readonly code: number; readonly reason: string };

/** Redirections that are followed. */
const mostHops = 3;

/** Downloads a package. Never rejects. */
export async function downloadPackage(address: string, options: DownloadOptions): Promise<Download> {
  const { clock, tls, timeoutMs, signal } = options;
  const ender = new AbortController();
  const stop = (): void => ender.abort();
  let timedOut = false;
  const timer = clock.after(timeoutMs, () => {
    timedOut = true;
    ender.abort();
  });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  // The clock's timer counts, for it can be injected.
  const dispatcher = new Agent({
    connect: connectorPastInterim({ ...tls, minVersion: 'TLSv1.2', rejectUnauthorized: true }),
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  try {
    return await follow(address, dispatcher, ender.signal, options.maxPackageSize);
  } catch (error) {
    if (timedOut) return failed(firmwareResults.timeout, `not there after ${timeoutMs} ms`);
    return failed(firmwareResults.serverUnavailable, reasonOf(error));
  } finally {
    timer.cancel();
    signal.removeEventListener('abort', stop);
    await dispatcher.destroy();
  }
}

async function follow(
  address: string,
  dispatcher: Dispatcher,
  signal: AbortSignal,
  maxPackageSize: number,
): Promise<Download> {
  let url = readUrl(address);
  for (let hops = 0; ; hops += 1) {
    if (url === undefined) return failed(firmwareResults.badUrl, 'not an http or https address');
    const response = await request(url, { dispatcher, signal });
    const { statusCode: status, headers, body } = response;
    // What is not read to its end is thrown away, which makes the body emit an error.
    body.on('error', () => undefined);
    if (status === 200) return await readPackage(response, maxPackageSize);
    body.destroy();
    const location = headers.location;
    if (status < 300 || status > 399 || typeof location !== 'string') return refusal(status);
    if (hops >= mostHops) return failed(firmwareResults.badUrl, 'too many redirections');
    const next = readUrl(location, url.href);
    // Whoever was promised TLS does not get less.
    const downgrade = url.protocol === 'https:' && next?.protocol === 'http:';
    url = downgrade ? undefined : next;
  }
}

function readUrl(text: string, base?: string): URL | undefined {
  if (!URL.canParse(text, base)) return undefined;
  const url = new URL(text, base);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

function refusal(status: number): Download {
  const reason = `HTTP status ${status}`;
  if (status >= 500) return failed(firmwareResults.serverError, reason);
  const unauthorised = status === 401 || status === 403 || status === 407;
  return failed(unauthorised ? firmwareResults.authentication : firmwareResults.badUrl, reason);
}

async function readPackage(
  { headers, body }: Dispatcher.ResponseData,
  maxPackageSize: number,
): Promise<Download> {
  const parts: Uint8Array[] = [];
  let size = Number(headers['content-length'] ?? 0);
  if (size <= maxPackageSize) {
    size = 0;
    for await (const part of body as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > maxPackageSize) break;
      parts.push(part);
    }
  }
  if (size > maxPackageSize) {
    body.destroy();
    return failed(firmwareResults.notAcceptable, `larger than ${maxPackageSize} octets`);
  }
  return { octets: Buffer.concat(parts) };
}

function failed(code: number, reason: string): Download {
  return { code, reason };
}

function reasonOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.message : 'the connection failed';
}
