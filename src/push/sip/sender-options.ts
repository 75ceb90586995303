// Settings of a sender of pushes over SIP.

import type { ApplicationFeatureTag, DigestAlgorithm, SipHeader } from '../../codec/sip/index.ts';
import { headerName, isToken } from '../../codec/sip/index.ts';
import { type Clock, ValueError } from '../../core/index.ts';
import type { ResolveHost, TlsClientOptions } from '../index.ts';
import type { SipCredentials } from './authenticator.ts';
import type { SipTimers } from './timers.ts';

/** Where a device is reached. */
export interface SipTarget {
  /** Address of record or GRUU: `sip:USER@DOMAIN`, `sip:USER@DOMAIN;gr=…`; `sips:` asks for TLS on every hop. */
  readonly uri: string;
}

/** Settings of a sender. */
export interface SipSenderOptions {
  /** Address of record of the DM server, which stands in From: `sip:dms@example.com`. */
  readonly from: string;
  /**
   * First hop of every push: `sip:HOST[:PORT][;transport=udp|tcp|tls]`, or `sips:HOST` for TLS. Without `transport` a
   * push goes over UDP, and over TCP when it is beyond 1300 octets. Default: the host of the device's own address.
   */
  readonly outboundProxy?: string | undefined;
  /** Shown to proxies and servers that ask; several for several realms. Default none. */
  readonly credentials?: SipCredentials | readonly SipCredentials[] | undefined;
  /** Hashes that may prove a password; the first challenge that names one of them is answered. Default both. */
  readonly algorithms?: readonly DigestAlgorithm[] | undefined;
  /** Spelling of the feature tag in Accept-Contact (spec-notes ruling 9). Default `specified`. */
  readonly featureTag?: ApplicationFeatureTag | undefined;
  /**
   * Header fields for every push, such as P-Preferred-Service or Route. With Expires, a push whose own life is longer says
   * that number of seconds. Default none.
   */
  readonly headers?: readonly SipHeader[] | undefined;
  /** Octets of a body, at most, over TCP and TLS. Default 65 535. */
  readonly maxPayload?: number | undefined;
  /** TLS options; the chain and the host's name are verified unless they say otherwise. */
  readonly tls?: TlsClientOptions | undefined;
  /** Until a connection stands, TLS included, in milliseconds. Default 10 000. */
  readonly connectMs?: number | undefined;
  /** Without traffic for so long a connection is closed, in milliseconds. Default 300 000. */
  readonly idleMs?: number | undefined;
  /** Base times of transactions. Default those of RFC 3261: an answer is waited for 32 s. */
  readonly timers?: Partial<SipTimers> | undefined;
  /** Finds the address of a host name. Default: the system's resolver. */
  readonly resolve?: ResolveHost | undefined;
  readonly clock?: Clock | undefined;
  /** Secure random octets. Default: the system's. */
  readonly random?: ((length: number) => Uint8Array) | undefined;
  /** Called when a socket reports an error that concerns no push. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Defaults of `SipSenderOptions`. */
export const sipSenderDefaults = Object.freeze({
  maxPayload: 65_535,
  connectMs: 10_000,
  idleMs: 300_000,
  featureTag: 'specified' as const,
});

/** Fields that we write ourselves. */
const ours: ReadonlySet<string> = new Set([
  'Via',
  'Max-Forwards',
  'From',
  'To',
  'Call-ID',
  'CSeq',
  'Contact',
  'Accept-Contact',
  'Authorization',
  'Proxy-Authorization',
  'Content-Type',
  'Content-Length',
  'Date',
]);

/** @throws {ValueError} BAD_FORMAT for a field that cannot be written, or that is not for the caller to set */
export function checkHeaders(headers: readonly SipHeader[]): readonly SipHeader[] {
  for (const { name, value } of headers) {
    const path = `headers.${name}`;
    if (!isToken(name)) throw new ValueError('BAD_FORMAT', 'is not the name of a header field', path);
    if (ours.has(headerName(name))) throw new ValueError('BAD_FORMAT', 'is set by the sender itself', path);
    if (/[\r\n\0]/.test(value)) throw new ValueError('BAD_FORMAT', 'holds a line break', path);
  }
  return headers;
}
