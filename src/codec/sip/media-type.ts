// The value of Content-Type (RFC 3261 §20.15).
import { FieldReader, type FieldValue } from './field-reader.ts';
import { readParameters, type SipParameters } from './parameters.ts';

/** A media type. */
export interface MediaType {
  /** `type/subtype` in lower case. */
  readonly mime: string;
  readonly parameters: SipParameters;
}

/** Reads a media type. @throws {DecodeError} BAD_VALUE */
export function readMediaType(field: FieldValue): MediaType {
  const reader = new FieldReader(field, '20.15');
  reader.space();
  const type = reader.token('media type');
  reader.expect('/');
  const mime = `${type}/${reader.token('media subtype')}`.toLowerCase();
  return { mime, parameters: readParameters(reader) };
}
