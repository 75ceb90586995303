// The device's end of push over SIP (DM-NOTI-1.3 §7.3, DM-PUSH §5.2): registers, takes MESSAGE, answers at once, and only
// then hands over what is for the DM client.
import { lookup } from 'node:dns/promises';
import type { TlsOptions } from 'node:tls';
import { sipLimits } from '../../codec/sip/index.ts';
import { type Clock, ConfigError, longestMs, systemClock, wholeNumber } from '../../core/index.ts';
import {
  type DroppedPush,
  type InboundBounds,
  type IntakeCounters,
  inboundDefaults,
  type PendingBounds,
  PushIntake,
  type PushReceiver,
  pendingDefaults,
  type ResolveHost,
  requireListen,
  requirePort,
  type TlsClientOptions,
} from '../index.ts';
import { admit, type Inadmissible, type ReceivedSipPush } from './admission.ts';
import { DuplicateMemory } from './duplicate-memory.ts';
import { SipEndpoint } from './endpoint.ts';
import { registrationSettings, type SipRegistrationOptions } from './registration-options.ts';
import type { EndpointDrop, IncomingRequest } from './server-side.ts';
import { SipRegistration } from './sip-registration.ts';
import { type SipTimers, timersFrom, transactionMs } from './timers.ts';

/** Takes a push that is meant for the DM client. It has been answered by then. */
export type SipPushHandler = (push: ReceivedSipPush) => void | Promise<void>;

/** Why something was dropped; `duplicate` came by a second way, `retransmission` by the same. */
export type SipDropReason = Inadmissible | EndpointDrop | 'duplicate';

/** Every reason for which something is dropped. */
const sipDropReasons = [
  'malformed',
  'method',
  'extension',
  'options',
  'dialog',
  'request-uri',
  'content-type',
  'content-encoding',
  'application-id',
  'too-large',
  'duplicate',
  'retransmission',
  'stray-response',
  'busy',
  'timeout',
  'tls',
] as const satisfies readonly SipDropReason[];

/** Counters of a SIP listener. */
export type SipCounters = IntakeCounters<SipDropReason>;

/** Settings of a listener. */
export interface SipListenerOptions extends InboundBounds, PendingBounds {
  /** Port of UDP and TCP, default 5060; 0 takes any free one. */
  readonly port?: number | undefined;
  /** IP address to listen on. Default: all, of both versions of IP. */
  readonly address?: string | undefined;
  /** Whether to listen on UDP. Default true. */
  readonly udp?: boolean | undefined;
  /** Whether to listen on TCP. Default true. */
  readonly tcp?: boolean | undefined;
  /** TLS with the device's certificate, on a port of its own: default 5061, 0 takes any free one. Default none. */
  readonly tls?: { readonly port?: number | undefined; readonly options: TlsOptions } | undefined;
  /** TLS of connections to the registrar; chain and host name are verified unless it says otherwise. */
  readonly tlsClient?: TlsClientOptions | undefined;
  /** How the device registers. Default: not at all. */
  readonly registration?: SipRegistrationOptions | undefined;
  /**
   * Which users pushes are taken for, instead of those of `registration`: for a socket that many devices share, of which each
   * registers by `register`. Gets the user part of the Request-URI, without escapes; others are answered 404. Default: those
   * of `registration`, else any.
   */
  readonly serves?: ((user: string) => boolean) | undefined;
  readonly handler: SipPushHandler;
  /** Called for each thing dropped. */
  readonly onDrop?: ((drop: DroppedPush & { readonly reason: SipDropReason }) => void) | undefined;
  /** Called when the handler fails or a socket reports an error; the listener goes on. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Octets of a body, at most. Default 262 144. */
  readonly maxPayload?: number | undefined;
  /**
   * Without traffic for so long a connection that a peer opened is closed, in milliseconds. Default 300 000. One that has
   * carried no valid request within the time of a transaction, 32 s, ends in any case.
   */
  readonly idleMs?: number | undefined;
  /** True when a push has to name the application in Accept-Contact. Default false: proxies may strip it. */
  readonly applicationIdRequired?: boolean | undefined;
  /** Until a connection stands, in milliseconds. Default 10 000. */
  readonly connectMs?: number | undefined;
  /** Base times of transactions. Default those of RFC 3261. */
  readonly timers?: Partial<SipTimers> | undefined;
  /** Finds the address of a host name. Default: the system's resolver. */
  readonly resolve?: ResolveHost | undefined;
  readonly clock?: Clock | undefined;
  /** Secure random octets. Default: the system's. */
  readonly random?: ((length: number) => Uint8Array) | undefined;
}

/** Registered port of SIP over UDP and TCP. */
export const sipPort = 5060;
/** Registered port of SIP over TLS. */
export const sipsPort = 5061;

/** Defaults of `SipListenerOptions`. */
export const sipListenerDefaults = Object.freeze({
  ...inboundDefaults,
  ...pendingDefaults,
  port: sipPort,
  tlsPort: sipsPort,
  maxPayload: sipLimits.maxBody,
  connectMs: 10_000,
  idleMs: 300_000,
});

/** Seconds that a peer is asked to wait when there is too much. */
const busySeconds = 10;
/** Devices that are taken off their registrars at a time. */
const unregistered = 32;

/** Listens for pushes, and keeps the device registered. */
export class SipListener implements PushReceiver {
  readonly name = 'sip';
  /** The device's registration; `undefined` when none was asked for. */
  readonly registration: SipRegistration | undefined;
  readonly #options: SipListenerOptions;
  readonly #endpoint: SipEndpoint;
  readonly #duplicates: DuplicateMemory;
  readonly #intake: PushIntake<SipDropReason, ReceivedSipPush>;
  readonly #maxPayload: number;
  readonly #more = new Set<SipRegistration>();
  #started = false;
  #closing: Promise<void> | undefined;

