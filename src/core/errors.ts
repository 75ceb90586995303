// The error families of the project: one class each, with a stable code that callers may switch on.

/** Where in the input something was found wrong. */
export interface Place {
  /** Path of the field, for example `options[2].length`; empty for the message as a whole. */
  readonly path: string;
  /** Octet offset from the start of the input, from 0. */
  readonly offset: number;
  /** Bit within that octet, 0 = most significant; 0 when the field starts on an octet. */
  readonly bit: number;
}

/** The rule that an error or a field refers to: a document's short name and its section. */
export interface SpecReference {
  /** Short name of the document, for example `DM-NOTI-1.2`. */
  readonly doc: string;
  /** Section number as printed, for example `6.2.10`. */
  readonly section: string;
}

/** Base of every error that the project throws on purpose. */
export class ReveilleError extends Error {
  /** Stable, upper-case name of what went wrong. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/**
 * What is wrong with a peer's octets: `TRUNCATED` they end too early, `BAD_VALUE` a value is not allowed,
 * `TRAILING` octets are left over, `LIMIT` a configured bound was passed, `UNSUPPORTED` valid but not handled.
 */
export type DecodeErrorCode = 'TRUNCATED' | 'BAD_VALUE' | 'TRAILING' | 'LIMIT' | 'UNSUPPORTED';

/** The peer's octets or text break a rule. */
export class DecodeError extends ReveilleError {
  declare readonly code: DecodeErrorCode;
  readonly at: Place;
  readonly spec: SpecReference;
  /** What is wrong, without the place and the section. */
  readonly detail: string;

  constructor(code: DecodeErrorCode, detail: string, at: Place, spec: SpecReference, options?: ErrorOptions) {
    const bit = at.bit === 0 ? '' : `, bit ${at.bit}`;
    const field = at.path === '' ? '' : `${at.path}: `;
    const rule = spec.section === '' ? spec.doc : `${spec.doc} §${spec.section}`;
    super(code, `${field}${detail} (byte ${at.offset}${bit}; ${rule})`, options);
    this.at = at;
    this.spec = spec;
    this.detail = detail;
  }
}

/**
 * What is wrong with our own caller's value: `MISSING` a required one, `UNKNOWN_FIELD` not one of ours, `WRONG_TYPE`,
 * `OUT_OF_RANGE`, `TOO_LONG` for its length field or the carrier, `BAD_FORMAT` text that does not parse.
 */
export type ValueErrorCode =
  | 'MISSING'
  | 'UNKNOWN_FIELD'
  | 'WRONG_TYPE'
  | 'OUT_OF_RANGE'
  | 'TOO_LONG'
  | 'BAD_FORMAT';

/** A value given by our caller (JSON, option, argument) cannot be used. */
export class ValueError extends ReveilleError {
  declare readonly code: ValueErrorCode;
  /** Path of the value, for example `requestedMo[0]`; empty for the value as a whole. */
  readonly path: string;
  readonly spec: SpecReference | undefined;
  /** What is wrong, without the path and the section. */
  readonly detail: string;

  constructor(code: ValueErrorCode, detail: string, path = '', spec?: SpecReference, options?: ErrorOptions) {
    const rule = spec === undefined ? '' : ` (${spec.doc} §${spec.section})`;
    super(code, `${path === '' ? '' : `${path}: `}${detail}${rule}`, options);
    this.path = path;
    this.spec = spec;
    this.detail = detail;
  }
}

/** A carrier (socket, SMSC, gateway) did not take a push. */
export class PushError extends ReveilleError {
  /** True when the same push may succeed later. */
  readonly retryable: boolean;
  /**
   * True when it is certain that the carrier did not take the push, so that another one may get it at once. False says
   * nothing: an answer may be lost.
   */
  readonly notTaken: boolean;

  constructor(
    code: string,
    message: string,
    retryable: boolean,
    { notTaken = false, ...options }: ErrorOptions & { readonly notTaken?: boolean } = {},
  ) {
    super(code, message, options);
    this.retryable = retryable;
    this.notTaken = notTaken;
  }
}

/** The store could not keep or give what was asked. */
export class StoreError extends ReveilleError {}

/** Flags, environment or a configuration file cannot be used as they are. */
export class ConfigError extends ReveilleError {
  constructor(message: string, options?: ErrorOptions) {
    super('CONFIG', message, options);
  }
}

/** The `code` of a system error, also of several that stand for one attempt; else `UNKNOWN`. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code === 'string') return code;
  return error instanceof AggregateError && error.errors.length > 0 ? codeOf(error.errors[0]) : 'UNKNOWN';
}

/** What an error says; of what was thrown and is none, its text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
