// What a server takes of a terminal's offers (WTLS §10.5.1).
import { equalConstantTime } from '../../core/index.ts';
import { type CipherSuite, desSuite, findSuite, tripleDesSuite } from './cipher-suite.ts';
import { keyExchanges, nullCompression, sequenceModes, wtlsVersion } from './code-points.ts';
import type { ClientHello } from './hello.ts';
import { identityOf, type WtlsSecret } from './secret.ts';
import type { WtlsFailure } from './step.ts';

/** What we chose of the client's offers. */
export interface ServerChoice {
  readonly clientRandom: Uint8Array;
  /** Its place in the client's list, from 1. */
  readonly clientKeyId: number;
  readonly suite: CipherSuite;
  readonly keyRefresh: number;
  /** `undefined` for RSA_anon. */
  readonly secret: WtlsSecret | undefined;
}

/** Nothing of it can be taken. */
export interface Refusal {
  readonly reason: WtlsFailure;
  readonly detail: string;
}

/** What the server allows. */
export interface Allowed {
  readonly secrets: readonly WtlsSecret[];
  /** RSA_anon too. */
  readonly anonymous: boolean;
  readonly keyRefresh: number;
}

/** Chooses the first of the client's keys that is allowed, and for it the first of the client's suites. */
export function chooseFrom(hello: ClientHello, allowed: Allowed): ServerChoice | Refusal {
  if (hello.version !== wtlsVersion) return { reason: 'version', detail: `version ${hello.version}` };
  if (hello.sequenceMode !== sequenceModes.explicit) return nothing('no explicit sequence numbers');
  if (!hello.compressionMethods.includes(nullCompression)) return nothing('only with compression');
  const keyRefresh = Math.min(hello.keyRefresh, allowed.keyRefresh);
  const clientRandom = hello.random.slice();
  let strangers = 0;
  for (const [index, keyId] of hello.clientKeyIds.keyIds.entries()) {
    const identity = identityOf(keyId);
    const secret = allowed.secrets.find((one) => equals(one.identity, identity));
    const anonymous = keyId.keyExchange === keyExchanges.rsaAnonymous && allowed.anonymous;
    if (identity !== undefined && secret === undefined) strangers += 1;
    if (secret === undefined && !anonymous) continue;
    const suite = firstSuite(hello, anonymous ? [tripleDesSuite, desSuite] : [tripleDesSuite]);
    if (suite === undefined) return nothing('no cipher suite that is allowed with this key');
    return { clientRandom, clientKeyId: index + 1, suite, keyRefresh, secret };
  }
  if (strangers === 0) return nothing('no key exchange that is allowed');
  return { reason: 'unknown-identity', detail: 'the terminal offers other identities than expected' };
}

function nothing(detail: string): Refusal {
  return { reason: 'nothing-in-common', detail };
}

function firstSuite(hello: ClientHello, allowed: readonly CipherSuite[]): CipherSuite | undefined {
  for (const numbers of hello.cipherSuites) {
    const suite = findSuite(numbers, allowed);
    if (suite !== undefined) return suite;
  }
  return undefined;
}

/** For octets that are no secret. */
function equals(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && equalConstantTime(a, b);
}
