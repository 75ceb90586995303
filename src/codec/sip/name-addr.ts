// The value of From, To, Contact, Route and their like (RFC 3261 §20.10, §25.1).
import { ValueError } from '../../core/index.ts';
import { FieldReader, type FieldValue } from './field-reader.ts';
import {
  noParameters,
  quote,
  readParameters,
  type SipParameters,
  unquote,
  writeParameters,
} from './parameters.ts';

/** A URI with a name for people and parameters of the header field. */
export interface NameAddr {
  /** Without quotes; absent when there is none. */
  readonly displayName?: string;
  /** Of any scheme, as text, without angle brackets. */
  readonly uri: string;
  /** Those outside of the angle brackets. */
  readonly parameters: SipParameters;
}

/**
 * Reads one element. Without angle brackets all parameters belong to the header field, not to the URI (§20.10).
 * @throws {DecodeError} BAD_VALUE
 */
export function readNameAddr(field: FieldValue): NameAddr {
  const reader = new FieldReader(field, '20.10');
  reader.space();
  let displayName: string | undefined;
  if (reader.peek() === '"') {
    displayName = unquote(reader.quoted());
  } else if (reader.peek() !== '<') {
    const start = reader.at;
    const uri = reader.run(';,<>"');
    // A scheme makes it a URI; otherwise these are the words of a name.
    if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(uri)) return { uri, parameters: readParameters(reader) };
    displayName = uri;
    for (;;) {
      const space = reader.space();
      if (reader.peek() === '<') break;
      const word = reader.run(';,<>"');
      if (!space || word === '')
        throw reader.error('neither a URI nor a name in front of one', 'BAD_VALUE', start);
      displayName += ` ${word}`;
    }
  }
  reader.expect('<');
  const start = reader.at;
  const uri = reader.run('<>"');
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:./.test(uri)) throw reader.error('not a URI', 'BAD_VALUE', start);
  reader.expect('>');
  const parameters = readParameters(reader);
  return displayName === undefined ? { uri, parameters } : { displayName, uri, parameters };
}

/** The element as text, the URI in angle brackets. @throws {ValueError} BAD_FORMAT for what would break out of it */
export function formatNameAddr(
  value: { readonly displayName?: string; readonly uri: string; readonly parameters?: SipParameters },
  path = 'uri',
): string {
  const { displayName, uri, parameters = noParameters } = value;
  if (/[^\x21-\x7e]|[<>"]/.test(uri)) {
    throw new ValueError('BAD_FORMAT', 'a URI holds no white space, quotes or angle brackets', path);
  }
  const name = displayName === undefined ? '' : `${quote(displayName)} `;
  return `${name}<${uri}>${writeParameters(parameters, path)}`;
}
