// One exchange of the DM HTTP binding: a DM message is POSTed, the response's body is the next one (DM-HTTP-1.2).
import { Agent, type Dispatcher, request } from 'undici';
import { type Clock, systemClock } from '../../core/index.ts';
import { connectorPastInterim } from '../../push/http/index.ts';

/** TLS of the connections to servers. TLS 1.2 or later; name and chain of the server are always checked. */
export interface DmTlsOptions {
  /** Certificates (PEM) that are trusted instead of the system's. */
  readonly ca?: string;
  /** Certificate (PEM) that the device proves itself with, and its key. */
  readonly cert?: string;
  readonly key?: string;
}

/** How the device talks HTTP. */
export interface DmHttpOptions {
  readonly tls?: DmTlsOptions;
  /** Until a connection stands, in milliseconds. Default 10 000. */
  readonly connectTimeoutMs?: number;
  /** Until a response is there, whole, in milliseconds. Default 60 000. */
  readonly responseTimeoutMs?: number;
  /** Octets of a response's body. Default 1 MiB. */
  readonly maxResponseSize?: number;
  /** Default `reveille`. */
  readonly userAgent?: string;
  readonly clock?: Clock;
}

/** A message on its way out. */
export interface DmRequest {
  readonly url: string;
  /** Media type of `body`. */
  readonly contentType: string;
  /** Media types that the answer may have. */
  readonly accept: readonly string[];
  readonly body: Uint8Array;
  /** Value of `x-syncml-hmac`. */
  readonly hmac?: string;
  /** Local address to connect from, when the bearer has one. */
  readonly localAddress?: string;
  /** Gives the exchange up. */
  readonly signal?: AbortSignal;
}

/** What became of it. */
export type DmResponse =
  | {
      readonly outcome: 'answered';
      /** Of the response, `undefined` when it has none. */
      readonly contentType: string | undefined;
      /** May be empty: the server has nothing more to say. */
      readonly body: Uint8Array;
      readonly hmac?: string;
    }
  /** Nobody there, the connection broke, or the server is overloaded: the same may succeed later. */
  | { readonly outcome: 'unreachable'; readonly reason: string }
  /** No answer in the time allowed. */
  | { readonly outcome: 'timeout'; readonly reason: string }
  /** The server, its certificate or its answer is not acceptable, and trying again will not help. */
  | { readonly outcome: 'refused'; readonly reason: string; readonly status?: number }
  /** `signal` aborted. */
  | { readonly outcome: 'stopped' };

/** Sends DM messages. */
export interface DmHttpClient {
  /**
   * True when over https it checks the server's certificate and has one of its own to prove the device with: what an
   * account that trusts the transport asks for. Default false.
   */
  readonly certifiesBothEnds?: boolean;
  /** Never rejects. */
  exchange(message: DmRequest): Promise<DmResponse>;
  /** Ends idle connections; exchanges in flight are broken off. */
  close(): Promise<void>;
}

/** HTTP statuses that pass by themselves. */
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Octets of a refusal's text that are read. */
const largestReason = 300;

