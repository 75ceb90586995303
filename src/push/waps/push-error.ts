// What went wrong with a push over WTLS, as PushErrors.
import type { WtlsFailure } from '../../codec/wtls/index.ts';
import { PushError } from '../../core/index.ts';

const failures: Readonly<Record<WtlsFailure, { readonly code: string; readonly why: string }>> = {
  'no-answer': { code: 'TIMEOUT', why: 'does not answer' },
  malformed: { code: 'WTLS_MALFORMED', why: 'answered with octets that cannot be read' },
  'unexpected-message': { code: 'WTLS_UNEXPECTED', why: 'answered out of turn' },
  version: { code: 'WTLS_VERSION', why: 'speaks another version of WTLS' },
  'nothing-in-common': {
    code: 'WTLS_NOTHING_IN_COMMON',
    why: 'offers no key exchange and cipher that are allowed here',
  },
  'unknown-identity': { code: 'WTLS_IDENTITY', why: 'offers no identity that is configured for it' },
  'illegal-parameter': { code: 'WTLS_PARAMETER', why: 'chose what was not offered' },
  'wrong-secret': {
    code: 'WTLS_SECRET',
    why: 'proved another secret than the one configured for its identity',
  },
  'finished-mismatch': { code: 'WTLS_FINISHED', why: 'has not seen the same handshake' },
  alert: { code: 'WTLS_ALERT', why: 'refused the handshake' },
  displaced: { code: 'WTLS_DISPLACED', why: 'gave way to a newer handshake' },
  busy: { code: 'WTLS_BUSY', why: 'has exchanged too many keys of late' },
  cancelled: { code: 'ABORTED', why: 'the handshake was given up' },
};

/**
 * The error of a handshake from `localPort` (0: any free one) that failed. It is retryable whatever the reason: nothing of a handshake is proved before its
 * end, so anybody on the way could have caused it.
 */
export function handshakePushError(
  reason: WtlsFailure,
  detail: string,
  peer: string,
  localPort: number,
): PushError {
  const { code, why } = failures[reason];
  // What happens after a restart of ours, and cannot be told from a device that is not there.
  const hint =
    reason === 'no-answer' && localPort !== 0
      ? `; a terminal that still holds a session with local port ${localPort} ignores it: use another localPort, or wait until that session ends`
      : '';
  return new PushError(code, `${peer}: ${why} (${detail})${hint}`, true);
}