  /**
   * Does nothing before `start`.
   * @throws {ValueError} for a setting that cannot be used
   * @throws {ConfigError} for a port or an address that is none, or nothing to listen on
   */
  constructor(options: SipListenerOptions) {
    this.#options = options;
    const d = sipListenerDefaults;
    const { clock = systemClock(), maxPayload = d.maxPayload } = options;
    const { port = d.port, udp = true, tcp = true, tls } = options;
    requireListen('SIP', port, options.address);
    requirePort('SIP', tls?.port ?? d.tlsPort, 'tls.port');
    if (!udp && !tcp && tls === undefined) {
      throw new ConfigError('udp, tcp, tls: choose at least one to listen on');
    }
    const timers = timersFrom(options.timers);
    this.#intake = new PushIntake({ ...options, binding: this.name, reasons: sipDropReasons });
    this.#maxPayload = wholeNumber(maxPayload, 0, sipLimits.maxBody, 'maxPayload');
    this.#duplicates = new DuplicateMemory(clock, transactionMs(timers));
    const settings = {
      clock,
      timers,
      limits: sipLimits,
      connectMs: wholeNumber(options.connectMs ?? d.connectMs, 1, longestMs, 'connectMs'),
      // The connection to the registrar may be its way to us.
      idleMs: 0,
      messageMs: transactionMs(timers),
      inboundIdleMs: wholeNumber(options.idleMs ?? d.idleMs, 1, longestMs, 'idleMs'),
      inbound: options,
      maxServerTransactions: 10_000,
      tls: options.tlsClient ?? {},
      resolve: options.resolve ?? lookup,
      random: options.random,
    };
    this.#endpoint = new SipEndpoint(settings, {
      request: (incoming) => this.#take(incoming),
      dropped: (reason, detail, from, octets) => this.#intake.drop(reason, detail, from, octets),
      error: (error) => this.#intake.report(error),
    });
    this.registration =
      options.registration === undefined ? undefined : this.#newRegistration(options.registration);
  }

  /**
   * Registers one more device on the sockets of this listener, at once and until `close`; `start` comes before. Pushes for
   * it are taken where `serves` says so.
   * @throws {ValueError} for a setting that cannot be used
   */
  register(options: SipRegistrationOptions): SipRegistration {
    const registration = this.#newRegistration(options);
    this.#more.add(registration);
    registration.start();
    return registration;
  }

  #newRegistration(options: SipRegistrationOptions): SipRegistration {
    return new SipRegistration(this.#endpoint, registrationSettings(options), (error) =>
      this.#intake.report(error),
    );
  }

  /**
   * Starts listening and registering; resolves with the port of UDP and TCP (or of TLS alone) once peers can be heard.
   * Whether the registrar takes the device is said by `registration`.
   * @throws {ConfigError} a port is in use or not allowed, the address is not one of this machine, or TLS cannot be set up
   */
  async start(): Promise<number> {
    const { port = sipPort, address, udp = true, tcp = true, tls } = this.#options;
    if (this.#started) throw new ConfigError('this listener has been started before');
    this.#started = true;
    await this.#endpoint.listen({
      port,
      address,
      udp,
      tcp,
      tls: tls === undefined ? undefined : { port: tls.port ?? sipsPort, options: tls.options },
    });
    this.registration?.start();
    const { ports } = this.#endpoint;
    return ports.udp ?? ports.tcp ?? ports.tls ?? port;
  }

  /** Port of TLS; `undefined` when there is none. */
  get tlsPort(): number | undefined {
    return this.#endpoint.ports.tls;
  }

  counters(): SipCounters {
    return this.#intake.counters();
  }

  /** Takes all devices off their registrars, some at a time, then stops receiving. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.registration?.stop();
      const left = [...this.#more];
      const stopNext = async (): Promise<void> => {
        for (let next = left.pop(); next !== undefined; next = left.pop()) await next.stop();
      };
      await Promise.all(Array.from({ length: unregistered }, stopNext));
      await this.#endpoint.close();
    })();
    return this.#closing;
  }

  #own(): ((user: string) => boolean) | undefined {
    const users = this.registration?.users();
    return users && ((user) => users.has(user));
  }

  #take(incoming: IncomingRequest): void {
    const { request, core, octets, from, respond, served } = incoming;
    const rules = {
      serves: this.#options.serves ?? this.#own(),
      maxPayload: this.#maxPayload,
      applicationIdRequired: this.#options.applicationIdRequired === true,
    };
    const admission = admit(request, core, rules);
    if ('push' in admission || admission.reason === 'options') served();
    if (!('push' in admission)) {
      respond(admission.status, { headers: admission.headers });
      this.#intake.drop(admission.reason, admission.detail, from, octets);
      return;
    }
    const full = this.#intake.full(from);
    if (full !== undefined) {
      respond(503, { headers: [{ name: 'Retry-After', value: String(busySeconds) }] });
      this.#intake.drop('busy', full, from, octets);
      return;
    }
    // The peer learns that the device has it before anything is made of it (RFC 3428 §7).
    respond(200);
    const tag = core.from.parameters.get('tag') ?? '';
    if (this.#duplicates.seen(JSON.stringify([core.callId, core.cseq.sequence, tag]))) {
      this.#intake.drop('duplicate', 'came by a second way', from, octets);
      return;
    }
    void this.#intake.hand({ ...admission.push, from });
  }
}
