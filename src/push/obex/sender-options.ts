// Settings of everything that sends pushes over OBEX.
import { randomBytes } from 'node:crypto';
import { NonceMemory, type ObexCredentials } from '../../codec/obex/index.ts';
import {
  type Clock,
  longestMs,
  oneOfWords,
  PushError,
  systemClock,
  utf8ToBytes,
  wholeNumber,
} from '../../core/index.ts';
import { kindOf, type MessageProtection, messageProtections, type Push, requireSize } from '../index.ts';
import type { ConversationSettings } from './conversation.ts';

/** What holds for each push, over whatever stream. */
export interface ObexPushOptions {
  /** Proved to a device that asks: the account's DMAcc settings of level `OBEX`. Default none. */
  readonly credentials?: ObexCredentials | undefined;
  /**
   * Whether the device has to prove the password too: `messages` for DM messages, `always`, or `never`. Default
   * `messages` where there are credentials; without them nothing can be proved.
   */
  readonly mutual?: 'messages' | 'always' | 'never' | undefined;
  /** Lines for the HTTP header of the PUT, such as `x-syncml-hmac`. Default none. */
  readonly httpHeaders?: Readonly<Record<string, string>> | undefined;
}

/** Limits, times and sources that many pushes share. */
export interface ObexSendSettings {
  /**
   * How a DM message has to be protected (DM-PUSH §5.4): `tls` sends one over TLS only, `authenticated` also where there
   * are credentials and the device has to prove them too (`mutual`), `any` always. Default `authenticated`.
   */
  readonly messages?: MessageProtection | undefined;
  /** Service on the device: text of Target, or `null` for none. Default `SYNCML-DM`. */
  readonly target?: string | null | undefined;
  /** Octets of a body, at most. Default 262 144. */
  readonly maxPayload?: number | undefined;
  /** Longest response that we take, 255–65535, default 4096. What we send is cut to what the device announces. */
  readonly maxPacketLength?: number | undefined;
  /** Until a response is there, whole, in milliseconds. Default 30 000. */
  readonly responseMs?: number | undefined;
  /** Until the object is with the device, in milliseconds. Default 300 000. */
  readonly pushMs?: number | undefined;
  /** Wait for the responses to ABORT and to DISCONNECT, in milliseconds: what they say changes nothing. Default 2000. */
  readonly abortMs?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Secure random octets. Default: the system's. */
  readonly random?: ((length: number) => Uint8Array) | undefined;
}

/** Defaults of `ObexSendSettings`. */
export const obexSenderDefaults = Object.freeze({
  messages: 'authenticated',
  target: 'SYNCML-DM',
  maxPayload: 262_144,
  maxPacketLength: 4096,
  connectMs: 10_000,
  responseMs: 30_000,
  pushMs: 300_000,
  abortMs: 2000,
});

/** Settings with every default filled in. @throws {ValueError} OUT_OF_RANGE */
export class SendSettings {
  readonly maxPayload: number;
  readonly clock: Clock;
  readonly #messages: MessageProtection;
  readonly #shared: Omit<ConversationSettings, 'credentials' | 'mutual' | 'httpHeaders'>;

  constructor(options: ObexSendSettings) {
    const { target = obexSenderDefaults.target, clock = systemClock() } = options;
    const whole = (name: 'responseMs' | 'pushMs' | 'abortMs' | 'maxPayload', maximum: number): number =>
      wholeNumber(options[name] ?? obexSenderDefaults[name], 1, maximum, name);
    const { maxPacketLength = obexSenderDefaults.maxPacketLength } = options;
    this.clock = clock;
    this.maxPayload = whole('maxPayload', 0xffffffff);
    this.#messages = oneOfWords<MessageProtection>(
      options.messages ?? obexSenderDefaults.messages,
      messageProtections,
      'messages',
    );
    this.#shared = {
      target: target === null ? undefined : utf8ToBytes(target),
      maxPacketLength: wholeNumber(maxPacketLength, 255, 65535, 'maxPacketLength'),
      responseMs: whole('responseMs', longestMs),
      pushMs: whole('pushMs', longestMs),
      abortMs: whole('abortMs', longestMs),
      clock,
      random: options.random ?? randomBytes,
      nonces: new NonceMemory(),
    };
  }

  /**
   * Settings for one push to `peer`, over a stream that is `secure` by itself or not.
   * @throws {ValueError} TOO_LONG when its body is beyond the limit
   * @throws {PushError} INSECURE for a DM message that would not be protected as it has to be
   */
  forPush(push: Push, options: ObexPushOptions, secure: boolean, peer: string): ConversationSettings {
    requireSize(push, this.maxPayload);
    const { credentials, mutual = 'messages', httpHeaders } = options;
    const message = kindOf(push.contentType.mime) === 'message';
    const wanted = mutual === 'always' || (mutual === 'messages' && message);
    const proved = wanted && credentials !== undefined;
    if (message && !secure && this.#messages !== 'any' && (this.#messages === 'tls' || !proved)) {
      const need = this.#messages === 'tls' ? 'TLS' : 'TLS, or credentials that both ends prove';
      throw new PushError('INSECURE', `${peer}: a DM message needs ${need} (DM-PUSH §5.4)`, false);
    }
    return { ...this.#shared, credentials, mutual: proved, httpHeaders };
  }
}
