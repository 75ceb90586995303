// What a terminal makes of a server's choice (WTLS §10.5.1): nothing is taken that was not offered.
import {
  type CipherSuite,
  desSuite,
  findSuite,
  tripleDesSuite,
  type WtlsCipherName,
} from './cipher-suite.ts';
import { nullCompression, sequenceModes, wtlsVersion } from './code-points.ts';
import type { RsaPublicKey } from './handshake.ts';
import type { ServerHello } from './hello.ts';
import type { WtlsSecret } from './secret.ts';
import type { WtlsFailure } from './step.ts';

/** What the server chose. */
export interface ClientChoice {
  readonly serverRandom: Uint8Array;
  readonly keyRefresh: number;
  readonly suite: CipherSuite;
  /** `undefined` for RSA_anon. */
  readonly secret: WtlsSecret | undefined;
}

/** What was offered. */
export interface Offered {
  readonly secrets: readonly WtlsSecret[];
  readonly anonymous: boolean;
  readonly suites: readonly CipherSuite[];
  readonly keyRefresh: number;
}

/** Suites to offer: triple DES, and with RSA_anon those of `ciphers`. */
export function suitesToOffer(
  anonymous: boolean,
  ciphers: readonly WtlsCipherName[] = [tripleDesSuite.name, desSuite.name],
): readonly CipherSuite[] {
  if (!anonymous) return [tripleDesSuite];
  return ciphers.map((name) => (name === desSuite.name ? desSuite : tripleDesSuite));
}

/** The server's choice, or why it is none. */
export function choiceOf(
  hello: ServerHello,
  offered: Offered,
): ClientChoice | { readonly reason: WtlsFailure; readonly detail: string } {
  const { secrets, suites } = offered;
  const refuse = (detail: string) => ({ reason: 'illegal-parameter', detail }) as const;
  if (hello.version !== wtlsVersion) return { reason: 'version', detail: `version ${hello.version}` };
  const isAnonymous = offered.anonymous && hello.clientKeyId === secrets.length + 1;
  const secret = secrets[hello.clientKeyId - 1];
  if (secret === undefined && !isAnonymous) {
    return refuse(`key identifier ${hello.clientKeyId} was not offered`);
  }
  const suite = findSuite(hello.cipherSuite, isAnonymous ? suites : [tripleDesSuite]);
  if (suite === undefined) return refuse('this cipher suite was not offered for this key');
  if (hello.compressionMethod !== nullCompression) return refuse('compression was not offered');
  if (hello.sequenceMode !== sequenceModes.explicit) return refuse('sequence numbers have to be explicit');
  const { keyRefresh } = hello;
  if (keyRefresh > offered.keyRefresh) return refuse('keys would be renewed less often than offered');
  return { serverRandom: hello.random.slice(), keyRefresh, suite, secret };
}

/** 1024 to 4096 bits: less protects nothing, more costs too much. */
export function isUsable({ exponent, modulus }: RsaPublicKey): boolean {
  return modulus.length >= 128 && modulus.length <= 512 && exponent.length >= 1 && exponent.length <= 4;
}
