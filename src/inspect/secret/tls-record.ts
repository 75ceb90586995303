// Records of TLS, cut out of one direction of a stream as its octets come (RFC 8446 §5.1).
import { concatBytes, DecodeError } from '../../core/index.ts';
import { hex, tlsTypeName } from './tls-code-points.ts';

/** A record as it stands in the stream. */
export interface TlsRecord {
  readonly contentType: number;
  /** As written: 1.2 and below stand for later versions too. */
  readonly version: number;
  /** Octet of this direction's stream at which it begins. */
  readonly at: number;
  /** Its five first octets. */
  readonly header: Uint8Array;
  readonly fragment: Uint8Array;
}

/** Octets of the header. */
export const tlsHeaderOctets = 5;

/** Longest fragment: 2^14 octets of data, and what a cipher of TLS 1.2 may add. */
const maximumFragment = 16_384 + 2048;

/** Types of records that exist. */
const [firstType, lastType] = [20, 24];

/** One direction of a connection. */
export class TlsRecordCutter {
  #rest: Uint8Array = new Uint8Array(0);
  #at = 0;
  #error: DecodeError | undefined;

  /** Why nothing is cut any more. */
  get error(): DecodeError | undefined {
    return this.#error;
  }

  /** Octets of a record that is not whole yet. */
  get left(): number {
    return this.#rest.length;
  }

  /** Where the next record begins. */
  get at(): number {
    return this.#at;
  }

  /** The records that end in the next octets. After an `error` there are none. */
  feed(octets: Uint8Array): readonly TlsRecord[] {
    if (this.#error !== undefined) return [];
    const all = this.#rest.length === 0 ? octets : concatBytes(this.#rest, octets);
    const records: TlsRecord[] = [];
    let from = 0;
    while (all.length - from >= tlsHeaderOctets) {
      const [contentType = 0, major = 0, minor = 0, high = 0, low = 0] = all.subarray(
        from,
        from + tlsHeaderOctets,
      );
      const length = high * 256 + low;
      this.#error = this.#faultOf(contentType, major, length);
      if (this.#error !== undefined) break;
      const end = from + tlsHeaderOctets + length;
      if (end > all.length) break;
      records.push({
        contentType,
        version: major * 256 + minor,
        at: this.#at,
        header: all.slice(from, from + tlsHeaderOctets),
        fragment: all.slice(from + tlsHeaderOctets, end),
      });
      this.#at += end - from;
      from = end;
    }
    this.#rest = this.#error === undefined ? all.slice(from) : new Uint8Array(0);
    return records;
  }

  #faultOf(contentType: number, major: number, length: number): DecodeError | undefined {
    const error = (code: 'BAD_VALUE' | 'LIMIT', detail: string, path: string, by: number): DecodeError =>
      new DecodeError(
        code,
        detail,
        { path, offset: this.#at + by, bit: 0 },
        { doc: 'RFC 8446', section: '5.1' },
      );
    if (contentType < firstType || contentType > lastType) {
      return error('BAD_VALUE', `${tlsTypeName(contentType)} is no type of a TLS record`, 'record.type', 0);
    }
    if (major !== 3) return error('BAD_VALUE', `${hex(major, 2)} is no version of TLS`, 'record.version', 1);
    if (length > maximumFragment) {
      return error('LIMIT', `${length} octets, a record has at most ${maximumFragment}`, 'record.length', 3);
    }
    return undefined;
  }
}

/** Whether octets begin like a record of TLS; for a stream whose port says nothing. */
export function isTls(octets: Uint8Array): boolean {
  const [type = 0, major = 0, minor = 0, high = 0, low = 0] = octets;
  if (octets.length < tlsHeaderOctets || type < firstType || type > lastType || major !== 3 || minor > 4)
    return false;
  const length = high * 256 + low;
  return length > 0 && length <= maximumFragment;
}
