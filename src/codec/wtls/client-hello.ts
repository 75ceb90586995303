// The terminal's hello (WTLS §10.5.1), and how much a stranger has to send before it gets one.
import type { CipherSuite } from './cipher-suite.ts';
import { suitesToOffer } from './client-choice.ts';
import { nullCompression, sequenceModes, wtlsVersion } from './code-points.ts';
import { encodeHandshake } from './handshake.ts';
import { randomOctets } from './hello.ts';
import { noKeyIds } from './key-id.ts';
import { recordHeaderOctets } from './record.ts';
import { anonymousOffer, offerOf, type WtlsSecret } from './secret.ts';

/** What goes into it. */
export interface ClientHelloParts {
  readonly random: Uint8Array;
  readonly secrets: readonly Pick<WtlsSecret, 'identity'>[];
  readonly anonymous: boolean;
  readonly suites: readonly CipherSuite[];
  readonly keyRefresh: number;
}

/** The message, with its header. @throws {ValueError} */
export function clientHelloOf({
  random,
  secrets,
  anonymous,
  suites,
  keyRefresh,
}: ClientHelloParts): Uint8Array {
  const offers = secrets.map(({ identity }) => offerOf(identity));
  return encodeHandshake({
    type: 'client-hello',
    hello: {
      version: wtlsVersion,
      random,
      sessionId: new Uint8Array(0),
      clientKeyIds: { ...noKeyIds, keyIds: anonymous ? [...offers, anonymousOffer] : offers },
      trustedKeyIds: noKeyIds,
      cipherSuites: suites.map(({ numbers }) => numbers),
      compressionMethods: [nullCompression],
      sequenceMode: sequenceModes.explicit,
      keyRefresh,
    },
  });
}

/** What a stranger may get for what it sends, in octets, headers included: its address may be another's. */
export const amplification = 2.5;

/**
 * Octets of the headers of IPv4 and UDP. Those of IPv6 are longer, which makes the ratio smaller: no more datagrams go than
 * came.
 */
export const headerOctets = 28;

/** Octets of the record in which a server asks for a handshake. */
const helloRequestOctets = recordHeaderOctets + 3;

/**
 * HelloRequests after which a terminal answers with a ClientHello that offers these secrets: 1 for one identity of up to
 * 21 octets, one more for about every 90 octets beyond. Servers of ours send four in 14 seconds.
 * @throws {ValueError} for more than fits
 */
export function helloRequestsFor(
  secrets: readonly Pick<WtlsSecret, 'identity'>[],
  anonymous: boolean,
): number {
  const random = new Uint8Array(randomOctets);
  const suites = suitesToOffer(anonymous);
  const hello = clientHelloOf({ random, secrets, anonymous, suites, keyRefresh: 0 });
  const octets = recordHeaderOctets + hello.length + headerOctets;
  return Math.ceil(octets / (amplification * (helloRequestOctets + headerOctets)));
}
