// SIP messages as data: a start line, header fields in order, a body (RFC 3261 §7).

/** One header field row. */
export interface SipHeader {
  /** As registered for names that we know, whatever the peer wrote (`v`, `VIA` and `Via` are `Via`); else as sent. */
  readonly name: string;
  /** The value without white space around it; a line break of folding stands as spaces. */
  readonly value: string;
  /** Octet of the input at which the value starts; absent in a message that was not read. */
  readonly offset?: number;
}

/** A request. */
export interface SipRequest {
  readonly kind: 'request';
  /** Case-sensitive, for example `MESSAGE`. */
  readonly method: string;
  /** As text: it may be of any scheme. */
  readonly requestUri: string;
  readonly headers: readonly SipHeader[];
  readonly body: Uint8Array;
}

/** A response. */
export interface SipResponse {
  readonly kind: 'response';
  /** 100–699. */
  readonly status: number;
  /** Reason phrase, for people. */
  readonly reason: string;
  readonly headers: readonly SipHeader[];
  readonly body: Uint8Array;
  /**
   * Names of header fields that could not be read and are left out of `headers`; absent when there are none. Only of
   * responses that were read with `responses: 'lenient'`.
   */
  readonly unreadable?: readonly string[];
}

export type SipMessage = SipRequest | SipResponse;

/** Short name of RFC 3261 in errors and annotations. */
export const sipDocument = 'RFC 3261';

/** Sizes beyond which a message is refused. */
export interface SipLimits {
  /** Octets of start line and headers together. Default 32 768. */
  readonly maxHeadOctets?: number | undefined;
  /** Header fields. Default 128. */
  readonly maxHeaders?: number | undefined;
  /** Octets of the body. Default 262 144. */
  readonly maxBody?: number | undefined;
}

/** How messages that come are read. */
export interface SipReading extends SipLimits {
  /**
   * `lenient` leaves out what cannot be read of a response (control characters, octets that are no UTF-8, lines without a
   * name) and names it in `unreadable`. Default `strict`: such a response is an error.
   */
  readonly responses?: 'strict' | 'lenient' | undefined;
}

/** Defaults of `SipLimits`. */
export const sipLimits = Object.freeze({ maxHeadOctets: 32_768, maxHeaders: 128, maxBody: 262_144 });
