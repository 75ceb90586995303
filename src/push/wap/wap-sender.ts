// Package #0 and DM messages as connectionless WAP push over UDP (DM-NOTI-1.3 §7.1, DM-PUSH §5.1.1).
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import {
  dmContentKind,
  encodePush,
  isProvisioningKind,
  type PushInput,
  package0HeaderBudget,
  type WspHeader,
} from '../../codec/wsp/index.ts';
import { PushError, ValueError, wholeNumber } from '../../core/index.ts';
import type { Binding, Push, PushContentType, Receipt } from '../index.ts';
import { resolvePushError, udpPushError } from './udp-error.ts';
import { type AddressFamily, UdpSender } from './udp-sender.ts';

/** Where a device listens. */
export interface WapTarget {
  /** IP address or host name. */
  readonly host: string;
  /** UDP port, 1–65535; devices listen on 2948. */
  readonly port: number;
}

/** Settings of a sender. */
export interface WapSenderOptions {
  /**
   * Largest datagram in octets, WSP headers included: 64–65507, default 1400. Beyond about 1400 the network cuts a
   * datagram into fragments, which many firewalls drop; raise it for pushed DM messages on networks known to carry them.
   */
  readonly maxDatagram?: number | undefined;
  /** WSP headers for every push, after X-Wap-Application-Id. Package #0 has room for 35 octets of them. */
  readonly headers?: readonly WspHeader[] | undefined;
  /** Finds the address of a host name. Default: the system's resolver. */
  readonly resolve?: ((host: string) => Promise<{ readonly address: string }>) | undefined;
}

/** Defaults of `WapSenderOptions`, and the bounds of `maxDatagram`. */
export const wapSenderDefaults = Object.freeze({ maxDatagram: 1400, minimum: 64, maximum: 65507 });

/**
 * Makes a sender. Nobody answers a datagram, so a receipt never says more than *sent*. One socket for each version of
 * IP serves all devices; transaction ids count up over all pushes.
 * @throws {ValueError} OUT_OF_RANGE for `maxDatagram`, or a header that cannot be written
 */
export function createWapSender(options: WapSenderOptions = {}): Binding<WapTarget> {
  const { maxDatagram = wapSenderDefaults.maxDatagram, headers = [], resolve = lookup } = options;
  wholeNumber(maxDatagram, wapSenderDefaults.minimum, wapSenderDefaults.maximum, 'maxDatagram');
  const udp = new UdpSender();
  const inFlight = new Set<Promise<Receipt>>();
  const envelopes = new Map<number, Uint8Array>();
  let closed = false;
  let transactionId = 0;

  /** Everything before the body, which is the same for all pushes of a type but for the TID. */
  const envelopeOf = (contentType: PushContentType): Uint8Array => {
    // Parameters belong to one push.
    const plain = contentType.parameters === undefined;
    const known = plain ? envelopes.get(contentType.code) : undefined;
    if (known !== undefined) return known;
    const kind = dmContentKind(contentType);
    const input: PushInput = {
      transactionId: 0,
      contentType,
      headers,
      body: new Uint8Array(),
      ...(isProvisioningKind(kind) && { applicationId: null }),
    };
    const made = encodePush(
      kind === 'notification' ? { ...input, headerBudget: package0HeaderBudget() } : input,
    );
    if (plain) envelopes.set(contentType.code, made);
    return made;
  };

  const deliver = async (push: Push, to: WapTarget, signal: AbortSignal): Promise<Receipt> => {
    const envelope = envelopeOf(push.contentType);
    const length = envelope.length + push.body.length;
    if (length > maxDatagram) {
      const detail = `${push.body.length} octets, ${maxDatagram - envelope.length} fit a datagram of ${maxDatagram}`;
      throw new ValueError('TOO_LONG', detail, 'body');
    }
    if (to.host === '') throw new ValueError('MISSING', 'needs a host', 'host');
    wholeNumber(to.port, 1, 65535, 'port');
    throwIfAborted(signal);
    let address = to.host;
    let family = isIP(address);
    if (family === 0) {
      address = await resolveHost(to.host, resolve, signal);
      family = isIP(address);
    }
    const datagram = new Uint8Array(length);
    datagram.set(envelope);
    datagram.set(push.body, envelope.length);
    transactionId = (transactionId + 1) & 0xff;
    datagram[0] = transactionId;
    try {
      await udp.send(datagram, toFamily(family), address, to.port);
    } catch (error) {
      throw udpPushError(error, showTarget(address, to.port));
    }
    return { outcome: 'sent' };
  };

  return {
    name: 'wap',
    maxPayload: maxDatagram - encodePush({ ...plainPush, headers }).length,
    send(push, to, signal) {
      if (closed) return Promise.reject(new PushError('CLOSED', 'the wap sender has been closed', true));
      const sending = deliver(push, to, signal);
      const settled = (): void => {
        inFlight.delete(sending);
      };
      inFlight.add(sending);
      sending.then(settled, settled);
      return sending;
    },
    async close() {
      closed = true;
      await Promise.allSettled(inFlight);
      await udp.close();
    },
  };
}

const plainPush: PushInput = { transactionId: 0, contentType: { code: 0x44 }, body: new Uint8Array() };

async function resolveHost(
  host: string,
  resolve: (host: string) => Promise<{ readonly address: string }>,
  signal: AbortSignal,
): Promise<string> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(abortError(signal));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    const found = await Promise.race([
      resolve(host).catch((error) => {
        throw resolvePushError(error, host);
      }),
      aborted,
    ]);
    return found.address;
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortError(signal);
}

function abortError(signal: AbortSignal): PushError {
  return new PushError('ABORTED', 'the push was aborted before it was sent', true, { cause: signal.reason });
}

function toFamily(family: number): AddressFamily {
  return family === 6 ? 6 : 4;
}

/** `host:port`, with brackets around an IPv6 address. */
function showTarget(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
