// Parameters behind a semicolon, and quoted strings (RFC 3261 §7.3.1, §25.1).
import { ValueError } from '../../core/index.ts';
import { type FieldReader, isToken } from './field-reader.ts';

/**
 * Parameters by name in lower case. A value stands as on the wire, with its quotes; `null` is a name without a value, as
 * in `;lr`.
 */
export type SipParameters = ReadonlyMap<string, string | null>;

/** No parameters. */
export const noParameters: SipParameters = new Map();

/** Parameters in one element, at most. */
const maxParameters = 64;

/** Reads what follows up to the end. @throws {DecodeError} for a name twice, or anything that is no parameter */
export function readParameters(reader: FieldReader): SipParameters {
  if (reader.atEnd) return noParameters;
  const parameters = new Map<string, string | null>();
  while (reader.skip(';')) {
    const start = reader.at;
    const name = reader.token('parameter name').toLowerCase();
    if (parameters.has(name)) throw reader.error(`parameter ${name} stands twice`, 'BAD_VALUE', start);
    if (parameters.size >= maxParameters) {
      throw reader.error(`more than ${maxParameters} parameters`, 'LIMIT', start);
    }
    let value: string | null = null;
    if (reader.skip('=')) {
      value = reader.peek() === '"' ? reader.quoted() : reader.run(';,<>"');
      if (value === '') throw reader.error(`parameter ${name} has no value behind its "="`);
    }
    parameters.set(name, value);
  }
  reader.end();
  return parameters;
}

/**
 * `;name=value` for each parameter.
 * @throws {ValueError} BAD_FORMAT for a name that is no token, or a value that would be read as something else
 */
export function writeParameters(parameters: SipParameters, path = 'parameters'): string {
  let text = '';
  for (const [name, value] of parameters) {
    if (!isToken(name)) {
      throw new ValueError('BAD_FORMAT', `${JSON.stringify(name)} is not a parameter name`, path);
    }
    if (value !== null && !isQuoted(value) && !/^[^\s;,<>"]+$/.test(value)) {
      throw new ValueError('BAD_FORMAT', `${JSON.stringify(value)} has to be quoted`, `${path}.${name}`);
    }
    text += value === null ? `;${name}` : `;${name}=${value}`;
  }
  return text;
}

/** A quoted string that stands for `text`. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** What a value stands for: a quoted string without quotes and escapes, another value as it is. */
export function unquote(value: string): string {
  return isQuoted(value) ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value;
}

/** Value of a parameter without quotes; an empty text for one that has none; `undefined` when it is absent. */
export function parameter(parameters: SipParameters, name: string): string | undefined {
  const value = parameters.get(name);
  return value === null ? '' : value === undefined ? undefined : unquote(value);
}

function isQuoted(value: string): boolean {
  return /^"(?:[^"\\]|\\.)*"$/s.test(value);
}
