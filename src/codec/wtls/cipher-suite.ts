// The cipher suites that we speak: a bulk cipher with SHA (WTLS §9.2.3, appendix A). No NULL, no shortened keys or MACs.
import { bulkCiphers, macAlgorithms } from './code-points.ts';
import type { CipherSuiteNumbers } from './hello.ts';

/** Sizes of a suite, in octets. */
export interface CipherSuite {
  readonly name: WtlsCipherName;
  readonly numbers: CipherSuiteNumbers;
  readonly keyOctets: number;
}

/** Bulk ciphers by their printed names. */
export type WtlsCipherName = '3DES_CBC_EDE' | 'DES_CBC';

/** Triple DES with SHA: the suite of the profile. */
export const tripleDesSuite: CipherSuite = {
  name: '3DES_CBC_EDE',
  numbers: { bulk: bulkCiphers.tripleDesCbcEde, mac: macAlgorithms.sha },
  keyOctets: 24,
};

/** Single DES with SHA: only with RSA_anon, for checks against other implementations. */
export const desSuite: CipherSuite = {
  name: 'DES_CBC',
  numbers: { bulk: bulkCiphers.desCbc, mac: macAlgorithms.sha },
  keyOctets: 8,
};

/** Octets of the MAC and of its secret, of the block, and of the initialisation vector: the same for all suites. */
export const suiteOctets = { mac: 20, macSecret: 20, block: 8, iv: 8 } as const;

/** The suite of these numbers, among those that are allowed; `undefined` when there is none. */
export function findSuite(
  numbers: CipherSuiteNumbers,
  allowed: readonly CipherSuite[],
): CipherSuite | undefined {
  return allowed.find((suite) => suite.numbers.bulk === numbers.bulk && suite.numbers.mac === numbers.mac);
}
