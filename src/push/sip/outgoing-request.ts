// A request as it leaves: with its Via, and within what UDP may carry (RFC 3261 §8.1.1, §18.1.1).
import { branchCookie, formatSipHead, hostPortText, type SipHeader } from '../../codec/sip/index.ts';
import { ValueError } from '../../core/index.ts';
import type { SipFlow } from './flow.ts';

/** Largest request that may go over UDP, in octets, where the path's MTU is not known (RFC 3261 §18.1.1, RFC 3428 §8). */
export const maxUdpRequest = 1300;

/** A request to send; Via, Max-Forwards and Content-Length are added. */
export interface OutgoingRequest {
  readonly method: string;
  readonly requestUri: string;
  readonly headers: readonly SipHeader[];
  /** More of them as `formatSipHeaders` gave them, once for all requests that have the same. Default none. */
  readonly prepared?: string | undefined;
  readonly body: Uint8Array;
}

/** The request as octets for this way. `branch` goes without its cookie. @throws {ValueError} BAD_FORMAT */
export function encodeRequest(
  request: OutgoingRequest,
  flow: Pick<SipFlow, 'protocol' | 'local'>,
  branch: string,
): Uint8Array {
  const { method, requestUri, headers, prepared, body } = request;
  const { address: host, port } = flow.local;
  const via = `SIP/2.0/${flow.protocol} ${hostPortText({ host, port })};rport;branch=${branchCookie}${branch}`;
  const all = [{ name: 'Via', value: via }, maxForwards, ...headers];
  const head = formatSipHead({ kind: 'request', method, requestUri, headers: all, body }, prepared);
  // Of Node's pool: octets of their own would take longer to allocate than to write.
  const headOctets = Buffer.byteLength(head);
  const octets = Buffer.allocUnsafe(headOctets + body.length);
  octets.write(head);
  octets.set(body, headOctets);
  return octets;
}

const maxForwards: SipHeader = { name: 'Max-Forwards', value: '70' };

/** Random octets in a branch. */
export const branchOctets = 12;

/** Octets that a request has over UDP, with the longest IPv4 address and port in its Via. */
export function requestOctets(request: OutgoingRequest): number {
  const local = { address: '255.255.255.255', port: 65535 };
  return encodeRequest(request, { protocol: 'UDP', local }, '0'.repeat(branchOctets * 2)).length;
}

/** The error of a request that UDP may not carry. */
export function tooLong(octets: number): ValueError {
  const detail = `the request has ${octets} octets, at most ${maxUdpRequest} go over UDP; use TCP or TLS`;
  return new ValueError('TOO_LONG', detail, 'body', { doc: 'RFC 3261', section: '18.1.1' });
}
