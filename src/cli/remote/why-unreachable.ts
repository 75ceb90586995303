// Why a server cannot be reached, in words that say what to do.
import { reasonOf } from '../io/input.ts';

/** Of certificates that no known authority vouches for. */
const untrusted: readonly string[] = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];
/** Of answers to a TLS hello that are none. */
const notTls: readonly string[] = ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'];
/** Of connections that the other side has closed in place of an answer. */
const closed: readonly string[] = ['UND_ERR_SOCKET', 'ECONNRESET'];

/** What is said of it behind "does not answer". @param origin scheme, host and port that were asked */
export function whyUnreachable(origin: string, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (untrusted.includes(code)) {
    return 'no authority that is known here vouches for its certificate; NODE_EXTRA_CA_CERTS names a file (PEM) with further ones';
  }
  if (notTls.includes(code)) return 'it does not speak TLS there; give http: or another port';
  if (closed.includes(code) && origin.startsWith('http:')) {
    return 'it closed the connection; if it speaks TLS there, give https:';
  }
  return reasonOf(cause).trim();
}
