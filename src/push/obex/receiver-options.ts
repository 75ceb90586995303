// Settings of everything that receives pushes over OBEX, and what its handler gets and says.
import { randomBytes } from 'node:crypto';
import { encodeChallenge, nonceLength, type ObexCredentials, responseCodes } from '../../codec/obex/index.ts';
import {
  type AttemptGuardOptions,
  type Clock,
  longestMs,
  oneOfWords,
  systemClock,
  utf8ToBytes,
  ValueError,
  wholeNumber,
} from '../../core/index.ts';
import {
  type DroppedPush,
  type IntakeCounters,
  type MessageProtection,
  messageProtections,
  type ReceivedPush,
} from '../index.ts';

/** A push that came over OBEX. */
export interface ReceivedObexPush extends ReceivedPush {
  /** Whose password was proved for it; `undefined` when none was. */
  readonly account: ObexCredentials | undefined;
  /** Lines of the HTTP header, such as `x-syncml-hmac`; names in lower case. */
  readonly httpHeaders: Readonly<Record<string, string>>;
}

/** What a handler refuses a push with. */
export type ObexHandlerRefusal = keyof typeof refusalCodes;

/** Response codes of refusals: the peer is told no more. */
const refusalCodes = {
  malformed: responseCodes.badRequest,
  forbidden: responseCodes.forbidden,
  'not-acceptable': responseCodes.notAcceptable,
  busy: responseCodes.serviceUnavailable,
  full: responseCodes.databaseFull,
} as const;

/**
 * Takes a push that is meant for the DM client. The peer is answered when it is done: Success when it returns nothing,
 * the refusal's code when it returns one, Internal Error when it throws.
 */
export type ObexPushHandler = (
  push: ReceivedObexPush,
) => void | ObexVerdict | Promise<void> | Promise<ObexVerdict | undefined>;

/** A handler's refusal. */
export interface ObexVerdict {
  readonly refuse: ObexHandlerRefusal;
}

/** Response code of what a handler returned. */
export function verdictCode(verdict: ObexVerdict | undefined): number {
  return verdict === undefined ? responseCodes.success : refusalCodes[verdict.refuse];
}

/** Every reason for which something is dropped. */
export const obexDropReasons = [
  /** Octets that are no OBEX, or a request that makes no sense at its place. */
  'protocol',
  /** CONNECT for another service. */
  'target',
  /** A wrong proof of the password, one after too many wrong ones, or none where one is wanted. */
  'credentials',
  /** A Connection Id that was not given. */
  'connection',
  /** A media type that is not ours. */
  'content-type',
  /** A DM message over a connection that is not protected as it has to be. */
  'insecure',
  'too-large',
  /** A GET, SETPATH or other request that a push has no use for. */
  'operation',
  /** The peer sent ABORT. */
  'aborted',
  /** The stream ended in the middle. */
  'incomplete',
  /** Nothing came for too long, or the session lasted too long. */
  'timeout',
  /** Too many connections, or closing. */
  'busy',
  /** The TLS connection was not made. */
  'tls',
] as const;

/** Why something was dropped. */
export type ObexDropReason = (typeof obexDropReasons)[number];

/** Counters of an OBEX receiver. */
export interface ObexCounters extends IntakeCounters<ObexDropReason> {
  /** Streams served, those that are open included. */
  readonly sessions: number;
  /** Pushes that the handler refused; they count as accepted too. */
  readonly refused: number;
}