/** Errors of the network, as Node and undici name them; anything else is not cured by trying again. */
const networkErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** A client on the real network, over HTTP and HTTPS. */
export function dmHttpClient(options: DmHttpOptions = {}): DmHttpClient {
  const clock = options.clock ?? systemClock();
  const responseTimeoutMs = options.responseTimeoutMs ?? 60_000;
  const maxResponseSize = options.maxResponseSize ?? 1024 * 1024;
  const agents = new Map<string, Agent>();

  const agentFor = (localAddress: string | undefined): Agent => {
    const key = localAddress ?? '';
    let agent = agents.get(key);
    if (agent === undefined) {
      agent = new Agent({
        connect: connectorPastInterim({
          ...options.tls,
          minVersion: 'TLSv1.2',
          rejectUnauthorized: true,
          timeout: options.connectTimeoutMs ?? 10_000,
        }),
        ...(localAddress === undefined ? {} : { localAddress }),
        // The clock's timer below counts, for it can be injected.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      agents.set(key, agent);
    }
    return agent;
  };

  return {
    certifiesBothEnds: options.tls?.cert !== undefined && options.tls.key !== undefined,
    async exchange(message) {
      const ender = new AbortController();
      const stop = (): void => ender.abort();
      let timedOut = false;
      const timer = clock.after(responseTimeoutMs, () => {
        timedOut = true;
        ender.abort();
      });
      message.signal?.addEventListener('abort', stop, { once: true });
      if (message.signal?.aborted === true) stop();
      try {
        const response = await request(message.url, {
          method: 'POST',
          dispatcher: agentFor(message.localAddress),
          signal: ender.signal,
          headers: headersOf(message, options.userAgent ?? 'reveille'),
          body: message.body,
        });
        return await readResponse(response, maxResponseSize);
      } catch (error) {
        if (timedOut) return { outcome: 'timeout', reason: `no answer in ${responseTimeoutMs} ms` };
        if (ender.signal.aborted) return { outcome: 'stopped' };
        return failure(error);
      } finally {
        timer.cancel();
        message.signal?.removeEventListener('abort', stop);
      }
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
      agents.clear();
    },
  };
}

function headersOf(message: DmRequest, userAgent: string): Record<string, string> {
  return {
    'content-type': message.contentType,
    accept: message.accept.join(', '),
    'accept-charset': 'utf-8',
    'cache-control': 'no-store',
    'user-agent': userAgent,
    ...(message.hmac === undefined ? {} : { 'x-syncml-hmac': message.hmac }),
  };
}

async function readResponse(response: Dispatcher.ResponseData, maxResponseSize: number): Promise<DmResponse> {
  const { statusCode: status, headers, body } = response;
  // What is not read to its end is thrown away, and the connection with it; that makes the body emit an error.
  body.on('error', () => undefined);
  if (status < 200 || status > 299) {
    const said = await firstLine(body, single(headers['content-type']));
    const reason = said === '' ? `HTTP status ${status}` : `HTTP status ${status}: ${said}`;
    return passing.has(status) ? { outcome: 'unreachable', reason } : { outcome: 'refused', reason, status };
  }
  const encoding = single(headers['content-encoding']);
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    body.destroy();
    return { outcome: 'refused', reason: 'the answer is compressed, which was not offered' };
  }
  const parts: Uint8Array[] = [];
  let size = Number(single(headers['content-length']) ?? 0);
  if (size <= maxResponseSize) {
    size = 0;
    for await (const part of body as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > maxResponseSize) break;
      parts.push(part);
    }
  }
  if (size > maxResponseSize) {
    body.destroy();
    return { outcome: 'refused', reason: `the answer is longer than ${maxResponseSize} octets` };
  }
  const hmac = single(headers['x-syncml-hmac']);
  return {
    outcome: 'answered',
    contentType: single(headers['content-type']),
    body: Buffer.concat(parts),
    ...(hmac === undefined ? {} : { hmac }),
  };
}

/** What a server says with a refusal, for people: the beginning of the first line of a text, else nothing. */
async function firstLine(
  body: Dispatcher.ResponseData['body'],
  contentType: string | undefined,
): Promise<string> {
  if (!/^text\/plain\b/i.test(contentType ?? '')) {
    body.destroy();
    return '';
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of body as AsyncIterable<Uint8Array>) {
      parts.push(part);
      size += part.length;
      if (size >= largestReason) break;
    }
  } catch {
    // What came before it broke off is still worth a line.
  }
  body.destroy();
  const text = Buffer.concat(parts).subarray(0, largestReason).toString('utf8');
  // Nothing in it may steer a terminal or look like another line.
  return (text.trimStart().split(/[\r\n]/, 1)[0] ?? '').replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '').trim();
}

function single(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}

function failure(error: unknown): DmResponse {
  for (const cause of causesOf(error)) {
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string' && networkErrors.has(code)) {
      return { outcome: 'unreachable', reason: code === 'UND_ERR_SOCKET' ? 'the connection broke' : code };
    }
  }
  const { code, message } = error as { code?: unknown; message?: unknown };
  return { outcome: 'refused', reason: `${typeof code === 'string' ? `${code}: ` : ''}${String(message)}` };
}

// A connection tried over several addresses fails with one error for each.
function causesOf(error: unknown): readonly unknown[] {
  if (typeof error !== 'object' || error === null) return [];
  const { cause, errors } = error as { cause?: unknown; errors?: unknown };
  return [error, ...(cause === undefined ? [] : [cause]), ...(Array.isArray(errors) ? errors : [])];
}
