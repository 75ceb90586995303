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
import { ValueError, wholeNumber } from '../../core/index.ts';
import {
  addressOfHost,
  type Binding,
  type PushContentType,
  type ResolveHost,
  type SendResult,
  showPeer,
  socketPushError,
  tracked,
  UdpSockets,
} from '../index.ts';

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
  readonly resolve?: ResolveHost | undefined;
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
  // What arrives is ignored, and every send has an error of its own.
  const udp = new UdpSockets({ port: 0, onDatagram: () => {}, onError: () => {} });
  const envelopes = new Map<number, Uint8Array>();
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

  return tracked<WapTarget>({
    name: 'wap',
    maxPayload: maxDatagram - encodePush({ ...plainPush, headers }).length,
    close: () => udp.close(),
    async deliver({ contentType, body }, { host, port }, signal) {
      const envelope = envelopeOf(contentType);
      const length = envelope.length + body.length;
      if (length > maxDatagram) {
        const detail = `${body.length} octets, ${maxDatagram - envelope.length} fit a datagram of ${maxDatagram}`;
        throw new ValueError('TOO_LONG', detail, 'body');
      }
      if (host === '') throw new ValueError('MISSING', 'needs a host', 'host');
      wholeNumber(port, 1, 65535, 'port');
      // A host that is an address needs no turn of its own.
      const known = !signal.aborted && isIP(host) !== 0;
      const address = known ? host : await addressOfHost(host, resolve, signal);
      const datagram = new Uint8Array(length);
      datagram.set(envelope);
      datagram.set(body, envelope.length);
      transactionId = (transactionId + 1) & 0xff;
      datagram[0] = transactionId;
      try {
        await udp.send(datagram, { address, port });
      } catch (error) {
        throw socketPushError(error, showPeer({ address, port }));
      }
      return sent;
    },
  });
}

const sent: SendResult = Object.freeze({ outcome: 'sent' });

const plainPush: PushInput = { transactionId: 0, contentType: { code: 0x44 }, body: new Uint8Array() };
