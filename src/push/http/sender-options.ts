// Settings of the HTTP sender.
import { type Clock, oneOfWords, systemClock, ValueError, wholeNumber } from '../../core/index.ts';
import { type MessageProtection, messageProtections, type Push } from '../index.ts';
import type { HttpCredentials } from './challenge-memory.ts';
import type { HttpClientOptions } from './http-client.ts';

/** Where a device listens. */
export interface HttpTarget {
  /** `http:` or `https:` URL; one without a path stands for `/wappush`. */
  readonly uri: string;
}

/** How a push is laid out: as the request itself, or as a stored response within it. */
export type HttpPushForm = 'direct' | 'envelope';

/** What holds for each push. */
export interface HttpPushOptions {
  /** Default `direct`: the specifications speak of the Content-Type, and it is the request's own. */
  readonly form?: HttpPushForm | undefined;
  /** Proved to a device that asks. Default none. */
  readonly credentials?: HttpCredentials | undefined;
  /** Further header fields for the push, such as `x-syncml-hmac`. Default none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Settings of a sender. */
export interface HttpPushSenderOptions extends HttpClientOptions {
  /** What holds for each push; a function gives it for one push and device. Default: direct, no credentials. */
  readonly push?: HttpPushOptions | ((push: Push, to: HttpTarget) => HttpPushOptions) | undefined;
  /**
   * How a DM message has to be protected (DM-PUSH §5.3; Package #0 carries its own digest): `tls` refuses to send one
   * over plain HTTP, `authenticated` sends it there when there are credentials, `any` always. Default `tls`.
   */
  readonly messages?: MessageProtection | undefined;
  /**
   * When a device is asked for its capabilities: `on-demand` when it says that they have changed, `always` before the
   * first push to it as well, or `never`. Default `on-demand`.
   */
  readonly register?: 'on-demand' | 'always' | 'never' | undefined;
  /** Devices whose capabilities are remembered, at most. Default 100 000. */
  readonly maxTerminals?: number | undefined;
  /** Octets of a body, at most. Default 262 144. */
  readonly maxPayload?: number | undefined;
}

/** Defaults of `HttpPushSenderOptions`, those of the client aside. */
export const httpPushSenderDefaults = Object.freeze({
  form: 'direct',
  messages: 'tls',
  register: 'on-demand',
  maxTerminals: 100_000,
  maxPayload: 262_144,
});

/** Options with every default filled in. */
export interface SenderSettings {
  readonly pushOptions: (push: Push, to: HttpTarget) => HttpPushOptions;
  readonly messages: MessageProtection;
  readonly register: 'on-demand' | 'always' | 'never';
  readonly maxTerminals: number;
  readonly maxPayload: number;
  readonly clock: Clock;
}

/** Fills the defaults in. @throws {ValueError} OUT_OF_RANGE */
export function senderSettings(options: HttpPushSenderOptions): SenderSettings {
  const { push = {}, clock = systemClock() } = options;
  const whole = (name: 'maxTerminals' | 'maxPayload'): number =>
    wholeNumber(options[name] ?? httpPushSenderDefaults[name], 1, 2 ** 30, name);
  return {
    pushOptions: typeof push === 'function' ? push : () => push,
    messages: oneOfWords(options.messages ?? httpPushSenderDefaults.messages, messageProtections, 'messages'),
    register: options.register ?? httpPushSenderDefaults.register,
    maxTerminals: whole('maxTerminals'),
    maxPayload: whole('maxPayload'),
    clock,
  };
}

/** The URL of a target. @throws {ValueError} BAD_FORMAT */
export function targetUrl({ uri }: HttpTarget, defaultPath: string): URL {
  const url = URL.parse(uri);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new ValueError(
      'BAD_FORMAT',
      `${JSON.stringify(uri.slice(0, 100))} is not an http: or https: URL`,
      'uri',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new ValueError('BAD_FORMAT', 'must not hold a user name or a password', 'uri');
  }
  if (uri.includes('#')) url.hash = '';
  if (url.pathname === '/' && url.search === '') url.pathname = defaultPath;
  return url;
}
