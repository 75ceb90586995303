// Responses to a request (RFC 3261 §8.2.6).
import { headersOf } from './fields.ts';
import type { SipHeader, SipRequest, SipResponse } from './message.ts';
import { readNameAddr } from './name-addr.ts';
import { reasonPhrase } from './status.ts';
import { formatVia, type Via } from './via.ts';

/** What a response says beyond its status. */
export interface ResponseParts {
  /** Tag for To when the request has none there; a final response needs one (§8.2.6.2). */
  readonly toTag?: string | undefined;
  /** The topmost Via as `stampVia` gave it. Default: as it came. */
  readonly topVia?: Via | undefined;
  readonly headers?: readonly SipHeader[] | undefined;
  /** Default: the registered phrase. */
  readonly reason?: string | undefined;
}

/**
 * A response with the fields that have to be copied from the request.
 * @throws {DecodeError} when a tag has to be set and To cannot be read
 */
export function createResponse(request: SipRequest, status: number, parts: ResponseParts = {}): SipResponse {
  const copied: SipHeader[] = [];
  let { topVia } = parts;
  for (const { name, value } of headersOf(request, 'Via')) {
    copied.push({ name, value: topVia === undefined ? value : withFirst(value, formatVia(topVia)) });
    topVia = undefined;
  }
  for (const name of ['From', 'To', 'Call-ID', 'CSeq']) {
    for (const { value } of headersOf(request, name).slice(0, 1)) {
      copied.push({ name, value: name === 'To' ? withTag(value, parts.toTag) : value });
    }
  }
  return {
    kind: 'response',
    status,
    reason: parts.reason ?? reasonPhrase(status),
    headers: [...copied, ...(parts.headers ?? [])],
    body: new Uint8Array(),
  };
}

/** A list with another first element. */
function withFirst(list: string, first: string): string {
  const comma = endOfFirst(list);
  return comma < 0 ? first : first + list.slice(comma);
}

/** Where the first comma outside of quotes stands, or -1. */
function endOfFirst(list: string): number {
  let quoted = false;
  for (let at = 0; at < list.length; at += 1) {
    const character = list.charAt(at);
    if (quoted && character === '\\') at += 1;
    else if (character === '"') quoted = !quoted;
    else if (character === ',' && !quoted) return at;
  }
  return -1;
}

function withTag(to: string, tag: string | undefined): string {
  if (tag === undefined || hasTag(to)) return to;
  // Without angle brackets what follows belongs to the header field as well (§20.10).
  return `${to};tag=${tag}`;
}

function hasTag(to: string): boolean {
  return readNameAddr({ text: to, path: 'To', offset: 0 }).parameters.has('tag');
}
