// Settings of the device's HTTP listener, and what its handler gets.
import {
  type AttemptGuardOptions,
  type Clock,
  longestMs,
  oneOfWords,
  systemClock,
  ValueError,
  wholeNumber,
} from '../../core/index.ts';
import {
  type DroppedPush,
  type IntakeCounters,
  type MessageProtection,
  messageProtections,
  type PendingBounds,
  pendingDefaults,
  type ReceivedPush,
} from '../index.ts';
import type { HttpCredentials } from './challenge-memory.ts';
import { httpPushPath } from './header-names.ts';
import { type HttpListenerTls, type HttpServerBounds, httpServerDefaults } from './http-server.ts';
import type { HttpPushForm } from './sender-options.ts';

/** A push that came over HTTP. */
export interface ReceivedHttpPush extends ReceivedPush {
  readonly form: HttpPushForm;
  readonly tls: boolean;
  /** Common name, else fingerprint, of a client certificate that was verified. */
  readonly clientCertificate: string | undefined;
  /** User name whose password was proved. */
  readonly account: string | undefined;
  /** Header fields of the push, such as `x-syncml-hmac`; names in lower case, credentials left out. */
  readonly httpHeaders: Readonly<Record<string, string>>;
}

/** Takes a push that is meant for the DM client. The sender has its answer already. */
export type HttpPushHandler = (push: ReceivedHttpPush) => void | Promise<void>;

/** Every reason for which something is dropped. */
export const httpDropReasons = [
  /** Octets that are no HTTP. */
  'protocol',
  /** Another path than that of the push service. */
  'path',
  /** Another method than POST and OPTIONS. */
  'method',
  /** A wrong proof of a password, or one after too many wrong ones. */
  'credentials',
  /** An envelope that cannot be read. */
  'malformed',
  /** A media type or an encoding that is not ours. */
  'content-type',
  /** For another application than DM. */
  'application-id',
  /** A DM message over a connection that is not protected as it has to be. */
  'insecure',
  /** The sender counts on other capabilities than there are. */
  'capabilities',
  'too-large',
  /** The connection ended in the middle. */
  'incomplete',
  /** A request took too long to arrive. */
  'timeout',
  /** Too many pushes or connections at a time, or closing. */
  'busy',
  /** The TLS connection was not made. */
  'tls',
] as const;

/** Why something was dropped. */
export type HttpDropReason = (typeof httpDropReasons)[number];

/** Counters of an HTTP listener. Challenges and registrations are no pushes, so `received` leaves them out. */
export interface HttpPushCounters extends IntakeCounters<HttpDropReason> {
  /** Requests that were asked for a proof. */
  readonly challenges: number;
  /** Questions for our capabilities that were answered. */
  readonly registrations: number;
}

/** Settings of what answers requests, whoever listens. */
export interface HttpPushReceiverOptions extends PendingBounds {
  readonly handler: HttpPushHandler;
  /** Path of the push service. Default `/wappush`. */
  readonly path?: string | undefined;
  /** Who may prove itself with a password. Default none. */
  readonly accounts?: readonly HttpCredentials[] | undefined;
  /** Bounds of wrong passwords, for each source and user name; beyond them 429. Default `attemptGuardDefaults`. */
  readonly attempts?: AttemptGuardOptions | undefined;
  /** Told with a challenge. Default `dm`. */
  readonly realm?: string | undefined;
  /** True takes Basic credentials over plain HTTP too. Default false. */
  readonly allowPlainBasic?: boolean | undefined;
  /** True when client certificates can be had: a verified one is a proof as good as a password. Default false. */
  readonly clientCertificates?: boolean | undefined;
  /**
   * What has to be proved where there are accounts or client certificates: `messages` for DM messages, for Package #0
   * carries its own digest; `always` for every request. Default `messages`.
   */
  readonly authenticate?: 'messages' | 'always' | undefined;
  /**
   * How a DM message has to be protected (DM-PUSH §5.3): `tls` takes one over TLS only, `authenticated` over plain HTTP
   * too when a password was proved, `any` always. Default `tls`.
   */
  readonly messages?: MessageProtection | undefined;
  /**
   * Whether a push without X-Wap-Application-Id is refused. Default false: §7.4 asks for nothing but the media type,
   * which no other application has.
   */
  readonly applicationIdRequired?: boolean | undefined;
  /** Octets of a body, at most. Default 262 144. */
  readonly maxPayload?: number | undefined;
  /** Told to those that register: X-Wap-Terminal-Id, and the number of the bearer. Default none. */
  readonly terminalId?: string | undefined;
  readonly bearerIndication?: number | undefined;
  /** Called for each thing dropped. */
  readonly onDrop?: ((drop: DroppedPush & { readonly reason: HttpDropReason }) => void) | undefined;
  /** Called when the handler fails or a socket reports an error; the listener goes on. */
  readonly onError?: ((error: unknown) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** Secure random octets. Default: the system's. */
  readonly random?: ((length: number) => Uint8Array) | undefined;
}

/** Settings of a listener. */
export interface HttpPushListenerOptions
  extends Omit<HttpPushReceiverOptions, 'clientCertificates'>,
    HttpServerBounds {
  /** TCP port; default 4035, with TLS 4036; 0 takes any free one. */
  readonly port?: number | undefined;
  /** IP address to listen on. Default: all, of both versions of IP. */
  readonly address?: string | undefined;
  /** TLS. Default none. */
  readonly tls?: HttpListenerTls | undefined;
}

/** Defaults of `HttpPushListenerOptions`. */
export const httpPushListenerDefaults = Object.freeze({
  ...httpServerDefaults,
  ...pendingDefaults,
  messages: 'tls',
  path: httpPushPath,
  maxPayload: 262_144,
});

/** Options with every default filled in. */
export interface ReceiverSettings {
  readonly path: string;
  readonly accounts: readonly HttpCredentials[];
  readonly clientCertificates: boolean;
  readonly authenticate: 'messages' | 'always';
  readonly messages: MessageProtection;
  readonly applicationIdRequired: boolean;
  readonly maxPayload: number;
  readonly maxPending: number;
  readonly clock: Clock;
}

/** Fills the defaults in. @throws {ValueError} */
export function receiverSettings(options: HttpPushReceiverOptions): ReceiverSettings {
  const whole = (name: 'maxPayload' | 'maxPending'): number =>
    wholeNumber(options[name] ?? httpPushListenerDefaults[name], 1, longestMs, name);
  const { path = httpPushListenerDefaults.path, bearerIndication, terminalId = '' } = options;
  if (!/^\/[^\s?#]*$/.test(path)) throw new ValueError('BAD_FORMAT', 'must begin with /', 'path');
  if (bearerIndication !== undefined) wholeNumber(bearerIndication, 0, 255, 'bearerIndication');
  if (!/^[\x21-\x7e]{0,128}$/.test(terminalId)) {
    throw new ValueError('BAD_FORMAT', 'must be visible ASCII of up to 128 characters', 'terminalId');
  }
  return {
    path,
    accounts: options.accounts ?? [],
    clientCertificates: options.clientCertificates ?? false,
    authenticate: oneOfWords(options.authenticate ?? 'messages', ['messages', 'always'], 'authenticate'),
    messages: oneOfWords(
      options.messages ?? httpPushListenerDefaults.messages,
      messageProtections,
      'messages',
    ),
    applicationIdRequired: options.applicationIdRequired ?? false,
    maxPayload: whole('maxPayload'),
    maxPending: whole('maxPending'),
    clock: options.clock ?? systemClock(),
  };
}