/** Settings of a receiver. */
export interface ObexReceiverOptions {
  readonly handler: ObexPushHandler;
  /** Who may prove itself; one entry for each DM account with DMAcc settings of level `OBEX`. Default none. */
  readonly accounts?: readonly ObexCredentials[] | undefined;
  /**
   * What has to be proved where there are accounts: `messages` for DM messages, for Package #0 carries its own digest;
   * `always` for every CONNECT. Default `messages`.
   */
  readonly authenticate?: 'messages' | 'always' | undefined;
  /**
   * How a DM message has to be protected (DM-PUSH §5.4): `tls` takes one over TLS only, `authenticated` also when a
   * password of `accounts` was proved, `any` always. Without a proof it is challenged where there are accounts, else
   * answered Forbidden. Default `authenticated`.
   */
  readonly messages?: MessageProtection | undefined;
  /** True when streams are protected by themselves, by TLS or by an encrypted link to a peer that is known. Default false. */
  readonly secure?: boolean | undefined;
  /** Told with a challenge: what the password is for, up to 100 characters. Default none. */
  readonly realm?: string | undefined;
  /** Wrong proofs after which a session ends. Default 3. */
  readonly maxAttempts?: number | undefined;
  /**
   * Bounds of wrong proofs over all sessions, for each source and user; beyond them Service Unavailable, and the session
   * ends. Default `attemptGuardDefaults`.
   */
  readonly attempts?: AttemptGuardOptions | undefined;
  /** Service that this is: text of Target. Default `SYNCML-DM`. */
  readonly target?: string | undefined;
  /** True when a CONNECT without Target is refused. Default false: general OBEX clients send none. */
  readonly targetRequired?: boolean | undefined;
  /** Media type of an object that names none, or `undefined` to refuse it. Default: it is refused. */
  readonly typeOf?: ((object: { readonly name: string | undefined }) => string | undefined) | undefined;
  /** Octets of an object. Default 262 144. */
  readonly maxPayload?: number | undefined;
  /** Longest packet that we take, 255–65535; told to the peer. Default 8192. */
  readonly maxPacketLength?: number | undefined;
  /** Until the next packet is there, whole, in milliseconds. Default 30 000. */
  readonly idleMs?: number | undefined;
  /** Until a session is over, in milliseconds. Default 300 000. */
  readonly sessionMs?: number | undefined;
  /** For a handler, in milliseconds; then the peer is told to come again. Default 60 000. */
  readonly handlerMs?: number | undefined;
  /** For what is under way when `close` is called, in milliseconds. Default 5000. */
  readonly closeMs?: number | undefined;
  /** Called for each thing dropped. */
  readonly onDrop?: ((drop: DroppedPush & { readonly reason: ObexDropReason }) => void) | undefined;
  /** Called when the handler fails or a socket reports an error; the receiver goes on. */
  readonly onError?: ((error: unknown) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** Secure random octets. Default: the system's. */
  readonly random?: ((length: number) => Uint8Array) | undefined;
}

/** Defaults of `ObexReceiverOptions`. */
export const obexReceiverDefaults = Object.freeze({
  messages: 'authenticated',
  target: 'SYNCML-DM',
  maxPayload: 262_144,
  maxPacketLength: 8192,
  maxAttempts: 3,
  idleMs: 30_000,
  sessionMs: 300_000,
  handlerMs: 60_000,
  closeMs: 5000,
});

/** Longest realm, in UTF-16 units: with it a challenge fits the 255 octets that every peer takes. */
const maxRealm = 100;

/** Options with every default filled in. */
export type ObexReceiverSettings = ReturnType<typeof receiverSettings>;

/** Fills the defaults in. @throws {ValueError} OUT_OF_RANGE, or TOO_LONG for the realm */
export function receiverSettings(options: ObexReceiverOptions) {
  const whole = (
    name: 'maxPayload' | 'maxAttempts' | 'idleMs' | 'sessionMs' | 'handlerMs' | 'closeMs',
  ): number => wholeNumber(options[name] ?? obexReceiverDefaults[name], 1, longestMs, name);
  const { realm, clock = systemClock(), random = randomBytes } = options;
  if (realm !== undefined) {
    if (realm.length > maxRealm) {
      throw new ValueError('TOO_LONG', `${realm.length} characters, at most ${maxRealm} fit`, 'realm');
    }
    encodeChallenge({ nonce: new Uint8Array(nonceLength), realm });
  }
  oneOfWords(options.authenticate ?? 'messages', ['messages', 'always'], 'authenticate');
  const { maxPacketLength = obexReceiverDefaults.maxPacketLength } = options;
  return {
    target: utf8ToBytes(options.target ?? obexReceiverDefaults.target),
    maxPacketLength: wholeNumber(maxPacketLength, 255, 65535, 'maxPacketLength'),
    maxPayload: whole('maxPayload'),
    maxAttempts: whole('maxAttempts'),
    idleMs: whole('idleMs'),
    sessionMs: whole('sessionMs'),
    handlerMs: whole('handlerMs'),
    closeMs: whole('closeMs'),
    accounts: options.accounts ?? [],
    messages: oneOfWords<MessageProtection>(
      options.messages ?? obexReceiverDefaults.messages,
      messageProtections,
      'messages',
    ),
    secure: options.secure ?? false,
    clock,
    random,
  };
}
