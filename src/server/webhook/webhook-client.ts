// Requests to receivers of webhooks: names are resolved here, addresses are checked before anything is connected to them, nothing is
// followed, and time, connections and answers have bounds.
import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import { type Clock, codeOf } from '../../core/index.ts';
import { type AllowedNetworks, isOwnAddress } from './own-addresses.ts';
import { readRetryAfter } from './retry-schedule.ts';

/** What a receiver made of a request. */
export type WebhookAnswer =
  | { readonly outcome: 'delivered'; readonly status: number }
  | {
      readonly outcome: 'failed';
      /** In words; of what the receiver says, its status alone. */
      readonly error: string;
      readonly status?: number;
      /** It asked to be left alone for so long. */
      readonly retryAfterMs?: number;
    }
  /** `end` was called. */
  | { readonly outcome: 'ended' };

/** Resolves a name to all of its addresses, as `lookup` of `node:dns` does. */
export type LookUp = (
  host: string,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

/** Settings of a client. */
export interface WebhookClientOptions {
  readonly clock: Clock;
  readonly allowed: AllowedNetworks;
  /** Default: the system's. */
  readonly lookUp?: LookUp | undefined;
  /** From the beginning of a request until its answer has been read, in milliseconds. */
  readonly timeoutMs: number;
  /** Connections at a time, at most. */
  readonly connections: number;
}

/** Octets of an answer that are read, so that its connection can be kept; of what it says nothing is. */
const mostAnswered = 16_384;

/** An address that webhooks do not go to. */
class RefusedAddress extends Error {
  readonly code = 'REFUSED_ADDRESS';
}

/** Sends to one receiver. */
export class WebhookClient {
  readonly #options: WebhookClientOptions;
  readonly #agent: Agent;
  #ended = false;

  constructor(options: WebhookClientOptions) {
    this.#options = options;
    const connectors = {
      'https:': this.#connector(false),
      'http:': this.#connector(true),
    } as const;
    this.#agent = new Agent({
      connections: options.connections,
      pipelining: 1,
      maxHeaderSize: mostAnswered,
      connect: (target, callback) => {
        const isPlain = target.protocol === 'http:';
        // Nobody is asked for an address that stands in the URL itself.
        const host = target.hostname.replace(/^\[|\]$/g, '');
        const refusal = isIP(host) === 0 ? undefined : this.#refusal([host], isPlain);
        if (refusal !== undefined) callback(refusal, null);
        else connectors[isPlain ? 'http:' : 'https:'](target, callback);
      },
    });
  }

  /** Sends a body. Never rejects. */
  async send(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<WebhookAnswer> {
    const { clock, timeoutMs } = this.#options;
    const ender = new AbortController();
    const timer = clock.after(timeoutMs, () => ender.abort());
    try {
      const answer = await request(url, {
        dispatcher: this.#agent,
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'application/json',
          'user-agent': 'Reveille-Webhooks/1',
        },
        body,
        signal: ender.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const { statusCode: status } = answer;
      // What the answer holds is of no interest, nor whether it comes to its end.
      await answer.body.dump({ limit: mostAnswered, signal: ender.signal }).catch(() => undefined);
      if (status >= 200 && status < 300) return { outcome: 'delivered', status };
      const retryAfterMs = readRetryAfter(answer.headers['retry-after'], clock.now());
      const error = status >= 300 && status < 400 ? `${status}: redirections are not followed` : `${status}`;
      return {
        outcome: 'failed',
        error,
        status,
        ...(retryAfterMs !== undefined && (status === 429 || status === 503) && { retryAfterMs }),
      };
    } catch (error) {
      if (this.#ended) return { outcome: 'ended' };
      const late = `no answer within ${timeoutMs / 1000} s`;
      return { outcome: 'failed', error: ender.signal.aborted ? late : wordsOf(error) };
    } finally {
      timer.cancel();
    }
  }

  /** Gives up what is under way, and lets go of all connections. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#agent.destroy();
  }

  #connector(isPlain: boolean): ReturnType<typeof buildConnector> {
    const { lookUp = systemAddresses } = this.#options;
    const lookup: LookupFunction = (host, options, done) => {
      lookUp(host, (error, addresses) => {
        const refusal =
          error ??
          this.#refusal(
            addresses.map(({ address }) => address),
            isPlain,
          );
        const [one] = addresses;
        if (refusal !== undefined) done(refusal, '', 0);
        else if (one === undefined)
          done(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0);
        else if (options.all === true) done(null, [...addresses]);
        else done(null, one.address, one.family);
      });
    };
    return buildConnector({ lookup, timeout: this.#options.timeoutMs });
  }

  /** Why one of the addresses of a name is not gone to: a name that has such a one beside others is gone to at none. */
  #refusal(addresses: readonly string[], isPlain: boolean): Error | undefined {
    const { allowed } = this.#options;
    const others = addresses.filter((address) => !allowed.has(address));
    if (others.some(isOwnAddress)) {
      return new RefusedAddress(
        'its address is of an own network, which webhooks go to only where that is allowed',
      );
    }
    if (isPlain && others.length > 0) {
      return new RefusedAddress('it is no https, and its address is of no network that is allowed');
    }
    return undefined;
  }
}

function systemAddresses(host: string, done: Parameters<LookUp>[1]): void {
  systemLookup(host, { all: true, verbatim: true }, (error, addresses) => done(error, addresses ?? []));
}

/** An error of a connection, without what a peer said in it. */
function wordsOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  for (const each of [error, cause]) if (each instanceof RefusedAddress) return each.message;
  const code = codeOf(error);
  return /^[A-Z0-9_]{2,64}$/.test(code) ? `no answer (${code})` : 'no answer';
}
